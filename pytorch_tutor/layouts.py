"""How elements lie in memory, as PyTorch names it: ``torch.strided``, ``torch.channels_last``."""

from __future__ import annotations


class layout:  # noqa: N801 - PyTorch spells this class in lower case
    """How a tensor is stored: ``torch.strided`` is the ordinary way."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return f"torch.{self.name}"

    def __reduce__(self) -> str:
        return self.name


class memory_format(layout):  # noqa: N801 - PyTorch spells this class in lower case
    """The order of dimensions in memory."""

    __slots__ = ()


strided, sparse_coo, sparse_csr = layout("strided"), layout("sparse_coo"), layout("sparse_csr")
contiguous_format, preserve_format = memory_format("contiguous_format"), memory_format("preserve_format")
channels_last, channels_last_3d = memory_format("channels_last"), memory_format("channels_last_3d")
NAMED = {kind.name: kind for kind in (strided, sparse_coo, sparse_csr)}
