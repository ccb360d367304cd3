"""Binder, as far as it can be checked without Docker: the recipe that repo2docker makes, and `postBuild` itself."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import time
import tomllib
import venv

import pytest

from pytorch_tutor_lessons import lab
from tests.conftest import ROOT

BINDER = ROOT / "binder"


def test_repo2docker_understands_the_folder(tmp_path):
    if importlib.util.find_spec("repo2docker") is None:
        pytest.skip("jupyter-repo2docker is not installed (it does not run on Windows)")
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    shutil.copytree(BINDER, checkout / "binder")
    result = subprocess.run(
        [sys.executable, "-m", "repo2docker", "--no-build", "--debug", str(checkout)],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=tmp_path,
    )
    recipe = result.stdout + result.stderr
    assert result.returncode == 0, recipe
    assert re.search(r"apt-get install --yes --no-install-recommends graphviz", recipe)
    assert 'pip install --no-cache-dir -r "binder/requirements.txt"' in recipe
    assert "./binder/postBuild" in recipe
    assert re.search(r"environment-2epy-2d3-2e12", recipe), "not the Python of runtime.txt"


def test_its_python_is_one_that_the_project_supports():
    version = (BINDER / "runtime.txt").read_text().strip().removeprefix("python-")
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"].removeprefix(">=")
    assert tuple(map(int, version.split("."))) >= tuple(map(int, needed.split(".")))


def test_there_is_no_torch_in_the_image():
    lines = (BINDER / "requirements.txt").read_text().splitlines()
    requirements = [line for line in lines if line and not line.startswith("#")]
    assert requirements == ["-e .[onednn]"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = [*project["dependencies"], *project["optional-dependencies"]["onednn"]]
    assert not any(re.match(r"(torch|torchvision|jax|tensorflow)\b", name) for name in names)


@pytest.fixture
def fresh_environment(tmp_path):
    """A new virtual environment that sees the packages that are installed here, so that nothing is downloaded."""
    venv.create(tmp_path / "env", symlinks=os.name != "nt")
    scripts = "Scripts" if os.name == "nt" else "bin"
    python = tmp_path / "env" / scripts / ("python.exe" if os.name == "nt" else "python")
    site = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    here = sysconfig.get_path("purelib")
    with open(os.path.join(site.stdout.strip(), "here.pth"), "w") as file:  # noqa: PTH118, PTH123 - a path as text
        file.write(f"import site; site.addsitedir({here!r})\n")
    home = tmp_path / "home"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("JUPYTER")}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), "PYTORCH_TUTOR_DATA": str(tmp_path / "data")}
    return python, {**environment, "PYTORCH_TUTOR_OFFLINE": "1"}


def test_post_build_prepares_data_and_the_first_lesson(fresh_environment, tmp_path):
    python, environment = fresh_environment
    start = time.monotonic()
    result = subprocess.run(
        [python, str(BINDER / "postBuild")],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert time.monotonic() - start < 240

    first = min((ROOT / "lessons/en").glob("*.ipynb")).name
    program = """
from jupyterlab.labapp import LabApp
app = LabApp.initialize_server(argv=["--no-browser", "--allow-root"])
print("opens", app.default_url)
print("connection", app.kernel_websocket_connection_class.__name__)
"""
    asked = subprocess.run(
        [python, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert f"opens /lab/tree/lessons/en/{first}" in asked.stdout, asked.stderr
    assert "connection PromptConnection" in asked.stdout

    ready = """
import time
from pytorch_tutor.vision.datasets import cifar10_or_standin
start = time.monotonic()
pictures = cifar10_or_standin()
print("ready", len(pictures), time.monotonic() - start < 15)
"""
    asked = subprocess.run(
        [python, "-c", ready], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert re.search(r"^ready \d+ True$", asked.stdout, re.MULTILINE), asked.stdout + asked.stderr


def test_post_build_is_a_program():
    path = BINDER / "postBuild"
    assert path.read_text().startswith("#!/usr/bin/env python3\n")
    if os.name != "nt":
        assert os.access(path, os.X_OK)
    assert lab.JUPYTER_CONFIG.is_dir()
