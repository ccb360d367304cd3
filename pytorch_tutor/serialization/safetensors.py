"""Hugging Face's ``.safetensors`` files: names and plain tensors, nothing else; read and written without a library.

Eight bytes say how long the header is; the header is JSON, ``{"name": {"dtype": "F32", "shape": [2, 3],
"data_offsets": [begin, end]}}``; the rest is the numbers. There is nothing in it that could be executed.
"""

from __future__ import annotations

import json
import os
import struct
from pathlib import Path
from typing import Any

import numpy as np

from pytorch_tutor import dtypes
from pytorch_tutor.device import device as make_device
from pytorch_tutor.errors import lesson
from pytorch_tutor.serialization.saving import replaced_at_once
from pytorch_tutor.serialization.storages import Storage, tensor_from
from pytorch_tutor.tensor_base import TensorBase

__all__ = ["load_file", "save_file"]

_NAMES = {
    "BOOL": dtypes.bool,
    "U8": dtypes.uint8,
    "I8": dtypes.int8,
    "U16": dtypes.uint16,
    "I16": dtypes.int16,
    "U32": dtypes.uint32,
    "I32": dtypes.int32,
    "U64": dtypes.uint64,
    "I64": dtypes.int64,
    "F16": dtypes.float16,
    "BF16": dtypes.bfloat16,
    "F32": dtypes.float32,
    "F64": dtypes.float64,
    "C64": dtypes.complex64,
}
_SPELLED = {kind: name for name, kind in _NAMES.items()}
_LONGEST_HEADER = 100_000_000  # the format's own limit


def save_file(tensors: dict[str, Any], filename: Any, metadata: dict[str, str] | None = None) -> None:
    """Save tensors by name.

    Args:
        tensors: names and tensors, such as a ``state_dict``.
        filename: path of the file; it takes the place of an old one when it is complete.
        metadata: further text.

    Example::

        >>> import os, tempfile
        >>> import pytorch_tutor as torch
        >>> from pytorch_tutor.serialization.safetensors import load_file, save_file
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_file({"w": torch.ones(2)}, os.path.join(folder, "w.safetensors"))
        ...     load_file(os.path.join(folder, "w.safetensors"))
        {'w': tensor([1., 1.])}
    """
    header: dict[str, Any] = {"__metadata__": metadata} if metadata else {}
    pieces: list[bytes] = []
    at = 0
    # larger elements first, as the format's own library does, so that each lies at a multiple of its size
    sizes: dict[str, Any] = {name: _kind(name, tensor).itemsize for name, tensor in tensors.items()}
    order = sorted(tensors, key=lambda name: (-sizes[name], name))
    for name in order:
        data = _bytes_of(tensors[name])
        header[name] = {
            "dtype": _SPELLED[tensors[name].dtype],
            "shape": list(tensors[name].shape),
            "data_offsets": [at, at + len(data)],
        }
        pieces.append(data)
        at += len(data)
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * ((8 - len(text) % 8) % 8)
    with replaced_at_once(Path(os.fspath(filename))) as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for piece in pieces:
            file.write(piece)


def load_file(filename: Any, device: Any = "cpu") -> dict[str, Any]:
    """Load the tensors of a file, by name.

    Args:
        filename: path of the file.
        device: where they go.

    Raises:
        RuntimeError: the file is damaged or cut off.
    """
    data = Path(os.fspath(filename)).read_bytes()
    try:
        return _parse(data, str(make_device(device)))
    except (ValueError, KeyError, TypeError, struct.error, RecursionError) as error:
        raise lesson(
            RuntimeError(f"Error while deserializing header: {error}"),
            got=f"{filename}, damaged, cut off, or not a safetensors file",
            hint="download or save it again",
        ) from None


def _parse(data: bytes, device: str) -> dict[str, Any]:
    (length,) = struct.unpack("<Q", data[:8])
    if length > min(_LONGEST_HEADER, len(data) - 8):
        raise ValueError("header too large")
    header = json.loads(data[8 : 8 + length].decode())
    body = memoryview(data)[8 + length :]
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        kind, shape, (begin, end) = _NAMES[entry["dtype"]], entry["shape"], entry["data_offsets"]
        if not 0 <= begin <= end <= len(body):
            raise ValueError(f"tensor {name!r} lies outside of the file")
        strides, step = [], 1
        for n in reversed(shape):
            strides.append(step)
            step *= n
        if step * kind.itemsize != end - begin:
            raise ValueError(f"tensor {name!r} of shape {shape} does not fill its {end - begin} bytes")
        storage = Storage(bytearray(body[begin:end]), kind, device)
        tensors[name] = tensor_from(storage, kind, 0, shape, strides[::-1])
    return tensors


def _kind(name: str, tensor: Any) -> dtypes.dtype:
    if not isinstance(tensor, TensorBase):
        raise lesson(
            ValueError(f"Key `{name}` is invalid, expected torch.Tensor but received {type(tensor)}"),
            hint="safetensors holds tensors only; use torch.save for other things",
        )
    if tensor.dtype not in _SPELLED:
        raise lesson(ValueError(f"{tensor.dtype} cannot be saved in a safetensors file"), hint="use torch.save")
    return tensor.dtype


def _bytes_of(tensor: Any) -> bytes:
    array = tensor.detach().cpu().settle()
    if tensor.dtype is dtypes.bfloat16:
        array = (np.ascontiguousarray(array).view("u4") >> 16).astype("u2")
    return bytes(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False).tobytes())
