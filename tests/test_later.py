"""What a package loads later: two lists that agree, names that resolve as if they had been there, a light start."""

import ast
import subprocess
import sys
from importlib import import_module
from types import ModuleType

import pytest

import pytorch_tutor as torch
from tests.test_architecture import MODULES, for_type_checkers, module_name, tree_of

PACKAGES = [
    module_name(path)
    for path in MODULES.values()
    if path.name == "__init__.py" and any(for_type_checkers(node) for node in tree_of(path).body)
]


def names_for_type_checkers(package):
    """What the block under TYPE_CHECKING makes of it: the modules, and where each other name stands."""
    modules, lifted = set(), {}
    tree = tree_of(MODULES[package])
    for statement in (s for node in tree.body if for_type_checkers(node) for s in node.body):
        assert isinstance(statement, ast.ImportFrom)
        inside = statement.module or ""
        if not statement.level:
            inside = inside.removeprefix(package).removeprefix(".")
        for alias in statement.names:
            if inside:
                lifted[alias.asname or alias.name] = f"{inside}.{alias.name}"
            else:
                modules.add(alias.name)
    return modules, lifted


def python(program):
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stderr
    return result.stdout.split()


def test_packages_are_found():
    assert {"pytorch_tutor", "pytorch_tutor.utils"} <= set(PACKAGES)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_table_says_what_the_type_checkers_read(package):
    later = import_module(package)._later
    assert (later.modules, later.lifted) == names_for_type_checkers(package)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_is_there(package):
    module = import_module(package)
    for name in module._later.names:
        assert name in dir(module)
        assert getattr(module, name) is getattr(module, name)
        assert vars(module)[name] is getattr(module, name), "found once, kept in the package"


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_is_covered_by_the_module_that_it_stands_in(package):
    """Importing ``package.name`` puts the module into the package, where a function of that name would be lost."""
    assert not [name for name in import_module(package)._later.lifted if f"{package}.{name}" in MODULES]


def test_a_start_is_light():
    loaded = python("import sys, pytorch_tutor; print(*sys.modules)")
    heavy = ["distributions", "func", "hub", "jit", "optim", "profiler", "serialization", "utils.data", "nn.parallel"]
    assert not {f"pytorch_tutor.{name}" for name in heavy} & set(loaded)
    assert not {"asyncio", "email", "multiprocessing", "ssl", "urllib.request"} & set(loaded)


def test_each_way_of_importing():
    program = """
import pytorch_tutor as torch
import pytorch_tutor.distributions.normal
from pytorch_tutor import optim, save
from pytorch_tutor.utils.data import DataLoader
assert torch.distributions.normal.Normal is torch.distributions.Normal
assert torch.utils.data.DataLoader is DataLoader
assert torch.optim is optim and torch.save is save and torch.serialization.save is save
print("fine")
"""
    assert python(program) == ["fine"]


def test_a_star_brings_functions_and_classes_but_no_modules():
    space = {}
    exec("from pytorch_tutor import *", space)
    assert {"tensor", "save", "vmap", "compile", "float32", "inf", "Tensor"} <= set(space)
    assert not [name for name, value in space.items() if isinstance(value, ModuleType) and name != "__builtins__"]


def test_a_program_for_pytorch_finds_them_under_its_names(tmp_path):
    script = tmp_path / "program.py"
    script.write_text(
        "import torch\n"
        "print(torch.distributions.__name__)\n"
        "import torch.distributions.normal as normal, torch.utils.data as data, torch.nn.utils.prune\n"
        "assert normal.Normal is torch.distributions.Normal and data is torch.utils.data\n"
        "print(torch.optim.SGD)\n"
    )
    program = f"from pytorch_tutor.cli import main; raise SystemExit(main(['run', {str(script)!r}]))"
    assert python(program) == ["pytorch_tutor.distributions", "<class", "'torch.optim.sgd.SGD'>"]


def test_a_name_that_is_nowhere():
    with pytest.raises(AttributeError, match=r"^module 'torch' has no attribute 'distribution'") as error:
        torch.distribution  # noqa: B018 - looking it up is the test
    assert error.value.__notes__ == ["  try       torch.distributions"]
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        torch.utils.nothing  # noqa: B018 - the same
