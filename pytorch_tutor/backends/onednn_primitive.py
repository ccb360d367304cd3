"""One oneDNN operation, prepared once for given shapes and run many times on different memory."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from threading import RLock
from typing import Any
from weakref import finalize

import numpy

from pytorch_tutor.backends import onednn_library as dnnl

Array = Any

CACHED = 512  # prepared operations kept per kind: a large network has some hundred different shapes

# Memory and scratch space belong to a prepared operation, so only one thread runs one at a time. Within a call all
# cores work anyhow.
lock = RLock()


def dims(values: Sequence[int]) -> Any:
    """A C array of dimensions."""
    return dnnl.Dims(*values, *[0] * (dnnl.MAX_DIMS - len(values)))


class Descriptions:
    """Makes descriptions of memory (shape, number type, strides) and forgets them all at the end of a `with`."""

    def __init__(self, lib: dnnl.Library) -> None:
        self.lib = lib
        self.made: list[tuple[str, int]] = []

    def __enter__(self) -> Descriptions:
        return self

    def __exit__(self, *_: object) -> None:
        for name, handle in reversed(self.made):
            self.lib.call(name, handle)

    def strided(self, shape: Sequence[int], strides: Sequence[int], number: int = dnnl.F32) -> int:
        """Memory with these strides, counted in elements."""
        new = self.lib.new("dnnl_memory_desc_create_with_strides", len(shape), dims(shape), number, dims(strides))
        self.made.append(("dnnl_memory_desc_destroy", new))
        return new

    def plain(self, shape: Sequence[int], number: int = dnnl.F32) -> int:
        """Memory in row-major order."""
        return self.strided(shape, row_major(shape), number)

    def channels_last(self, shape: Sequence[int], number: int = dnnl.F32) -> int:
        """Memory of shape (N, C, *space) in which channels lie side by side."""
        batch, channels, *space = shape
        last = row_major((batch, *space, channels))
        return self.strided(shape, (last[0], last[-1], *last[1:-1]), number)

    def any(self, shape: Sequence[int]) -> int:
        """Memory in whichever order the operation likes best."""
        new = self.lib.new("dnnl_memory_desc_create_with_tag", len(shape), dims(shape), dnnl.F32, dnnl.TAG_ANY)
        self.made.append(("dnnl_memory_desc_destroy", new))
        return new

    def operation(self, name: str, *arguments: Any) -> int:
        """The description of an operation, `dnnl_<name>_primitive_desc_create`."""
        new = self.lib.new(f"dnnl_{name}_primitive_desc_create", self.lib.engine, *arguments)
        self.made.append(("dnnl_primitive_desc_destroy", new))
        # A recurrent layer called "ref" is made of quick matrix products: there the name is no warning.
        if self.lib.implementation(new).startswith("ref") and not name.startswith("lstm"):
            raise dnnl.UnsupportedError(f"only the slow path of oneDNN can do this {name}")
        return new

    def post_operation(self, name: str, *arguments: Any) -> int:
        """Attributes that append one operation, done on each result before it leaves the processor."""
        chain = self.lib.new("dnnl_post_ops_create")
        self.made.append(("dnnl_post_ops_destroy", chain))
        self.lib.call(f"dnnl_post_ops_append_{name}", chain, *arguments)
        attributes = self.lib.new("dnnl_primitive_attr_create")
        self.made.append(("dnnl_primitive_attr_destroy", attributes))
        self.lib.call("dnnl_primitive_attr_set_post_ops", attributes, chain)
        return attributes

    def reorder(self, source: int, target: int) -> int:
        """The description of a copy from one order of memory to another."""
        engine = self.lib.engine
        new = self.lib.new("dnnl_reorder_primitive_desc_create", source, engine, target, engine, None)
        self.made.append(("dnnl_primitive_desc_destroy", new))
        return new


def row_major(shape: Sequence[int]) -> tuple[int, ...]:
    """Strides, in elements, of C order."""
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= max(n, 1)
    return tuple(reversed(strides))


class Primitive:
    """A prepared operation: call it with one address per role, in the order in which the roles were given."""

    __slots__ = ("__weakref__", "_arguments", "_count", "_execute", "_handle", "_memories", "_set", "_stream")

    def __init__(self, lib: dnnl.Library, description: int, roles: Sequence[tuple[int, int]]) -> None:
        self._handle = lib.new("dnnl_primitive_create", description)
        self._memories = [lib.new("dnnl_memory_create", memory, lib.engine, None) for _, memory in roles]
        pairs = zip(roles, self._memories, strict=True)
        self._arguments = (dnnl.Argument * len(roles))(*[dnnl.Argument(role, memory) for (role, _), memory in pairs])
        self._count = len(roles)
        self._set, self._execute, self._stream = lib.set_pointer, lib.execute, lib.stream
        finalize(self, _destroy, lib, self._handle, self._memories)

    def __call__(self, *addresses: int) -> None:
        set_pointer = self._set
        with lock:
            for memory, address in zip(self._memories, addresses, strict=True):
                set_pointer(memory, address)
            status = self._execute(self._handle, self._stream, self._count, self._arguments)
        if status:
            raise RuntimeError(f"oneDNN could not run an operation that it had prepared (status {status})")


def _destroy(lib: dnnl.Library, handle: int, memories: list[int]) -> None:
    lib.call("dnnl_primitive_destroy", handle)
    for memory in memories:
        lib.call("dnnl_memory_destroy", memory)


def _slow_address(array: Array) -> int:
    where: int = array.__array_interface__["data"][0]
    return where


def _fast_address(array: Array) -> int:
    # CPython's `id` is where the object lies, and the first field of an array object is the pointer to its data.
    # Eight times as quick as the public way, which builds a dictionary; used only where it is seen to agree with it.
    return _pointer_at(id(array) + object.__basicsize__).value or 0


_pointer_at = dnnl.P.from_address
_probe = numpy.arange(7)[2:]
_agree = sys.implementation.name == "cpython" and _fast_address(_probe) == _slow_address(_probe)
address = _fast_address if _agree else _slow_address  # where the array's first element lies


TO_LAST = {3: (0, 2, 1), 4: (0, 2, 3, 1), 5: (0, 2, 3, 4, 1)}
TO_FIRST = {3: (0, 2, 1), 4: (0, 3, 1, 2), 5: (0, 4, 1, 2, 3)}


def channels_last(x: Array) -> Array:
    """`x` with its channels side by side in memory, as (N, *space, C): a view where it is so already, else a copy."""
    last = x.transpose(TO_LAST[x.ndim])
    return last if last.flags.c_contiguous else numpy.ascontiguousarray(last)


def empty_channels_last(shape: Sequence[int]) -> Array:
    """A new float32 array of shape (N, C, *space), channels-last in memory."""
    batch, channels, *space = shape
    return numpy.empty((batch, *space, channels), numpy.float32).transpose(TO_FIRST[len(shape)])


def has_nan(x: Array) -> bool:
    """Whether NaN is anywhere in `x`, whose memory has no gaps: oneDNN does not treat it everywhere as PyTorch does.

    The scalar product with itself is the cheapest question that NaN alone answers with NaN.
    """
    flat = x.reshape(-1, order="A") if x.flags.forc else in_memory_order(x).reshape(-1)
    square = float(numpy.dot(flat, flat))
    return square != square


def in_memory_order(x: Array) -> Array:
    """`x` with its axes sorted by stride: C order where its memory has no gaps."""
    return x.transpose(sorted(range(x.ndim), key=lambda axis: -x.strides[axis]))


_scratch = numpy.empty(0, numpy.uint8)


def scratch(size: int) -> int:
    """The address of at least `size` bytes for use within the lock, aligned to a cache line; shared by everyone."""
    global _scratch
    if _scratch.nbytes < size + 64:
        _scratch = numpy.empty(size + 64, numpy.uint8)
    start = address(_scratch)
    return start + -start % 64


def loaded() -> dnnl.Library:
    """The library, for code that runs only where it is installed."""
    lib = dnnl.library()
    assert lib is not None
    return lib
