"""``torch.device``: where a tensor's numbers live."""

from __future__ import annotations

from typing import ClassVar

from .errors import lesson
from .naming import Named

TYPES = ("cpu", "cuda", "meta")
# What PyTorch lists when it is given a name it does not know.
KNOWN = (
    "cpu, cuda, ipu, xpu, mkldnn, opengl, opencl, ideep, hip, ve, fpga, maia, xla, lazy, vulkan, mps, meta, hpu, "
    "mtia, privateuseone"
)


class device(metaclass=Named):  # noqa: N801 - PyTorch spells this class in lower case
    """A place for tensors: ``"cpu"``, ``"cuda"`` or ``"cuda:1"``.

    >>> import pytorch_tutor as torch
    >>> torch.device("cuda:1").index
    1
    """

    torch_name = "torch.device"
    __slots__ = ("index", "type")
    type: str
    index: int | None

    def __init__(self, type: str | device | int, index: int | None = None) -> None:
        if isinstance(type, device):
            self.type, self.index = type.type, type.index
            return
        if isinstance(type, int):
            self.type, self.index = "cuda", type
            return
        if not isinstance(type, str):
            raise TypeError(f"device(): argument 'type' (position 1) must be str, not {type.__class__.__name__}")
        name, colon, number = type.partition(":")
        if colon and not number.isdigit():
            raise lesson(
                RuntimeError(f"Invalid device string: '{type}'"), expected="'cpu', 'cuda' or 'cuda:0'", got=repr(type)
            )
        if name not in KNOWN.split(", "):
            raise lesson(
                RuntimeError(f"Expected one of {KNOWN} device type at start of device string: {name}"),
                expected="'cpu' or 'cuda'",
                got=repr(type),
                hint='torch.device("cuda" if torch.cuda.is_available() else "cpu")',
            )
        if colon and index is not None:
            raise RuntimeError(f"type (string) must not include an index because index was passed explicitly: {type}")
        self.type = name
        self.index = int(number) if colon else index

    def __repr__(self) -> str:
        return f"device(type='{self.type}'" + ("" if self.index is None else f", index={self.index}") + ")"

    def __str__(self) -> str:
        return self.type if self.index is None else f"{self.type}:{self.index}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, device) and (self.type, self.index) == (other.type, other.index)

    def __hash__(self) -> int:
        return hash((self.type, self.index))

    def __enter__(self) -> device:
        default_device.before.append(default_device.current)
        default_device.current = self
        return self

    def __exit__(self, *error: object) -> None:
        default_device.current = default_device.before.pop()

    def __reduce__(self) -> tuple[object, ...]:
        return device, (self.type,) if self.index is None else (self.type, self.index)


CPU, META = device("cpu"), device("meta")


class default_device:  # noqa: N801 - reads like PyTorch's function
    """Where new tensors go if nobody says; ``with torch.device("cuda"):`` sets it for a block."""

    current = CPU
    before: ClassVar[list[device]] = []
