"""A real JupyterLab in headless Chromium: `lab` starts one for the session, and gives pages to act on."""

from collections.abc import Iterator

import pytest

from tests.browser.jupyter import Chromium, Lab, Server
from tests.conftest import chromium


@pytest.fixture(scope="session")
def jupyter_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One JupyterLab for all browser tests, in a temporary folder with settings of its own."""
    with Server(tmp_path_factory.mktemp("jupyter")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium_browser() -> Iterator[Chromium]:
    """One headless Chromium for all browser tests."""
    program = chromium()
    assert program is not None  # a test marked `browser` does not come here without one
    with Chromium(program) as browser:
        yield browser


@pytest.fixture
def lab(jupyter_server: Server, chromium_browser: Chromium) -> Iterator[Lab]:
    """Opens notebooks; whatever the test opened is closed afterwards, kernels too."""
    with Lab(jupyter_server, chromium_browser) as lab:
        yield lab
