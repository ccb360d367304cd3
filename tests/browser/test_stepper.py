"""BackwardStepper and GraphInspector in a real JupyterLab: by mouse and by keyboard, with the kernel and without."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, TimeoutError, expect

from tests.browser.jupyter import Lab, NotebookPage

pytestmark = pytest.mark.browser

LESSON = Path(__file__).parents[2] / "lessons" / "en" / "03_autograd.ipynb"
SETUP = """
import pytorch_tutor as torch
from pytorch_tutor_widgets import BackwardStepper, GraphInspector
w = torch.tensor(2.0, requires_grad=True)
b = torch.tensor(1.0, requires_grad=True)
x, y = torch.tensor(3.0), torch.tensor(9.0)
loss = (w * x + b - y) ** 2
"""


def shown(notebook: NotebookPage, kind: str = "stepper") -> Locator:
    """The first widget of a kind, in sight."""
    widget = notebook.page.locator(f".pt-{kind}").first
    try:
        widget.wait_for()
    except TimeoutError as error:
        raise AssertionError(
            f"no {kind} appeared; the cells said {notebook.cell_errors()}, the page {notebook.errors}"
        ) from error
    widget.scroll_into_view_if_needed()
    return widget


def press(widget: Locator, *keys: str) -> None:
    widget.locator("input").focus()
    for key in keys:
        widget.page.keyboard.press(key)


def sentence(widget: Locator) -> Locator:
    return widget.locator(".pt-sentence")


def node(widget: Locator, name: str) -> Locator:
    """The box with a title or a name."""
    text = widget.page.locator("text.pt-title, text.pt-name", has_text=re.compile(f"(^|\\W){name}$"))
    return widget.locator(".pt-node").filter(has=text)


def complaints(notebook: NotebookPage) -> list[str]:
    """What the browser reported as an error, apart from what is so without a kernel, and files that JupyterLab misses."""
    expected = ("404", "favicon", "Could not send widget sync message")
    return [error for error in notebook.errors if not any(words in error for words in expected)]


def test_the_autograd_lesson_steps_with_and_without_a_kernel(lab: Lab) -> None:
    if not LESSON.exists():
        pytest.fail(f"{LESSON} is missing")
    notebook = lab.open(LESSON)
    notebook.run_all(timeout=240)
    stepper = shown(notebook)
    count = int(stepper.locator("input").get_attribute("max") or 0)
    assert count >= 3
    press(stepper, "Home")  # the lesson's own code has gone to the end
    said = [sentence(stepper).inner_text()]
    pictures = [stepper.locator(".pt-canvas").inner_html()]
    for _ in range(2):
        stepper.locator(".pt-next").click()
        said.append(sentence(stepper).inner_text())
        pictures.append(stepper.locator(".pt-canvas").inner_html())
    assert len(set(said)) == len(set(pictures)) == 3  # words and picture both change
    stepper.get_by_role("button", name="Previous step").click()
    expect(sentence(stepper)).to_have_text(said[1])
    assert stepper.locator(".pt-canvas").inner_html() == pictures[1]

    notebook.stop_kernel()
    notebook.wait_for("() => !window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel")
    press(stepper, "End")
    expect(stepper.locator(".pt-counter")).to_have_text(f"{count} / {count}")
    press(stepper, "Home")
    expect(sentence(stepper)).to_have_text(said[0])
    press(stepper, "ArrowRight", "ArrowRight")
    expect(sentence(stepper)).to_have_text(said[2])
    assert complaints(notebook) == []


def test_stepping_by_mouse_keyboard_scrubber_table_and_python(lab: Lab) -> None:
    notebook = lab.open_cells([SETUP, "stepper = BackwardStepper(loss, lang='en')\nstepper", "after = 1"])
    notebook.run_all()
    stepper = shown(notebook)
    counter = stepper.locator(".pt-counter")
    assert notebook.value("w.grad, b.grad") == "(None, None)"

    # By the keyboard, and the kernel's .grad follows. The arrow keys do not reach the notebook.
    active = "() => window.jupyterapp.shell.currentWidget.content.activeCellIndex"
    stepper.locator(".pt-next").click()
    cell = notebook.page.evaluate(active)
    press(stepper, "ArrowDown", "ArrowUp", "ArrowRight", "ArrowRight", "ArrowRight")
    expect(sentence(stepper)).to_have_text("Step 4 of 6: b receives -4.0; b.grad is now -4.0.")
    assert notebook.page.evaluate(active) == cell
    assert notebook.value("w.grad, b.grad") == "(None, tensor(-4.))"

    # A step: the node that runs, its rule with the numbers, the edge with its number, the source line.
    press(stepper, "ArrowRight")
    expect(node(stepper, "mul")).to_have_attribute("data-state", "active")
    card = stepper.locator(".pt-card")
    laws = [math.get_attribute("aria-label") for math in card.locator(".pt-sends math").all()]
    assert {"ā = g b", "ā = -4.0 · 3.0 = -12.0"} <= set(laws)
    assert "loss = (w * x + b - y) ** 2" in card.inner_text()
    expect(stepper.locator(".pt-chip .pt-number")).to_have_class("pt-number pt-neg")
    expect(stepper.locator(".pt-edge[data-state='active']")).to_have_count(1)

    press(stepper, "End")
    assert notebook.value("w.grad, b.grad") == "(tensor(-12.), tensor(-4.))"
    expect(node(stepper, "w").locator(".pt-grad .pt-number")).to_have_text("-12.0")
    expect(stepper.locator(".pt-done")).to_be_visible()
    press(stepper, "Home")
    assert notebook.value("w.grad, b.grad") == "(None, None)"

    # By Python.
    notebook.value("stepper.goto(3)")
    expect(sentence(stepper)).to_have_text(
        "Step 3 of 6: AddBackward0 receives -4.0 and sends -4.0 to MulBackward0 and -4.0 to b."
    )

    # By the scrubber, by the table, by selecting a node.
    stepper.locator("input").fill("6")
    expect(counter).to_have_text("6 / 6")
    stepper.locator("summary").click()
    rows = stepper.locator("tbody tr")
    expect(rows).to_have_count(6)
    rows.nth(4).get_by_role("button").click()
    expect(rows.nth(4)).to_have_attribute("aria-current", "step")
    assert "-12.0 to w" in rows.nth(4).inner_text()
    node(stepper, "sub").click()
    expect(card).to_contain_text("SubBackward0")
    card.get_by_role("button", name="Go to its step (2)").click()
    expect(counter).to_have_text("2 / 6")

    # Playing goes on to the end and stops there.
    press(stepper, " ")
    expect(stepper.get_by_role("button", name="Pause")).to_be_visible()
    expect(counter).to_have_text("6 / 6", timeout=20_000)
    expect(stepper.get_by_role("button", name="Play")).to_be_visible()
    assert complaints(notebook) == []

    # The saved notebook has a text for whoever has no widget.
    saved = notebook.save()
    assert "Step 1 of 6: PowBackward0 receives 1.0" in saved.read_text(encoding="utf-8")
    assert saved.stat().st_size < 150_000
    again = lab.open_in_place(notebook.path)  # a fresh page and kernel, in which no cell has run
    reopened = shown(again)
    press(reopened, "Home", "ArrowRight")
    expect(sentence(reopened)).to_have_text("Step 1 of 6: PowBackward0 receives 1.0 and sends -4.0 to SubBackward0.")


def test_the_inspector_and_text_that_looks_like_html(lab: Lab) -> None:
    name = "<img src=x onerror=window.hacked=1>"
    formula = (
        """<math><mtext><img src="x" onerror="window.hacked=1"/></mtext><mi onclick="window.hacked=1">q</mi></math>"""
    )
    forged = (
        f"stepper = BackwardStepper(w * 3.0, names={{{name!r}: w}}, lang='en')\n"
        "trace = dict(stepper.trace)\n"
        f"trace['rules'] = [{{**rule, 'formula': {{'mathml': {formula!r}, 'text': 'q'}}}} for rule in trace['rules']]\n"
        "stepper.trace = trace\n"
        "stepper"
    )
    notebook = lab.open_cells([SETUP, "GraphInspector(loss, lang='en')", forged])
    notebook.run_all()
    inspector = shown(notebook, "inspector")
    panel = inspector.locator(".pt-panel")
    expect(panel).to_contain_text("PowBackward0")
    node(inspector, "mul").click()
    expect(panel).to_contain_text("MulBackward0")
    expect(panel).to_contain_text("loss = (w * x + b - y) ** 2")
    notebook.page.mouse.move(5, 5)
    notebook.page.keyboard.press("ArrowLeft")
    expect(panel.locator("h4")).to_have_text("w")
    notebook.page.keyboard.press("ArrowRight")
    expect(panel).to_contain_text("MulBackward0")
    node(inspector, "sub").hover()
    expect(panel).to_contain_text("SubBackward0")

    stepper = shown(notebook)
    press(stepper, "ArrowRight")
    drawn = stepper.locator(".pt-runs math")
    expect(drawn).to_have_text("q")
    assert drawn.locator("img").count() == 0
    assert drawn.locator("mi").get_attribute("onclick") is None
    press(stepper, "End")
    expect(sentence(stepper)).to_contain_text(f"{name}.grad is now 3.0")
    assert notebook.page.evaluate("() => window.hacked") is None
    assert notebook.page.locator(".pt-root img[src='x']").count() == 0
    assert complaints(notebook) == []


def test_languages_themes_and_widths(lab: Lab) -> None:
    notebook = lab.open_cells([SETUP, "BackwardStepper(loss, lang='zh')"])
    notebook.run_all()
    stepper = shown(notebook)
    press(stepper, "ArrowRight")
    expect(sentence(stepper)).to_have_text("第 1 步，共 6 步：PowBackward0 收到 1.0，把 -4.0 发给 SubBackward0。")
    for theme in ("dark", "light"):
        notebook.theme(theme)
        expect(stepper).to_have_attribute("data-theme", theme)
        for key in ("ArrowRight", "End", "Home", "ArrowRight"):
            press(stepper, key)
            assert contrast(stepper) >= 4.5
    notebook.command("application:toggle-left-area")
    for width in (420, 800, 1280):
        notebook.page.set_viewport_size({"width": width, "height": 900})
        parts = ".pt-card, .pt-controls, .pt-sentence, .pt-picture"
        wide = f"e => [...e.querySelectorAll('{parts}')].filter(x => x.scrollWidth > x.clientWidth + 1).map(x => x.className)"
        assert stepper.evaluate(wide) == []


def contrast(widget: Locator) -> Any:
    """The smallest contrast between a word of the card and what is behind it."""
    return widget.evaluate(
        """root => {
            const parts = color => color.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map(v => v / 255)
                .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
                .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
            const behind = node => {
                for (; node; node = node.parentElement) {
                    const [r, g, b, a = 1] = parts(getComputedStyle(node).backgroundColor);
                    if (a > 0.5) return [r, g, b];
                }
            };
            let worst = 21;
            for (const node of root.querySelectorAll('.pt-card *, .pt-sentence, .pt-controls span, summary')) {
                const words = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
                if (node.closest('svg') || !words) continue;
                const [one, two] = [light(parts(getComputedStyle(node).color)), light(behind(node))];
                worst = Math.min(worst, (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05));
            }
            return worst;
        }"""
    )
