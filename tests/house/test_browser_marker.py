"""A browser test without a browser is skipped with its reason, and fails where the environment demands one."""

import os
import subprocess
import sys

import pytest

from tests.conftest import REQUIRE_BROWSER, ROOT


@pytest.mark.parametrize(("required", "outcome"), [("", "1 skipped"), ("1", "1 error"), ("0", "1 skipped")])
def test_without_a_browser(required, outcome, tmp_path):
    environment = {**os.environ, "PYTORCH_TUTOR_CHROMIUM": "no-such-browser", REQUIRE_BROWSER: required}
    environment["PYTEST_ADDOPTS"] = ""
    result = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests/browser/test_jupyter.py", "-k", "theme"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert outcome in result.stdout
    assert "no Chromium or Chrome found" in result.stdout
    assert (result.returncode != 0) == (required == "1")
