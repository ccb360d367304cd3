"""Records the signatures of PyTorch's built-in functions, as `pytorch_tutor/signatures.txt`: needs PyTorch 2.13.

    python -m tests.golden.make_signatures

PyTorch's own parser of arguments is driven by texts such as ``add(Tensor input, Tensor other, *, Scalar alpha=1)``, which
stand in its library; which of them belong to a function, and in which order, its error sentences say.
"""

from __future__ import annotations

import re
import warnings
from collections import defaultdict
from pathlib import Path

import torch

from pytorch_tutor.arguments import Signature

ROOT = Path(__file__).resolve().parents[2]


SPACES = {
    "torch": torch,
    "Tensor": torch.Tensor,
    "linalg": torch.linalg,
    "fft": torch.fft,
    "special": torch.special,
    "nn.functional": torch.nn.functional,
}


def texts() -> dict[str, list[str]]:
    """Every signature in PyTorch's library, by the name that it begins with."""
    [library] = (Path(torch.__file__).parent / "lib").glob("libtorch_python*")
    pattern = re.compile(rb"\x00([A-Za-z_0-9]+)(\([^\x00]{0,900}\)(?:\|deprecated|\|hidden)?)(?=\x00)")
    found = defaultdict(list)
    for match in pattern.finditer(library.read_bytes()):
        found[match[1].decode()].append((match[1] + match[2]).decode())
    return found


# Methods written by hand in PyTorch: their texts stand in the library, but not under their names.
BY_HAND = {
    "Tensor.copy_": [
        "copy_(Tensor other, bool non_blocking=False)",
        "copy_(Tensor other, bool non_blocking=False)|deprecated",
    ],
    "Tensor.type": ["type(PyObject* dtype=None, bool non_blocking=False, *, MemoryFormat? memory_format=None)"],
}


class Nothing:
    """What no parameter takes."""


def options(function: object, method: bool) -> tuple[str, list[str]]:
    """The name that a function's sentences give it, and the signatures that they list."""
    name = ""
    for count in range(12):
        try:
            function(*([torch.ones(1)] if method else []), *[Nothing()] * count)
        except TypeError as error:
            name = name or str(error).split("(")[0]
            listed = re.findall(r"^ \* \((.*)\)$", str(error), re.MULTILINE)
            if listed:
                return name, listed
        except (RuntimeError, ValueError, LookupError, AttributeError, AssertionError):
            continue
    return name, []


def takes_nothing(method: object) -> bool:
    """Is it a method without arguments, which Python itself checks?"""
    try:
        method(torch.ones(1), Nothing())
    except (TypeError, RuntimeError) as error:
        return "takes no arguments" in str(error)
    return False


def signatures(function: object, method: bool, known: dict[str, list[str]]) -> list[str]:
    """The texts that drive a function's parser, in its order."""
    if method and takes_nothing(function):
        return [f"{function.__name__}()"]
    name, listed = options(function, method)
    fitting = [t for t in known.get(name, ()) if method or "input" in t or not t.startswith(f"{name}(Tensor self")]
    if method:
        fitting = [t for t in fitting if not t.startswith(f"{name}(Tensor input")]
    old = [t for t in fitting if t.endswith("|deprecated") and method != ("Tensor input" in t)]
    if not listed:
        new = [t for t in fitting if t not in old and not t.endswith("|deprecated")]
        first = [t for t in new if method or t.startswith(f"{name}(Tensor input")] or new
        return first + old if len(first) == 1 else []
    printed = {str(Signature(t)): t for t in fitting}
    if any(f"({o})" not in printed for o in listed):
        return []
    return [printed[f"({o})"] for o in listed] + old


def main() -> None:
    warnings.simplefilter("ignore")
    known = texts()
    lines = []
    for space, holder in SPACES.items():
        for name in sorted(dir(holder)):
            function = getattr(holder, name)
            built_in = type(function).__name__ in ("builtin_function_or_method", "method_descriptor")
            if built_in and not name.startswith("_"):
                path = f"{space}.{name}"
                by_hand = BY_HAND.get(path)
                lines += [f"{path} {text}" for text in by_hand or signatures(function, space == "Tensor", known)]
    (ROOT / "pytorch_tutor" / "signatures.txt").write_text("\n".join(lines) + "\n")
    print(len(lines), "signatures of", len({line.split(" ")[0] for line in lines}), "functions")


if __name__ == "__main__":
    main()
