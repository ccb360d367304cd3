"""One case on one library, PyTorch or the engine: the call, its backward pass, and how the outcomes are compared."""

import warnings
from typing import Any

import numpy as np

from tests.ops.running import cotangent
from tests.parity.encoding import NotPlain, Store, array_of, decode, encode

SEED = 20261121

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


def difference(library: Any, case: dict[str, Any], store: Store) -> str | None:
    """In what the library differs from the recorded outcome; None if in nothing."""
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
    return compare(expected["value"], store, found, mine, values=case["op"] not in UNINITIALISED)


def compare(expected: Any, store: Store, found: Any, mine: Store, *, values: bool = True) -> str | None:
    """The first place where two encoded outcomes differ."""
    if isinstance(expected, dict) and isinstance(found, dict) and set(expected) == set(found):
        ((kind, one),), ((_, other),) = expected.items(), found.items()
        if kind == "tensor":
            return compare_tensors(one, store, other, mine, values=values)
        if isinstance(one, dict):
            one, other = list(one.values()), list(other.values())
        if kind in ("tuple", "list", "dict"):
            if len(one) != len(other):
                return f"{len(one)} results expected, got {len(other)}"
            pairs = zip(one, other, strict=True)
            return next((d for a, b in pairs if (d := compare(a, store, b, mine, values=values))), None)
    if isinstance(expected, float) and isinstance(found, float):
        return None if np.isclose(expected, found, 1e-6, 1e-6) else f"expected {expected}, got {found}"
    return None if expected == found else f"expected {expected}, got {found}"


def compare_tensors(one: list[Any], store: Store, other: list[Any], mine: Store, *, values: bool) -> str | None:
    if one[:2] != other[:2]:
        return f"expected {one[0]} {one[1]}, got {other[0]} {other[1]}"
    if not values:
        return None
    a, b = array_of(one, store), array_of(other, mine)
    rtol, atol = TOLERANCE.get(one[0], (0, 0))
    same = np.isclose(b, a, rtol, atol, equal_nan=True) if one[0] in TOLERANCE else a == b
    if same.all():
        return None
    at = tuple(int(i) for i in np.argwhere(~same)[0])
    return f"{(~same).sum()} of {same.size} values differ, the first at {at}: expected {a[at]}, got {b[at]}"
