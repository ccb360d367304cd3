"""What every test starts from: one thread, no state left behind, and browser tests that say why they do not run."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.state import global_state, put_back

# Before NumPy is imported: two BLAS threads on small matrices vary twentyfold from run to run.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")
os.environ.setdefault("PYTORCH_TUTOR_OFFLINE", "1")  # no test waits for a download

ROOT = Path(__file__).resolve().parents[1]
REQUIRE_BROWSER = "PYTORCH_TUTOR_REQUIRE_BROWSER"
CHROMIUM = "PYTORCH_TUTOR_CHROMIUM"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSERS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def chromium() -> str | None:
    """The browser's program: the one that the environment names, or the first that is installed."""
    named = os.environ.get(CHROMIUM)
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, BROWSERS)), None)
    return found or next((path for path in MAC_BROWSERS if Path(path).exists()), None)


def why_no_browser() -> str | None:
    """The reason why browser tests cannot run here, or None."""
    if importlib.util.find_spec("playwright") is None:
        return "the Python package playwright is not installed (python3 start.py test installs it)"
    if chromium() is None:
        return f"no Chromium or Chrome found (install one, on Debian: apt-get install chromium, or set {CHROMIUM})"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: what fails fast, fails first, and no browser stays open beside the others."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a browser test where there is no browser, and fail it instead where the environment demands one."""
    if item.get_closest_marker("browser") is None:
        return
    reason = why_no_browser()
    if reason and os.environ.get(REQUIRE_BROWSER, "0") not in ("", "0"):
        pytest.fail(f"{REQUIRE_BROWSER} is set, but {reason}", pytrace=False)
    if reason:
        pytest.skip(reason)


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    """Fail a test that leaves one of the engine's global switches changed, and put the switch back."""
    before = global_state()
    yield
    leaks = put_back(before)
    if leaks:
        pytest.fail("the test left global state changed: " + "; ".join(leaks), pytrace=False)
