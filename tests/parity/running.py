"""One case on one library, PyTorch or the engine: the call, its backward pass, and how the outcomes are compared."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.ops.running import cotangent
from tests.parity.encoding import NotPlain, Store, array_of, decode, encode

SEED = 20261121

Judge = Callable[[np.ndarray, np.ndarray], np.ndarray]  # expected and found -> where they agree

# rtol and atol by dtype: the defaults of torch.testing.assert_close.
TOLERANCE = {
    "float16": (1e-3, 1e-5),
    "bfloat16": (1.6e-2, 1e-5),
    "float32": (1.3e-6, 1e-5),
    "float64": (1e-7, 1e-7),
    "complex64": (1.3e-6, 1e-5),
    "complex128": (1e-7, 1e-7),
}

# Whose values are whatever the memory holds: only dtype and shape are compared.
UNINITIALISED = {"empty", "empty_like", "new_empty", "new_empty_strided", "empty_strided", "empty_permuted"}
UNINITIALISED |= {"resize_", "resize_as_"}

# Singular and eigenvectors are determined up to a sign or phase: their magnitudes are compared.
UP_TO_PHASE = {"svd", "linalg.svd", "linalg.eigh", "linalg.eig", "svd_lowrank", "pca_lowrank"}

# Of equal elements any may be named: the indices are compared by dtype and shape.
ANY_OF_EQUALS = {"topk", "kthvalue", "median", "nanmedian", "mode"}


def resolve(library: Any, path: str) -> Any:
    for part in path.split("."):
        library = getattr(library, part)
    return library


def perform(library: Any, case: dict[str, Any], store: Store) -> Any:
    """What the call returns; for a backward case the gradients of the tensors that require one."""
    arguments = decode(library, case["args"], store)
    keywords = decode(library, case["kwargs"], store)
    library.manual_seed(SEED)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        if case["kind"] == "inplace":
            target = arguments[0].clone()
            back = resolve(library, case["path"])(target, *arguments[1:], **keywords)
            return [target, back is target]
        result = resolve(library, case["path"])(*arguments, **keywords)
        return gradients(library, [arguments, keywords], result) if case["kind"] == "grad" else result


def gradients(library: Any, inputs: Any, result: Any) -> list[Any]:
    leaves = [t for t in tensors(library, inputs) if t.requires_grad]
    results = [t for t in tensors(library, result) if t.requires_grad]
    if not leaves or not results:
        return []
    starts = [cotangent(library, r.detach(), number) for number, r in enumerate(results)]
    return list(library.autograd.grad(results, leaves, starts, allow_unused=True))


def tensors(library: Any, value: Any) -> list[Any]:
    if isinstance(value, library.Tensor):
        return [value]
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (tuple, list)):
        return [t for v in value for t in tensors(library, v)]
    return []


def difference(library: Any, case: dict[str, Any], store: Store, tolerance: float | None = None) -> str | None:
    """In what the library differs from the recorded outcome; None if in nothing. Another tolerance than the dtype's
    own is for what is known to be rounded otherwise."""
    expected = case["outcome"]
    try:
        got = perform(library, case, store)
    except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
        said = {"raises": [type(error).__name__, str(error)]}
        if "raises" not in expected:
            return f"raised {said['raises']}"
        return None if said == expected else f"expected {expected['raises']}, got {said['raises']}"
    if "raises" in expected:
        return f"accepted what raises {expected['raises']}"
    mine = Store()
    try:
        found = encode(library, got, mine)
    except NotPlain as error:
        return f"returned a {error}"
    name, wanted = case["op"].split("/")[0], expected["value"]
    if name in ANY_OF_EQUALS and case["kind"] != "grad" and "tuple" in wanted and "tuple" in found:
        values = compare(wanted["tuple"][0], store, found["tuple"][0], mine)
        return values or compare(wanted["tuple"][1], store, found["tuple"][1], mine, judge=any_values)
    return compare(wanted, store, found, mine, judge=judge_of(name, tolerance))


def any_values(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """For what only dtype and shape say something."""
    return np.ones(a.shape, bool)


def judge_of(name: str, tolerance: float | None = None) -> Judge:
    """How the numbers of an operation are compared."""
    if tolerance is not None:
        return lambda a, b: close(a, b, tolerance)
    if name in UNINITIALISED:
        return any_values
    if name in UP_TO_PHASE:
        return lambda a, b: close(np.abs(a), np.abs(b), 2e-5 if a.dtype.name in ("float32", "complex64") else 1e-7)
    return close


def close(a: np.ndarray, b: np.ndarray, tolerance: float | None = None) -> np.ndarray:
    """Which numbers are the expected ones, as near as their dtype asks."""
    if a.dtype.name not in TOLERANCE:
        return a == b
    rtol, atol = TOLERANCE[a.dtype.name] if tolerance is None else (tolerance, tolerance)
    return np.isclose(b, a, rtol, atol, equal_nan=True)


def compare(expected: Any, store: Store, found: Any, mine: Store, *, judge: Judge = close) -> str | None:
    """The first place where two encoded outcomes differ."""
    if isinstance(expected, dict) and isinstance(found, dict) and set(expected) == set(found):
        ((kind, one),), ((_, other),) = expected.items(), found.items()
        if kind == "tensor":
            return compare_tensors(one, store, other, mine, judge)
        if isinstance(one, dict):
            one, other = list(one.values()), list(other.values())
        if kind in ("tuple", "list", "dict"):
            if len(one) != len(other):
                return f"{len(one)} results expected, got {len(other)}"
            pairs = zip(one, other, strict=True)
            return next((d for a, b in pairs if (d := compare(a, store, b, mine, judge=judge))), None)
    if isinstance(expected, float) and isinstance(found, float):
        return None if np.isclose(expected, found, 1e-6, 1e-6) else f"expected {expected}, got {found}"
    return None if expected == found else f"expected {expected}, got {found}"


def compare_tensors(one: list[Any], store: Store, other: list[Any], mine: Store, judge: Judge) -> str | None:
    if one[:2] != other[:2]:
        return f"expected {one[0]} {one[1]}, got {other[0]} {other[1]}"
    a, b = array_of(one, store), array_of(other, mine)
    if one[0] == "bfloat16" and judge is close:  # held as float32, and compared as what it is
        same = np.isclose(b, a, *TOLERANCE["bfloat16"], equal_nan=True)
    else:
        same = judge(a, b)
    if same.all():
        return None
    at = tuple(int(i) for i in np.argwhere(~same)[0])
    return f"{(~same).sum()} of {same.size} values differ, the first at {at}: expected {a[at]}, got {b[at]}"
