"""Reading files that PyTorch wrote before version 1.6: no zip archive, but one description after another."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

from pytorch_tutor.dtypes import uint8
from pytorch_tutor.serialization.globals import Policy, StorageType
from pytorch_tutor.serialization.storages import Storage
from pytorch_tutor.serialization.unpickler import Unpickler

__all__ = ["load_legacy"]

_MAGIC_NUMBER = 0x1950A86A20F9469CFC6C
_PROTOCOL_VERSION = 1001


def load_legacy(data: bytes, policy: Policy, place: Callable[[Storage, str], Storage]) -> Any:
    """The object in an old file.

    The file holds five pickles (a magic number, a version, facts about the machine, the object, the names of the
    storages) and then the numbers of each storage. They come last, so tensors are made on memory that is filled later.

    Args:
        data: the whole file.
        policy: what names may stand for.
        place: puts a storage where it belongs, given the location in the file.
    """
    at = 0
    memory: dict[str, tuple[_Late, bytearray]] = {}

    def storage(key: Any) -> Storage:
        _, kind, name, location, count, view = key
        if not isinstance(kind, StorageType) or kind.kind is None or view is not None:
            raise UnpicklingError("an old checkpoint with views of storages, which this library does not read")
        if name not in memory:
            if not isinstance(count, int) or count * kind.kind.itemsize > len(data):
                raise EOFError
            room = bytearray(count * kind.kind.itemsize)
            memory[name] = (_Late(room, kind.kind, str(location)), room)
        return memory[name][0]

    def unpickle() -> Any:
        nonlocal at
        machine = Unpickler(data, policy, storage, at)
        value = machine.load()
        at = machine.position
        return value

    if unpickle() != _MAGIC_NUMBER:
        raise UnpicklingError("Invalid magic number; corrupt file?")
    version = unpickle()
    if version != _PROTOCOL_VERSION:
        raise UnpicklingError(f"Invalid protocol version: {version}")
    unpickle()
    # the object is made twice: first to learn which storages there are, then with their numbers
    start = at
    unpickle()
    for name in unpickle():
        if name not in memory:
            raise UnpicklingError("a storage that no tensor uses")
        target, room = memory[name]
        kind = target.kind or uint8
        (count,) = struct.unpack("<q", data[at : at + 8])
        at += 8
        size = count * kind.itemsize
        if count < 0 or size != len(room) or at + size > len(data):
            raise EOFError
        room[:] = data[at : at + size]
        at += size
    filled = {name: place(Storage(room, target.kind, "cpu"), target.place) for name, (target, room) in memory.items()}
    return Unpickler(data, policy, lambda key: filled[key[2]], start).load()


class _Late(Storage):
    """A storage whose numbers have not been read yet."""

    def __init__(self, room: bytearray, kind: Any, location: str) -> None:
        super().__init__(room, kind, "cpu")
        self.place = location
