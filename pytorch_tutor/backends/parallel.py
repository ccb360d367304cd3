"""Elementwise functions of NumPy on several cores: inside its loops NumPy lets go of Python's lock."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy

from pytorch_tutor.backends import numpy_elementwise as reference
from pytorch_tutor.backends.onednn_primitive import in_memory_order
from pytorch_tutor.backends.threads import get_threads

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

Array = Any

LARGE = 1 << 18  # elements; below, waking a thread costs more than it saves
BLOCK = 1 << 15  # elements that stay in the cache between the passes of a function such as sigmoid


def exp(x: Array) -> Array:
    """See the reference."""
    return in_parts(numpy.exp, x)


def log(x: Array) -> Array:
    """See the reference."""
    return in_parts(numpy.log, x)


def tanh(x: Array) -> Array:
    """See the reference."""
    return in_parts(numpy.tanh, x)


def sigmoid(x: Array) -> Array:
    """See the reference."""
    return in_parts(reference.sigmoid, x)


def erf(x: Array) -> Array:
    """See the reference."""
    return in_parts(reference.erf, x)


def in_parts(function: Callable[[Array], Array], x: Array) -> Array:
    """`function(x)`, each thread taking a part of the memory."""
    threads = get_threads()
    if x.size < LARGE or threads == 1 or x.dtype.kind != "f":
        return function(x)
    ordered = in_memory_order(x)
    if not ordered.flags.c_contiguous:
        return function(x)
    y = numpy.empty_like(x)
    source, target = ordered.reshape(-1), in_memory_order(y).reshape(-1)
    step = -(-x.size // threads)

    def part(start: int) -> None:
        for at in range(start, min(start + step, x.size), BLOCK):
            block = slice(at, min(at + BLOCK, start + step))
            target[block] = function(source[block])

    others = [_pool(threads - 1).submit(part, start) for start in range(step, x.size, step)]
    part(0)
    for done in others:
        done.exception()  # waits until it is done, and does not raise
    for done in others:
        done.result()
    return y


@lru_cache(maxsize=4)
def _pool(threads: int) -> ThreadPoolExecutor:
    from concurrent.futures import ThreadPoolExecutor  # and logging with it: 10 ms that a first lesson does not need

    return ThreadPoolExecutor(threads, thread_name_prefix="pytorch-tutor")


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_pool.cache_clear)  # a forked child has none of its parent's threads
