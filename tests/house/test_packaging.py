"""The built wheel: every file is in it, its engine runs with NumPy alone, and each dependency is declared and used."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import numpy
import pytest

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = {
    "pytorch_tutor": ROOT / "pytorch_tutor",
    "pytorch_tutor_widgets": ROOT / "widgets/pytorch_tutor_widgets",
    "pytorch_tutor_lessons": ROOT / "lessons/pytorch_tutor_lessons",
    "pytorch_tutor_lessons/notebooks/en": ROOT / "lessons/en",
    "pytorch_tutor_lessons/notebooks/zh": ROOT / "lessons/zh",
}
NOT_SHIPPED = {"__pycache__", ".ipynb_checkpoints"}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The project's wheel, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = folder.glob("*.whl")
    zipfile.ZipFile(built).extractall(folder / "unpacked")
    return folder / "unpacked"


def shipped_files():
    for name, folder in PACKAGES.items():
        for path in sorted(folder.rglob("*")):
            relative = path.relative_to(folder)
            if path.is_file() and NOT_SHIPPED.isdisjoint(relative.parts):
                yield f"{name}/{relative.as_posix()}"


def test_every_file_is_in_the_wheel(wheel):
    built = {path.relative_to(wheel).as_posix() for path in wheel.rglob("*") if path.is_file()}
    missing = sorted(set(shipped_files()) - built)
    assert not missing
    foreign = sorted(name for name in built if not name.startswith(tuple(PACKAGES)) and ".dist-info/" not in name)
    assert not foreign


def test_the_engine_runs_with_numpy_alone(wheel, tmp_path):
    """Python without its site-packages sees the unpacked wheel and a folder that holds NumPy and nothing else."""
    alone = tmp_path / "numpy_alone"
    alone.mkdir()
    installed = Path(numpy.__file__).parent
    for folder in (installed, installed.with_name("numpy.libs")):
        if folder.exists():
            (alone / folder.name).symlink_to(folder, target_is_directory=True)
    program = f"""
import sys
sys.path[:0] = [{str(wheel)!r}, {str(alone)!r}]
import pkgutil, importlib
import pytorch_tutor as torch
x = torch.tensor([1.0, 2.0], requires_grad=True)
(x * x).sum().backward()
assert x.grad.tolist() == [2.0, 4.0]
for module in pkgutil.walk_packages(torch.__path__, "pytorch_tutor."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
for name in ("IPython", "PIL", "anywidget", "ipywidgets", "jupyterlab", "torch", "tqdm"):
    assert name not in sys.modules, name
print("runs")
"""
    result = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, timeout=120, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout == "runs\n"


def test_the_wheel_finds_its_lessons(wheel, tmp_path):
    program = f"""
import sys
sys.path.insert(0, {str(wheel)!r})
from pytorch_tutor_lessons import paths
assert paths.__file__.startswith({str(wheel)!r}), paths.__file__
for language in paths.LANGUAGES:
    print(*(path.name for path in paths.lessons(language)))
"""
    result = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    names = sorted(path.name for path in (ROOT / "lessons/en").glob("*.ipynb"))
    assert names
    assert result.stdout == f"{' '.join(names)}\n" * 2


def name_of(requirement):
    return re.match(r"[\w.-]+", requirement)[0].lower()


def imported_libraries(folders):
    names = set()
    for folder in folders:
        for path in folder.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and not node.level:
                    names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - set(PACKAGES) - {"tests"}


DECLARED = {name_of(line) for line in PROJECT["dependencies"]}
EXTRAS = {extra: {name_of(line) for line in lines} for extra, lines in PROJECT["optional-dependencies"].items()}
# Which distribution a module comes from, where the two names differ or a declared package brings it.
DISTRIBUTIONS = {
    "pil": "pillow",
    "ipython": "ipykernel",
    "traitlets": "ipywidgets",
    "jupyter_server": "jupyterlab",
    "jupyter_client": "ipykernel",
    "cupy": "cupy-cuda12x",
    "cupyx": "cupy-cuda12x",
}
# Looked for, never required: the learner's own PyTorch, beside which the engine is compared.
NEVER_REQUIRED = {"torch", "torchvision"}


def distribution(module):
    return DISTRIBUTIONS.get(module.lower(), module.lower())


def test_what_the_packages_import_is_declared():
    optional = EXTRAS["cuda"] | EXTRAS["onednn"] | EXTRAS["safetensors"] | EXTRAS["scipy"]
    imported = {distribution(name) for name in imported_libraries(PACKAGES.values())} - NEVER_REQUIRED
    assert imported <= DECLARED | optional


def test_what_is_declared_is_used():
    started_as_programs = {"jupyterlab", "ipykernel"}  # `python -m jupyterlab`, and the kernel that it starts
    imported = {distribution(name) for name in imported_libraries(PACKAGES.values())}
    assert DECLARED - started_as_programs <= imported


def test_what_the_tests_import_is_declared():
    allowed = DECLARED | EXTRAS["test"] | EXTRAS["cuda"]
    helpers = {path.stem for path in (ROOT / "tests").rglob("*.py")}
    imported = {distribution(name) for name in imported_libraries([ROOT / "tests"]) - helpers} - NEVER_REQUIRED
    assert imported <= allowed


def test_every_dependency_has_its_reason():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in sorted(DECLARED.union(*EXTRAS.values())):
        assert re.search(rf"^\|[^|]*`{re.escape(name)}`[^|]*\|", text, re.MULTILINE), f"CONTRIBUTING.md: why {name}?"


def test_the_installed_project_is_this_one():
    assert importlib.metadata.version("pytorch-tutor") == PROJECT["version"]
