"""What a browser test does with JupyterLab: open a notebook, run it, read its outputs, stop its kernel.

    @pytest.mark.browser
    def test_sum(lab):
        notebook = lab.open_cells(["1 + 1"])
        notebook.run_all()
        assert notebook.output(0).inner_text() == "2"

`notebook.page` is Playwright's page, for anything that is not here.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import nbformat
from jupyter_client.blocking import BlockingKernelClient
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, sync_playwright

from pytorch_tutor_lessons.lab import jupyter_command, jupyter_environment

TOKEN = "browser-tests"
START_SECONDS = 60
READY_SECONDS = 60
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


class Server:
    """A JupyterLab started by the product's own command line, with every folder of Jupyter's in a temporary place."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "notebooks"
        self.folder.mkdir(parents=True)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = home / "jupyter.log"
        settings = home / "settings" / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
        settings.parent.mkdir(parents=True)
        # Every cell is drawn, also those out of sight. To be set before a page loads: a notebook that changes over
        # while it is still being drawn may leave a cell out.
        settings.write_text(json.dumps({"windowingMode": "none"}))

    def __enter__(self) -> Self:
        command = jupyter_command(
            self.folder,
            lesson=None,
            port=self.port,
            open_browser=False,
            rest=["--expose-app-in-browser", f"--IdentityProvider.token={TOKEN}"],
        )
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, env=self._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        try:
            self._wait()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def request(self, method: str, path: str) -> Any:
        """Jupyter's REST interface, for what a test wants to know from the server's side."""
        request = urllib.request.Request(
            f"{self.url}/api/{path}", method=method, headers={"Authorization": f"token {TOKEN}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            body = answer.read()
        return json.loads(body) if body else None

    def _environment(self) -> dict[str, str]:
        folders = {
            name: str(self.home / name.lower())
            for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
        }
        folders["JUPYTERLAB_SETTINGS_DIR"] = str(self.home / "settings")
        folders["JUPYTERLAB_WORKSPACES_DIR"] = str(self.home / "workspaces")
        return jupyter_environment({**os.environ, **folders})

    def _wait(self) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                self.request("GET", "status")
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
            else:
                return
        raise RuntimeError(f"JupyterLab did not start:\n{self.log.read_text(errors='replace')[-3000:]}")


class Chromium:
    """A headless browser, painting in software."""

    def __init__(self, program: str) -> None:
        self.program = program

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        try:
            self._browser = self._playwright.chromium.launch(executable_path=self.program, args=CHROMIUM_ARGUMENTS)
        except BaseException:
            self._playwright.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def context(self, **options: Any) -> BrowserContext:
        """A fresh browser profile; options as for Playwright's `new_context`, such as `color_scheme="dark"`."""
        return self._browser.new_context(viewport={"width": 1280, "height": 900}, **options)


class Lab:
    """Opens notebooks in JupyterLab, each in a browser profile of its own, and cleans up after the test."""

    def __init__(self, server: Server, browser: Chromium) -> None:
        self.server = server
        self.browser = browser
        self._opened: list[NotebookPage] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for notebook in self._opened:
            notebook.close()
        for session in self.server.request("GET", "sessions"):
            self.server.request("DELETE", f"sessions/{session['id']}")

    def open(self, notebook: Path | str, **context_options: Any) -> "NotebookPage":
        """Copy a notebook into the server's folder and open it, ready to run; the original is never touched."""
        source = Path(notebook)
        folder = self.server.folder / f"test{time.monotonic_ns()}"
        folder.mkdir()
        target = folder / source.name
        shutil.copyfile(source, target)
        return self.open_in_place(target.relative_to(self.server.folder).as_posix(), **context_options)

    def open_cells(self, cells: list[str], name: str = "test.ipynb", **context_options: Any) -> "NotebookPage":
        """Write a notebook of these code cells and open it."""
        folder = self.server.folder / f"test{time.monotonic_ns()}"
        folder.mkdir()
        document = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in cells],
            metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
        )
        nbformat.write(document, folder / name)
        return self.open_in_place(f"{folder.name}/{name}", **context_options)

    def open_in_place(self, path: str, **context_options: Any) -> "NotebookPage":
        """Open a notebook that lies in the server's folder already, such as one that a test saved before."""
        page = NotebookPage(self, path, self.browser.context(**context_options))
        self._opened.append(page)
        page.load()
        return page


class NotebookPage:
    """One open notebook."""

    def __init__(self, lab: Lab, path: str, context: BrowserContext) -> None:
        self.lab = lab
        self.path = path
        self._context = context
        self.page: Page = context.new_page()
        self.errors: list[str] = []  # what the browser's console reported as an error
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def load(self) -> None:
        """Open the page and wait for the kernel: running cells before it is ready opens "Select Kernel" and hangs."""
        self.page.goto(f"{self.lab.server.url}/lab/tree/{quote(self.path)}?token={TOKEN}&reset", wait_until="load")
        self.page.wait_for_selector(".jp-Notebook", timeout=READY_SECONDS * 1000)
        self.page.evaluate(
            """async (seconds) => {
                const end = Date.now() + seconds * 1000;
                const pause = () => new Promise(done => setTimeout(done, 50));
                const app = window.jupyterapp;
                while (!app.shell.currentWidget?.context) {
                    if (Date.now() > end) throw new Error('no notebook is open');
                    await pause();
                }
                const context = app.shell.currentWidget.context;
                await context.ready;
                await context.sessionContext.ready;
                const kernel = () => context.sessionContext.session?.kernel;
                while (kernel()?.connectionStatus !== 'connected' || kernel()?.status !== 'idle') {
                    if (Date.now() > end) throw new Error(`the kernel is ${kernel()?.status}`);
                    await pause();
                }
            }""",
            READY_SECONDS,
        )
        self.wait_for(
            """() => {
                const content = window.jupyterapp.shell.currentWidget.content;
                return content.notebookConfig.windowingMode === 'none'
                    && content.widgets.every(cell => cell.isAttached && !cell.isPlaceholder());
            }"""
        )

    def close(self) -> None:
        """Close the browser profile. The session's kernel is ended by `Lab`."""
        self._context.close()

    def command(self, name: str) -> None:
        """Run one of JupyterLab's commands; its promise is not awaited, since it may last as long as a cell runs."""
        self.page.evaluate("name => { void window.jupyterapp.commands.execute(name); }", name)

    def run_all(self, timeout: float = 120, wait: bool = True) -> None:
        """Run every cell; by default wait for the end. Then `cell_errors()` tells what failed."""
        self._mark_unfinished()
        self.command("notebook:run-all-cells")
        if wait:
            self.wait_until_run(timeout)

    def run_cell(self, index: int, timeout: float = 120, wait: bool = True) -> None:
        """Run one cell, by its place among all cells."""
        self._mark_unfinished()
        self.page.evaluate(
            """index => {
                const notebook = window.jupyterapp.shell.currentWidget.content;
                notebook.deselectAll();
                notebook.activeCellIndex = index;
            }""",
            index,
        )
        self.command("notebook:run-cell")
        if wait:
            self.wait_until_run(timeout)

    def _mark_unfinished(self) -> None:
        self.page.evaluate(
            """() => {
                const kernel = window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel;
                window.__busySeen = false;
                kernel?.statusChanged.connect((_, status) => { if (status === 'busy') window.__busySeen = true; });
            }"""
        )

    def wait_until_run(self, timeout: float = 120) -> None:
        """Wait until the kernel was busy and has been idle, with no cell waiting, for a moment."""
        self.page.evaluate(
            """async (seconds) => {
                const end = Date.now() + seconds * 1000;
                const widget = window.jupyterapp.shell.currentWidget;
                const kernel = () => widget.context.sessionContext.session?.kernel;
                const waiting = () => widget.content.widgets.some(cell => cell.model.type === 'code'
                    && (cell.model.executionState === 'running' || cell.promptNode?.textContent.includes('*')
                        || cell.inputArea?.promptNode.textContent.includes('*')));
                let quiet = 0;
                while (quiet < 4) {
                    if (Date.now() > end) throw new Error(`cells still run after ${seconds} s`);
                    await new Promise(done => setTimeout(done, 50));
                    quiet = window.__busySeen && kernel()?.status === 'idle' && !waiting() ? quiet + 1 : 0;
                }
            }""",
            timeout,
        )

    def wait_for(self, expression: str, timeout: float = 30, argument: Any = None) -> Any:
        """Poll a JavaScript expression, or function of one argument, until it is true; return its value."""
        return self.page.evaluate(
            """async ([expression, seconds, argument]) => {
                const end = Date.now() + seconds * 1000;
                const compiled = eval(`(${expression})`);
                for (;;) {
                    const value = typeof compiled === 'function' ? await compiled(argument) : eval(`(${expression})`);
                    if (value) return value;
                    if (Date.now() > end) throw new Error(`never true in ${seconds} s: ${expression}`);
                    await new Promise(done => setTimeout(done, 50));
                }
            }""",
            [expression, timeout, argument],
        )

    def cell(self, index: int) -> Locator:
        """A cell, by its place among all cells."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def output(self, index: int) -> Locator:
        """A cell's output alone: the source above it may hold the same words."""
        return self.cell(index).locator(".jp-OutputArea-output")

    def outputs(self) -> Locator:
        """All outputs of the notebook, in order."""
        return self.page.locator(".jp-Notebook .jp-OutputArea-output")

    def cell_errors(self) -> list[str]:
        """The exceptions that cells ended in, as `NameError: ...`; the expected ones of a lesson among them."""
        return self.page.evaluate(
            """() => window.jupyterapp.shell.currentWidget.content.model.sharedModel.cells
                .flatMap(cell => cell.toJSON().outputs || [])
                .filter(output => output.output_type === 'error')
                .map(output => `${output.ename}: ${output.evalue}`)"""
        )

    def kernel_id(self) -> str | None:
        """The id of the running kernel, or None."""
        return self.page.evaluate(
            "() => window.jupyterapp.shell.currentWidget.context.sessionContext.session?.kernel?.id ?? null"
        )

    def kernel_client(self) -> Any:
        """A started `BlockingKernelClient` on this notebook's kernel, to assert the kernel's side of a click.

        Call its `stop_channels()` afterwards.
        """
        runtime = self.lab.server.home / "jupyter_runtime_dir"
        client = BlockingKernelClient(connection_file=str(runtime / f"kernel-{self.kernel_id()}.json"))
        client.load_connection_file()
        client.start_channels()
        client.wait_for_ready(timeout=30)
        return client

    def value(self, expression: str) -> str:
        """The repr of an expression in the notebook's kernel, asked from outside the page."""
        client = self.kernel_client()
        try:
            answer = client.execute_interactive(
                "", user_expressions={"it": expression}, timeout=30, store_history=False, output_hook=lambda _: None
            )
        finally:
            client.stop_channels()
        result = answer["content"]["user_expressions"]["it"]
        if result["status"] != "ok":
            raise AssertionError(f"{result['ename']}: {result['evalue']}")
        return str(result["data"]["text/plain"])

    def stop_kernel(self) -> None:
        """Shut the kernel down and leave the page as it is: what works now works without Python."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.context.sessionContext.shutdown()")

    def save(self) -> Path:
        """Save the notebook and return its place on disk."""
        self.page.evaluate("async () => { await window.jupyterapp.shell.currentWidget.context.save(); }")
        return self.lab.server.folder / self.path

    def theme(self, name: str) -> None:
        """Switch JupyterLab to its `light` or `dark` theme."""
        theme = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}[name]
        self.page.evaluate(
            "async theme => { await window.jupyterapp.commands.execute('apputils:change-theme', {theme}); }", theme
        )
        self.wait_for(f"() => document.body.dataset.jpThemeLight === '{'true' if name == 'light' else 'false'}'")

    def screenshot(self, name: str, of: Locator | None = None) -> Path:
        """A picture in tests/output (ignored by git), of the page or of one element, for eyes only."""
        target = Path(__file__).parents[1] / "output" / f"{name}.png"
        target.parent.mkdir(exist_ok=True)
        (of or self.page).screenshot(path=target)
        return target


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
