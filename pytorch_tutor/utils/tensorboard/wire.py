"""Protocol buffers by hand: the few kinds of fields that TensorBoard's events are made of, and the records' checksums."""

from __future__ import annotations

import struct
from collections.abc import Iterable


def varint(number: int) -> bytes:
    """A whole number, seven bits to a byte, the lowest first.

    >>> varint(300).hex()
    'ac02'
    """
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def integer(field: int, value: int) -> bytes:
    """A field that holds a whole number."""
    return varint(field << 3) + varint(value)


def double(field: int, value: float) -> bytes:
    """A field that holds a float64."""
    return varint(field << 3 | 1) + struct.pack("<d", value)


def single(field: int, value: float) -> bytes:
    """A field that holds a float32."""
    return varint(field << 3 | 5) + struct.pack("<f", value)


def block(field: int, value: bytes | str) -> bytes:
    """A field that holds a text, bytes or another message."""
    data = value.encode() if isinstance(value, str) else value
    return varint(field << 3 | 2) + varint(len(data)) + data


def doubles(field: int, values: Iterable[float]) -> bytes:
    """A field that holds many float64."""
    return block(field, b"".join(struct.pack("<d", value) for value in values))


def _table() -> list[int]:
    """What each byte does to a CRC-32C (Castagnoli's polynomial)."""
    table = []
    for n in range(256):
        for _ in range(8):
            n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
        table.append(n)
    return table


_CRC = _table()


def crc32c(data: bytes) -> int:
    """The checksum CRC-32C.

    >>> hex(crc32c(b"123456789"))
    '0xe3069283'
    """
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _CRC[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def masked(data: bytes) -> bytes:
    """The checksum as a record holds it: turned and shifted, so that a checksum of checksums is none."""
    crc = crc32c(data)
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def record(data: bytes) -> bytes:
    """A record of a TFRecord file: length, its checksum, the data, its checksum."""
    length = struct.pack("<Q", len(data))
    return length + masked(length) + data + masked(data)
