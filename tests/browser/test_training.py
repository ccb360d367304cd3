"""A training run in a real JupyterLab: the pictures move while the cell runs, and the buttons act while it runs."""

import json
import statistics
import time

import nbformat
import pytest

from pytorch_tutor_lessons.paths import notebooks

pytestmark = pytest.mark.browser

SHOW = """
import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor_widgets import LossCurve, ParameterHistogram

torch.manual_seed(0)
x = torch.randn(256, 20)
y = (x[:, 0] * x[:, 1] > 0).long()
model = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 2))
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
criterion = nn.CrossEntropyLoss()
batches = [(x[k : k + 32], y[k : k + 32]) for k in range(0, 256, 32)]

curve = LossCurve("<b>two</b> classes", lang={lang!r})
histogram = ParameterHistogram(model, lang={lang!r})
display(curve, histogram)
"""
TRAIN = """
import time

def evaluate():
    with torch.no_grad():
        output = model(x)
    return {"validation loss": criterion(output, y), "accuracy": (output.argmax(1) == y).float().mean()}

ended = None
for inputs, labels in curve.track(batches, epochs=100_000, evaluate=evaluate, optimizer=optimizer, histogram=histogram):
    loss = criterion(model(inputs), labels)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    curve.add({"training loss": loss})
ended = time.time()
print("after the loop:", curve.state)
"""
POINTS = "() => Number(document.querySelector('.pt-curve')?.dataset.points ?? 0)"
MOVING = """() => [
    document.querySelector('.pt-curve').dataset.points,
    document.querySelector('.pt-curve svg.pt-curve-svg .pt-curve-line').getAttribute('d'),
    document.querySelector('.pt-histogram').dataset.batches,
    document.querySelector('.pt-histogram .pt-histogram-weights .pt-above').getAttribute('d'),
    document.querySelector('.pt-histogram .pt-histogram-gradient .pt-above').getAttribute('d'),
]"""
STATE = "state => document.querySelector('.pt-curve')?.dataset.state === state"


def training(lab, lang="en", cells=(), **options):
    """A notebook whose second cell trains, for ever if nobody stops it."""
    notebook = lab.open_cells([SHOW.format(lang=lang), TRAIN, *cells], **options)
    notebook.run_cell(0)
    assert notebook.cell_errors() == []
    notebook.wait_for("() => document.querySelector('.pt-histogram tbody')")
    notebook.run_cell(1, wait=False)
    notebook.wait_for(POINTS)
    return notebook


def press(notebook, key):
    notebook.page.locator(f".pt-curve [data-key={key}]").click()


def stop(notebook):
    """Press Stop, wait for the cell's end, and return how long the loop went on after the click, in seconds."""
    clicked = notebook.page.evaluate(
        "() => { document.querySelector('.pt-curve [data-key=stop]').click(); return Date.now() / 1000; }"
    )
    notebook.wait_until_run(30)
    return float(notebook.value("ended")) - clicked


def test_curve_and_histograms_move_while_the_cell_runs_and_stop_ends_it(lab):
    notebook = training(lab)
    notebook.wait_for("() => Number(document.querySelector('.pt-histogram').dataset.batches) > 0")
    look = """async () => {
        const curve = document.querySelector('.pt-curve'), histogram = document.querySelector('.pt-histogram');
        const seen = {curve: new Set(), path: new Set(), bars: new Set(), progress: new Set()};
        const start = performance.now();
        const passed = seconds => performance.now() - start > 1000 * seconds;
        // Three seconds for the curve; longer, if need be, for the histograms, which save time for the training.
        while (!passed(3) || (seen.bars.size < 3 && !passed(30))) {
            if (!passed(3)) {
                seen.curve.add(curve.dataset.points);
                seen.path.add(curve.querySelector('svg.pt-curve-svg .pt-curve-line').getAttribute('d'));
                seen.progress.add(curve.querySelector('.pt-curve-line-text').textContent);
            }
            seen.bars.add(histogram.querySelector('.pt-above').getAttribute('d'));
            await new Promise(done => requestAnimationFrame(done));
        }
        // Not the kernel's status: JupyterLab's messages on other threads can make that "idle" in the middle of a cell.
        const cell = document.querySelectorAll('.jp-Notebook .jp-Cell')[1];
        const sizes = Object.entries(seen).map(([key, set]) => [key, set.size]);
        return {...Object.fromEntries(sizes), prompt: cell.querySelector('.jp-InputPrompt').textContent};
    }"""
    seen = notebook.page.evaluate(look)
    print("pictures in three seconds:", seen)
    assert seen["prompt"] == "[*]:"
    assert seen["curve"] >= 3 * 5  # measured 25 to 30 a second; a crowded machine gives fewer
    assert seen["path"] >= 3 * 5
    assert seen["bars"] >= 3
    assert seen["progress"] >= 3 * 5
    text = notebook.page.locator(".pt-curve-line-text").inner_text()
    assert "epoch" in text
    assert "left" in text
    assert "samples/s" in text
    notebook.screenshot("training-running")

    delay = stop(notebook)
    assert delay < 1
    assert notebook.output(1).inner_text().strip() == "after the loop: stopped"
    assert notebook.page.locator(".pt-curve .pt-live-badge").inner_text() == "Stopped by you"
    assert notebook.cell_errors() == []
    assert notebook.errors == []
    # The names are text, whatever they look like.
    assert notebook.page.locator(".pt-curve .pt-live-title").inner_text() == "<b>two</b> classes"
    assert notebook.page.locator(".pt-curve b").count() == 0


def test_stop_is_quick_again_and_again(lab):
    notebook = training(lab)
    delays = [stop(notebook)]
    for _ in range(4):
        notebook.run_cell(1, wait=False)
        notebook.wait_for(STATE, argument="running")
        delays.append(stop(notebook))
    print("from the click to the end of the loop, in ms:", [round(1000 * delay) for delay in delays])
    assert statistics.median(delays) < 0.2
    assert max(delays) < 1


def test_pause_resume_and_learning_rate_while_the_cell_runs(lab):
    notebook = training(lab)
    press(notebook, "pause")
    notebook.wait_for(STATE, argument="paused", timeout=3)
    before = notebook.page.evaluate(POINTS)
    rate = notebook.page.locator(".pt-curve [data-key=rate]")
    rate.fill("0.0125")
    rate.press("Enter")
    time.sleep(0.3)
    assert notebook.page.evaluate(POINTS) == before
    press(notebook, "pause")
    notebook.wait_for(STATE, argument="running", timeout=3)
    notebook.wait_for(f"before => ({POINTS})() > before + 5", argument=before)
    stop(notebook)
    assert float(notebook.value("optimizer.param_groups[0]['lr']")) == 0.0125


def test_keyboard_table_and_saved_text(lab):
    notebook = training(lab)
    time.sleep(1)
    stop(notebook)
    plot = notebook.page.locator(".pt-curve-plot")
    plot.focus()
    notebook.page.keyboard.press("Home")
    notebook.wait_for("() => document.querySelector('.pt-curve-at').textContent === 'batch 1'")
    first = plot.get_attribute("aria-valuetext")
    assert first.startswith("batch 1: training loss ")
    notebook.page.keyboard.press("End")
    notebook.wait_for(
        "first => document.querySelector('.pt-curve-plot').getAttribute('aria-valuetext') !== first", argument=first
    )
    notebook.page.keyboard.press("Escape")
    notebook.wait_for("() => document.querySelector('.pt-curve-at').textContent === ''")

    notebook.page.locator(".pt-curve summary", has_text="The numbers as a table").click()
    notebook.wait_for("() => document.querySelectorAll('.pt-curve tbody tr').length === 3")
    names = notebook.page.locator(".pt-curve tbody th").all_inner_texts()
    assert names == ["training loss", "validation loss", "accuracy"]

    notebook.page.locator(".pt-histogram input[type=search]").fill("2.w")
    notebook.wait_for("() => document.querySelector('.pt-histogram-foot').textContent.includes('1 of 4 shown')")

    # The plot goes on working with no kernel at all.
    notebook.stop_kernel()
    notebook.page.locator(".pt-curve label", has_text="Log scale").click()
    notebook.page.locator(".pt-curve label", has_text="Smooth").click()
    notebook.wait_for("() => document.querySelectorAll('.pt-curve .pt-strong').length >= 1")
    # ipywidgets notes that it could not tell the stopped kernel about the two boxes; nothing else may have gone wrong.
    assert [error for error in notebook.errors if "Could not send widget sync message" not in error] == []

    saved = json.loads(notebook.save().read_text())
    texts = ["".join(output["data"]["text/plain"]) for output in saved["cells"][0]["outputs"]]
    assert texts[0].startswith("<b>two</b> classes: Stopped by you")
    assert "training loss" in texts[0]
    assert "▁" in texts[0]
    assert "2.weight" in texts[1]


@pytest.mark.parametrize(("lang", "word"), [("en", "Training"), ("zh", "训练中")])
def test_both_languages_light_and_dark(lab, lang, word):
    notebook = training(lab, lang)
    notebook.wait_for(f"() => ({POINTS})() > 400")
    assert notebook.page.locator(".pt-curve .pt-live-badge").inner_text() == word
    for theme in ("light", "dark"):
        notebook.theme(theme)
        notebook.wait_for(
            "theme => [...document.querySelectorAll('.pt-live')].every(root => root.dataset.theme === theme)",
            argument=theme,
        )
        notebook.screenshot(f"curve-{lang}-{theme}", notebook.page.locator(".pt-curve"))
        notebook.screenshot(f"histogram-{lang}-{theme}", notebook.page.locator(".pt-histogram"))
    stop(notebook)


def test_a_second_view_and_a_page_loaded_anew_show_everything(lab):
    notebook = training(lab, cells=["curve"])
    time.sleep(1)
    stop(notebook)
    notebook.run_cell(2)
    notebook.wait_for("() => document.querySelectorAll('.pt-curve').length === 2")
    points = notebook.page.evaluate(POINTS)
    assert points > 50
    every = (
        "points => [...document.querySelectorAll('.pt-curve')].every(root => Number(root.dataset.points) === points)"
    )
    notebook.wait_for(every, argument=points)
    notebook.save()
    notebook.load()
    notebook.wait_for("() => document.querySelectorAll('.pt-curve').length === 2", timeout=20)
    notebook.wait_for(every, argument=points)
    assert notebook.page.locator(".pt-curve").first.get_attribute("data-state") == "stopped"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_lesson_on_convolutional_networks(lab, tmp_path, lang):
    """The lesson itself, on a small generated data set: it moves while its cell runs, and Stop lets the rest go on."""
    source = notebooks(lang) / "07_cnn.ipynb"
    document = nbformat.read(source, as_version=4)
    small = "cifar10_or_standin(root='data', standin=True, train_size=1280, test_size=256, "
    for cell in document.cells:
        cell.source = cell.source.replace("cifar10_or_standin(train", small + "train")
        cell.source = cell.source.replace("EPOCHS = 4", "EPOCHS = 99")
    copy = tmp_path / source.name
    nbformat.write(document, copy)
    notebook = lab.open(copy)
    notebook.run_all(wait=False)
    notebook.wait_for("() => Number(document.querySelector('.pt-histogram')?.dataset.batches) > 0", timeout=120)
    for _ in range(2):
        seen = notebook.page.evaluate(MOVING)
        moved = f"seen => {{ const now = ({MOVING})(); return now.every((it, k) => it !== seen[k]); }}"
        notebook.wait_for(moved, timeout=60, argument=seen)
    state = "() => document.querySelector('.pt-curve').dataset.state"
    assert notebook.page.evaluate(state) == "running", notebook.cell_errors()
    notebook.screenshot(f"lesson-training-{lang}", notebook.page.locator(".pt-curve"))
    notebook.screenshot(f"lesson-histogram-{lang}", notebook.page.locator(".pt-histogram"))
    delay = notebook.page.evaluate(
        """async () => {
            const start = performance.now();
            document.querySelector('.pt-curve [data-key=stop]').click();
            while (document.querySelector('.pt-curve').dataset.state !== 'stopped') {
                if (performance.now() - start > 20000) throw new Error('Stop was not heard');
                await new Promise(done => setTimeout(done, 5));
            }
            return (performance.now() - start) / 1000;
        }"""
    )
    notebook.wait_until_run(120)
    batch = float(notebook.value("curve._run.progress.elapsed / curve._run.progress.done"))
    print(f"{lang}: Stop took {delay:.3f} s, a batch {batch:.3f} s")
    assert delay < 1 + 2 * batch  # after the present batch; on a quiet machine a batch takes less than 0.2 s
    assert notebook.cell_errors() == []
    assert notebook.value("curve.state") == "'stopped'"
    assert "accuracy" in notebook.page.locator(".jp-Notebook").inner_text()
