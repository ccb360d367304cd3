"""The browser tests' own tool is seen to work: cells run, outputs are read, a stopped kernel leaves the page."""

import json

import pytest

pytestmark = pytest.mark.browser

SLIDER = """
import ipywidgets
slider, button = ipywidgets.IntSlider(3, 0, 10), ipywidgets.Button(description="more")
button.on_click(lambda _: setattr(slider, "value", slider.value + 1))
ipywidgets.VBox([slider, button])
"""


def test_runs_cells_and_reads_outputs(lab):
    notebook = lab.open_cells(["x = 20 + 1", "import time; time.sleep(0.5); print(x * 2)", "undefined_name"])
    notebook.run_all()
    assert notebook.output(1).inner_text().strip() == "42"
    assert notebook.cell_errors() == ["NameError: name 'undefined_name' is not defined"]
    assert notebook.value("x") == "21"
    notebook.run_cell(0)
    assert notebook.value("x") == "21"


def test_a_widget_lives_and_the_page_outlives_the_kernel(lab):
    notebook = lab.open_cells([SLIDER])
    notebook.run_all()
    notebook.page.get_by_role("button", name="more").click()
    notebook.wait_for("() => document.querySelector('.jp-OutputArea-output .widget-readout').textContent === '4'")
    assert notebook.value("slider.value") == "4"
    notebook.stop_kernel()
    assert notebook.kernel_id() is None
    assert notebook.output(0).locator(".widget-readout").inner_text() == "4"
    notebook.screenshot("jupyter-after-the-kernel")


def test_theme_and_saving(lab):
    notebook = lab.open_cells(["print('kept')"])
    notebook.run_all()
    for name in ("dark", "light"):
        notebook.theme(name)
    saved = json.loads(notebook.save().read_text())
    assert saved["cells"][0]["outputs"][0]["text"] == ["kept\n"]
    assert notebook.errors == []
