"""The layers of the project as data: imports point downwards only, and a violation names its line."""

import ast
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = {
    "pytorch_tutor": ROOT / "pytorch_tutor",
    "pytorch_tutor_widgets": ROOT / "widgets/pytorch_tutor_widgets",
    "pytorch_tutor_lessons": ROOT / "lessons/pytorch_tutor_lessons",
}

# The engine, lowest first. A module may import from its own group (the words of one line) and from every layer below.
LAYERS = """
errors naming warn_once
absent
later
size version checks
device dtypes layouts
refusals
backends
graph
ops
tensor_base
overriding operands outputs placing promotion dispatch history generator precision arguments overloads
python_data creation sequences
functions
linalg special fft signal masked return_types
namespace
engine
printing printing_sparse
tensor
sparse_tensor sparse
random autograd
amp
cuda cpu
accelerator legacy settings testing types mps mtia xpu distributed multiprocessing __config__ profiler __future__
utils.hooks
nn
optim func distributions compiler
functorch
aten _dynamo _logging library
serialization
jit hub
compiled overrides
utils
run
__init__
vision
bench
cli __main__
"""

# The libraries that a layer may import, besides Python's own. Whatever is not named may import none.
LIBRARIES = {
    "device dtypes layouts": {"numpy"},
    "backends": {"numpy", "cupy", "cupyx"},
    "ops": {"numpy"},
    "tensor_base": {"numpy"},
    "overriding operands outputs placing promotion dispatch history generator precision arguments overloads": {"numpy"},
    "python_data creation sequences": {"numpy"},
    "functions": {"numpy"},
    "namespace": {"numpy"},
    "engine": {"numpy"},
    "printing printing_sparse": {"numpy"},
    "tensor": {"numpy"},
    "sparse_tensor sparse": {"numpy"},
    "random autograd": {"numpy"},
    "accelerator legacy settings testing types mps mtia xpu distributed multiprocessing __config__ profiler __future__": {
        "numpy"
    },
    "optim func distributions compiler": {"numpy"},
    "serialization": {"numpy", "safetensors"},
    "utils": {"PIL", "numpy"},
    "vision": {"numpy", "PIL", "scipy", "tqdm"},
    "bench": {"numpy", "torch"},
    "pytorch_tutor_widgets.observe": {"latex2mathml", "numpy"},
    "pytorch_tutor_widgets": {"IPython", "anywidget", "graphviz", "ipywidgets", "numpy", "traitlets"},
    "pytorch_tutor_lessons": {"IPython", "PIL", "ipywidgets", "jupyter_server", "numpy"},
}

# Heavy or optional: imported in the function that needs them, so that the engine starts without, and in a browser.
LAZY = {
    "IPython",
    "PIL",
    "concurrent",
    "cupy",
    "graphviz",
    "importlib",
    "latex2mathml",
    "multiprocessing",
    "safetensors",
    "scipy",
    "torch",
    "tqdm",
}

# Pairs that the order would allow, and a promise forbids.
FORBIDDEN = {
    ("pytorch_tutor_widgets.shared", "pytorch_tutor"): "words and scripts know no engine",
    ("pytorch_tutor_widgets.observe", "pytorch_tutor"): "it reads graphs by PyTorch's protocol, whoever made them",
}

# Where a module may be imported by its name as text.
BY_NAME = {
    "pytorch_tutor/later.py": "what a package loads when it is first asked for",
    "pytorch_tutor/run.py": "stands in for `import torch`, whatever of it a program names",
    "pytorch_tutor/cli.py": "runs lessons and widgets without standing on them",
    "lessons/pytorch_tutor_lessons/lesson.py": "a lesson's exercises, by the lesson's name",
    "pytorch_tutor/backends/cupy_backend.py": "CuPy's parts, for those who hold its arrays",
}

# Longer than a file should be, and why.
LONG = {
    "pytorch_tutor/tensor.py": "the list of all methods, one line each, to look things up in",
}
LONGEST_FILE = 400  # lines of code, and 300 is the aim: docstrings, comments and empty lines are not counted


class Import(NamedTuple):
    """One imported module, where the statement stands, and whether it stands inside a function."""

    name: str
    file: Path
    line: int
    text: str
    inside: bool

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT).as_posix()}:{self.line}: {self.text.strip()}"


def files() -> list[Path]:
    return sorted(path for folder in PACKAGES.values() for path in folder.rglob("*.py"))


def module_name(path: Path) -> str:
    """`pytorch_tutor/nn/__init__.py` is `pytorch_tutor.nn`."""
    package, folder = next(item for item in PACKAGES.items() if path.is_relative_to(item[1]))
    parts = [package, *path.relative_to(folder).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in files()}


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path))


def imports(path: Path, source: str | None = None) -> Iterator[Import]:
    """Every import of a file that runs, relative ones spelled out; those for type checkers alone are left out.

    In a package's ``__init__.py`` those under ``if TYPE_CHECKING`` run as well: when somebody asks for them.
    """
    text = text_of(path) if source is None else source
    tree = tree_of(path) if source is None else ast.parse(source)
    lines = text.splitlines()
    name = module_name(path)
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]

    waiting: list[tuple[ast.AST, bool]] = [(tree, False)]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            for target in targets(node, package):
                yield Import(target, path, node.lineno, lines[node.lineno - 1], inside)
        elif path.name == "__init__.py" or not for_type_checkers(node):
            inside = inside or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            waiting += [(child, inside) for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]


def for_type_checkers(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def targets(node: ast.Import | ast.ImportFrom, package: str) -> list[str]:
    """The modules that a statement names: `from .nn import functional` names `pytorch_tutor.nn.functional`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        ancestors = package.split(".")
        base = ".".join([*ancestors[: len(ancestors) - node.level + 1], *filter(None, [node.module])])
    return [f"{base}.{alias.name}" if f"{base}.{alias.name}" in MODULES else base for alias in node.names]


def layer_of(module: str) -> str | None:
    """The layer that a module belongs to: of all the names in the table that lead to it, the longest."""
    package, _, rest = module.partition(".")
    if package == "pytorch_tutor_widgets":
        part = f"{package}.{rest.partition('.')[0]}"
        return part if part in order() else package
    if package != "pytorch_tutor":
        return package if package in PACKAGES else None
    path = rest or "__init__"
    while path:
        for line in order():
            if path in line.split():
                return line
        path = path.rpartition(".")[0]
    return None


def order() -> list[str]:
    """All layers, lowest first: above the engine the widgets, then the lessons, and the console command on top."""
    engine = LAYERS.strip().splitlines()
    top = engine.index("cli __main__")
    parts = ["pytorch_tutor_widgets.shared", "pytorch_tutor_widgets.observe"]
    others = [*parts, "pytorch_tutor_widgets", "pytorch_tutor_lessons"]
    return [*engine[:top], *others, *engine[top:]]


def violations(found: Iterable[Import]) -> list[str]:
    """The imports that point upwards, and those of libraries that their layer may not know."""
    ranks = order()
    complaints = []
    for item in found:
        here = layer_of(module_name(item.file))
        there = layer_of(item.name)
        if here is None:
            complaints.append(f"{item.file.relative_to(ROOT).as_posix()}: give this module a place in LAYERS")
        elif item.name.partition(".")[0] in PACKAGES:
            if there is None:
                complaints.append(f"{item}\n    there is no module {item.name}")
            elif reason := FORBIDDEN.get((here, item.name.partition(".")[0])):
                complaints.append(f"{item}\n    '{here}' may not: {reason}")
            elif ranks.index(there) > ranks.index(here):
                complaints.append(f"{item}\n    points upwards, from '{here}' to '{there}'")
        elif is_library(item.name) and item.name.partition(".")[0] not in LIBRARIES.get(here, set()):
            complaints.append(f"{item}\n    '{here}' may not know this library")
    return list(dict.fromkeys(complaints))


def is_library(name: str) -> bool:
    return name.partition(".")[0] not in sys.stdlib_module_names


def test_imports_point_downwards():
    found = [complaint for path in files() for complaint in violations(imports(path))]
    assert not found, "\n".join(found)


def test_imports_stand_at_the_top():
    hidden = [
        str(item)
        for path in files()
        for item in imports(path)
        if item.inside and item.name.partition(".")[0] not in LAZY
    ]
    assert not hidden, "imports inside functions:\n" + "\n".join(hidden)


def test_modules_are_not_imported_by_text():
    calls = [
        f"{shown(path)}:{node.lineno}: {ast.unparse(node)}"
        for path in files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and called(node) in ("import_module", "__import__") and shown(path) not in BY_NAME
    ]
    assert not calls, "\n".join(calls)


def called(node: ast.Call) -> str:
    """The last word of what is called: `import_module` in `importlib.import_module(name)`."""
    return getattr(node.func, "attr", None) or getattr(node.func, "id", "")


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def test_a_file_opens_with_a_sentence():
    bad = []
    for path in files():
        docstring = ast.get_docstring(tree_of(path)) or ""
        if text_of(path).strip() and not docstring.partition("\n\n")[0].rstrip().endswith((".", "?", "!", ":")):
            bad.append(f"{shown(path)}:1: {docstring.partition(chr(10))[0]!r} is not a sentence")
    assert not bad, "\n".join(bad)


def test_files_are_short():
    lengths = {shown(path): lines_of_code(text_of(path), tree_of(path)) for path in files()}
    long = [f"{name}: {length} lines" for name, length in lengths.items() if length > LONGEST_FILE and name not in LONG]
    assert not long, f"more than {LONGEST_FILE} lines of code; split by concept:\n" + "\n".join(long)
    assert all(lengths[name] > LONGEST_FILE for name in LONG), "an exception that is not needed any more"


def lines_of_code(text: str, tree: ast.Module | None = None) -> int:
    """How many lines hold code: what is left when docstrings, comments and empty lines are taken away."""
    prose = {
        line
        for node in statements(tree or ast.parse(text))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(text.splitlines(), 1)
    return sum(
        number not in prose and line.strip() != "" and not line.strip().startswith("#") for number, line in lines
    )


def statements(tree: ast.AST) -> Iterator[ast.AST]:
    """Every statement, without walking into expressions."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += [child for child in ast.iter_child_nodes(node) if not isinstance(child, ast.expr)]


def test_lines_of_code_are_counted():
    assert (
        lines_of_code(
            '"""Text.\n\nMore."""\n\n# why\nx = 1\n\n\ndef f():\n    """Text."""\n    return (\n        x\n    )\n'
        )
        == 5
    )


def test_no_import_cycles():
    graph = {
        name: {item.name for item in imports(path) if item.name in MODULES and item.name != name}
        for name, path in MODULES.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail("these modules import each other: " + " <- ".join(cycle.args[1]))


@pytest.mark.parametrize(
    ("file", "source", "complaint"),
    [
        ("pytorch_tutor/graph/node.py", "from pytorch_tutor.tensor import Tensor", "points upwards"),
        ("pytorch_tutor/graph/node.py", "import numpy as np", "may not know this library"),
        ("pytorch_tutor/graph/node.py", "from ..tensor import Tensor", "points upwards"),
        ("pytorch_tutor/graph/node.py", "def f():\n    from .. import nn", "points upwards"),
        (
            "pytorch_tutor/graph/node.py",
            "try:\n    import pytorch_tutor_widgets\nexcept ImportError:\n    pass",
            "upwards",
        ),
        ("widgets/pytorch_tutor_widgets/observe/x.py", "import pytorch_tutor", "whoever made them"),
        ("widgets/pytorch_tutor_widgets/observe/x.py", "import pytorch_tutor_widgets.curve", "points upwards"),
        ("pytorch_tutor/novelty.py", "import numpy", "give this module a place"),
    ],
)
def test_the_checker_catches(file, source, complaint):
    found = violations(imports(ROOT / file, source))
    assert found
    assert complaint in found[0]
    assert file in found[0]


def test_the_checker_lets_pass():
    source = (
        "import math\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from pytorch_tutor.tensor import Tensor"
    )
    assert violations(imports(ROOT / "pytorch_tutor/graph/node.py", source)) == []
