"""Reading and running the notebooks of the lessons."""

import ast
import json
import os
from pathlib import Path
from typing import Any

from pytorch_tutor_lessons import paths

STEMS = [path.stem for path in paths.lessons("en")]


def cells(language: str, stem: str, kind: str = "code") -> list[dict[str, Any]]:
    """The cells of one kind of a shipped notebook."""
    notebook = json.loads((paths.notebooks(language) / f"{stem}.ipynb").read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def source(cell: dict[str, Any]) -> str:
    """A cell's text."""
    return "".join(cell["source"])


def exercise_of(cell: dict[str, Any]) -> str | None:
    """The name of the exercise that a cell holds."""
    for tag in cell["metadata"].get("tags", ()):
        if tag.startswith("exercise:"):
            return str(tag.removeprefix("exercise:"))
    return None


class _Strings(ast.NodeTransformer):
    """Makes all text alike: what is printed may be in the learner's language."""

    def visit_Constant(self, node: ast.Constant) -> ast.Constant:
        return ast.Constant("") if isinstance(node.value, str) else node


def shape_of_code(text: str, keep_strings: bool = False) -> str:
    """The code as a syntax tree: comments and layout do not count."""
    tree = ast.parse(text)
    return ast.dump(tree if keep_strings else _Strings().visit(tree))


def execute(path: Path, folder: Path, environment: dict[str, str], timeout: int = 300) -> Any:
    """Runs a notebook from a fresh kernel, as a learner would from top to bottom; returns it with its outputs."""
    import nbformat
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(notebook, timeout=timeout, resources={"metadata": {"path": str(folder)}})
    client.execute(env={**os.environ, **environment})
    return notebook


def outputs_text(cell: Any) -> str:
    """Everything that a cell printed or showed, as text."""
    found = []
    for output in cell.get("outputs", ()):
        if output["output_type"] == "stream":
            found.append(output["text"])
        elif "data" in output:
            found.append(str(output["data"].get("text/plain", "")))
    return "\n".join(found)
