"""Arguments and results of any operation as plain data: a nest of JSON with the numbers of all tensors in one buffer."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

# Values of PyTorch's enumerations that an argument may be: written by name.
NAMED = (
    "strided",
    "contiguous_format",
    "channels_last",
    "preserve_format",
    "float16",
    "bfloat16",
    "float32",
    "float64",
)
NAMED += ("uint8", "int8", "int16", "int32", "int64", "bool", "complex64", "complex128")


class NotPlain(Exception):
    """An argument that data cannot hold: a function, a generator, a sparse tensor."""


class Store:
    """The bytes of all arrays, each array once."""

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)
        self.places: dict[bytes, int] = {}

    def put(self, array: np.ndarray) -> int:
        """Where the array's bytes begin."""
        raw = np.ascontiguousarray(array).tobytes()
        if raw not in self.places:
            self.data.extend(b"\0" * (-len(self.data) % 16))
            self.places[raw] = len(self.data)
            self.data.extend(raw)
        return self.places[raw]

    def get(self, dtype: str, shape: list[int], place: int) -> np.ndarray:
        count = math.prod(shape)
        return np.frombuffer(bytes(self.data[place : place + count * np.dtype(dtype).itemsize]), dtype).reshape(shape)


def short(dtype: Any) -> str:
    return str(dtype).rsplit(".", 1)[-1]


def encode(torch: Any, value: Any, store: Store) -> Any:
    """The value as JSON; a tensor as [its dtype, shape, place in the store, does it require a gradient]."""
    if isinstance(value, torch.Tensor):
        return {"tensor": [short(value.dtype), *_put(torch, value, store), value.requires_grad]}
    if value is None or isinstance(value, (bool, str)) or type(value) is int:
        return value
    if type(value) is float:
        return value if math.isfinite(value) else {"float": str(value)}
    if type(value) is complex:
        return {"complex": [value.real, value.imag]}
    if isinstance(value, torch.Size):
        return {"size": list(value)}
    if isinstance(value, (tuple, list)):
        return {"list" if isinstance(value, list) else "tuple": [encode(torch, v, store) for v in value]}
    if isinstance(value, dict):
        return {"dict": {key: encode(torch, v, store) for key, v in value.items()}}
    if isinstance(value, slice):
        return {"slice": [encode(torch, v, store) for v in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": 0}
    name = short(value)
    if name in NAMED and value is getattr(torch, name, None):
        return {"name": name}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    raise NotPlain(type(value).__name__)


def _put(torch: Any, value: Any, store: Store) -> tuple[list[int], int]:
    if value.layout is not torch.strided or short(value.dtype) not in NAMED or value.dim() > 64:
        raise NotPlain("a tensor that is no plain array")
    plain = value.detach().resolve_conj().resolve_neg()
    array = (plain.float() if plain.dtype is torch.bfloat16 else plain).numpy()
    return list(array.shape), store.put(array)


def array_of(spec: list[Any], store: Store) -> np.ndarray:
    dtype, shape, place, _ = spec
    return store.get("float32" if dtype == "bfloat16" else dtype, shape, place)


def decode(torch: Any, spec: Any, store: Store) -> Any:
    """What `encode` was given, of the library's own classes."""
    if not isinstance(spec, dict):
        return spec
    ((kind, held),) = spec.items()
    return _MAKERS[kind](torch, held, store)


def _tensor(torch: Any, held: Any, store: Store) -> Any:
    made = torch.tensor(array_of(held, store).copy(), dtype=getattr(torch, held[0]))
    return made.requires_grad_() if held[3] else made


_MAKERS: dict[str, Callable[[Any, Any, Store], Any]] = {
    "tensor": _tensor,
    "float": lambda torch, held, store: float(held),
    "complex": lambda torch, held, store: complex(*held),
    "size": lambda torch, held, store: torch.Size(held),
    "tuple": lambda torch, held, store: tuple(decode(torch, v, store) for v in held),
    "list": lambda torch, held, store: [decode(torch, v, store) for v in held],
    "dict": lambda torch, held, store: {key: decode(torch, v, store) for key, v in held.items()},
    "slice": lambda torch, held, store: slice(*(decode(torch, v, store) for v in held)),
    "ellipsis": lambda torch, held, store: Ellipsis,
    "name": lambda torch, held, store: getattr(torch, held),
    "device": lambda torch, held, store: torch.device(held),
}
