"""The cases: PyTorch's own sample database of operations, thinned, asked of PyTorch by public name. Needs PyTorch."""

import itertools
import random
import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

from tests.parity.encoding import NotPlain, Store, encode
from tests.parity.running import SEED, UNINITIALISED, UP_TO_PHASE, compare, perform

KINDS = {"function": 4, "method": 1, "inplace": 1, "grad": 2, "error": 4}  # cases of one operation
LARGEST = 300  # elements in one case, so that the file of recorded answers stays small
OTHER_DTYPES = ("int64", "bool", "float16", "bfloat16", "complex64")


def paths(op: Any) -> dict[str, str]:
    """The public names by which an operation is called: as a function, as a method, in place."""
    found = {}
    for kind, path in (("function", op.name), ("method", f"Tensor.{op.name}"), ("inplace", f"Tensor.{op.name}_")):
        holder: Any = torch
        for part in path.split("."):
            holder = getattr(holder, part, None)
        if callable(holder):
            found[kind] = path
    if "function" not in found and "method" in found:
        found["function"] = found["method"]
    return found


def public(op: Any) -> bool:
    """No compiler's internals and no private names."""
    return not op.name.startswith(("_", "torch.", "ops.")) and ("._" not in op.name)


def samples(op: Any, dtype: Any, count: int, requires_grad: bool = False) -> list[Any]:
    """Some of the database's samples, evenly chosen."""
    torch.manual_seed(SEED)
    random.seed(SEED)
    np.random.seed(SEED % 2**32)  # noqa: NPY002 - the generator that PyTorch's samples draw from
    try:
        made = list(itertools.islice(op.sample_inputs("cpu", dtype, requires_grad=requires_grad), 60))
    except Exception:  # noqa: BLE001 - no sample for this dtype
        return []
    fitting = [s for s in made if elements(s) <= LARGEST]
    return [fitting[int(i)] for i in np.linspace(0, len(fitting) - 1, count)] if len(fitting) > count else fitting


def elements(sample: Any) -> int:
    return sum(t.numel() for t in flat([sample.input, sample.args, sample.kwargs]))


def flat(value: Any) -> list[Any]:
    if isinstance(value, torch.Tensor):
        return [value]
    if isinstance(value, dict):
        value = value.values()
    return [t for v in value for t in flat(v)] if isinstance(value, (tuple, list, type({}.values()))) else []


def proposals(op: Any) -> Iterator[tuple[str, str, str, Any]]:
    """(kind, path, label, sample) of everything that one entry of the database is asked."""
    named = paths(op)
    label = f"/{op.variant_test_name}" if op.variant_test_name else ""
    supported = op.supported_dtypes("cpu")
    first = next((d for d in (torch.float32, torch.int64, torch.bool, torch.complex64) if d in supported), None)
    if first is None or "function" not in named:
        return
    for kind in ("function", "method", "inplace"):
        for sample in samples(op, first, KINDS[kind]) if kind in named else ():
            yield kind, named[kind], label, sample
    for name in OTHER_DTYPES:
        if getattr(torch, name) in supported and getattr(torch, name) is not first:
            for sample in samples(op, getattr(torch, name), 1):
                yield "function", named["function"], label, sample
    if op.supports_autograd and torch.float64 in supported and op.name not in UP_TO_PHASE:
        for sample in samples(op, torch.float64, KINDS["grad"], requires_grad=True):
            yield "grad", named["function"], label, sample
    if op.error_inputs_func is not None:
        yield from ((kind, named["function"], label, s) for kind, s in errors(op))


def errors(op: Any) -> Iterator[tuple[str, Any]]:
    try:
        wrong = [e.sample_input for e in op.error_inputs("cpu")]
    except Exception:  # noqa: BLE001 - the database's own error inputs need another device
        return
    fitting = [s for s in wrong if elements(s) <= LARGEST and isinstance(s.input, (torch.Tensor, tuple, list))]
    for number in sorted({int(i) for i in np.linspace(0, len(fitting) - 1, KINDS["error"])} if fitting else ()):
        yield "error", fitting[number]


def answered(op: Any, kind: str, path: str, label: str, sample: Any, store: Store) -> dict[str, Any] | None:
    """The case with PyTorch's answer; None where PyTorch itself has no definite one."""
    trial = Store()
    try:
        draft = question(op, kind, path, label, sample, trial)
        first, second = outcome(draft, trial), outcome(draft, trial)
    except NotPlain:
        return None
    raised = "raises" in first[0]
    if raised != (kind == "error") and kind != "inplace":  # in place, a result that does not fit is refused
        return None
    if raised:
        return {**question(op, kind, path, label, sample, store), "outcome": first[0]}
    if kind == "grad" and first[0]["value"] == {"list": []}:
        return None
    if op.name not in UNINITIALISED and compare(first[0]["value"], first[1], second[0]["value"], second[1]):
        return None
    case = question(op, kind, path, label, sample, store)
    return {**case, "outcome": {"value": encode(torch, perform(torch, case, store), store)}}


def question(op: Any, kind: str, path: str, label: str, sample: Any, store: Store) -> dict[str, Any]:
    return {
        "op": op.name + label,
        "kind": kind,
        "path": path,
        "args": encode(torch, (sample.input, *sample.args), store),
        "kwargs": encode(torch, dict(sample.kwargs), store),
    }


def outcome(case: dict[str, Any], store: Store) -> tuple[dict[str, Any], Store]:
    mine = Store()
    try:
        value = perform(torch, case, store)
    except NotPlain:
        raise
    except Exception as error:  # noqa: BLE001 - what PyTorch raises is its answer
        return {"raises": [type(error).__name__, str(error)]}, mine
    return {"value": encode(torch, value, mine)}, mine


def cases(store: Store, only: str | None = None) -> Iterator[dict[str, Any]]:
    """Every case, with its answer, in the database's order."""
    torch.set_num_threads(1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for op in op_db:
            if public(op) and (only is None or op.name == only):
                for kind, path, label, sample in proposals(op):
                    case = answered(op, kind, path, label, sample, store)
                    if case is not None:
                        yield case
