"""``vmap``: the function for one example as a function for many."""

from __future__ import annotations

import contextlib
import functools
import io
from collections.abc import Callable, Iterator
from typing import Any

from ..autograd.function import NOTES, Function
from ..creation import empty
from ..errors import lesson
from ..functions.indexing import select
from ..functions.shape import movedim, stack
from ..generator import default_generator
from ..graph import mode, observe
from ..tensor_base import TensorBase
from .trees import leaves, rebuilt, shape_of, spelled, spread, treespec

RANDOM = (
    "vmap: called random operation while in randomness error mode. Please either use the 'same' or 'different' randomness "
    "flags on vmap or perform the randomness operation out of vmap"
)


def name_of(func: Any) -> str:
    """The function's name for error sentences."""
    if hasattr(func, "__name__"):
        return str(func.__name__)
    if isinstance(func, functools.partial):
        return f"functools.partial({name_of(func.func)}, ...)"
    return repr(func)


def vmap(
    func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0, randomness: str = "error", *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:  # fmt: skip
    """The function for one example as a function for many: it is called for each, and the results are stacked.

    ``in_dims`` says which dimension of each argument counts the examples (None: the argument is the same for all),
    ``out_dims`` where that dimension goes in the results. PyTorch computes all examples at once, so a value of one
    example can decide nothing: ``if x > 0`` and ``x.item()`` are refused here as there. What the function prints is
    printed for the first example.

    Args:
        func: a function of tensors.
        in_dims: a number, or a nesting of numbers and None like that of the arguments.
        out_dims: the same for the results.
        randomness: ``"error"`` refuses random numbers, ``"same"`` draws the same for all examples, ``"different"``
            others for each.
        chunk_size: examples at a time; None for all. It changes nothing but what random numbers are drawn.

    >>> import pytorch_tutor as torch
    >>> torch.func.vmap(torch.dot)(torch.ones(2, 3), torch.arange(6.0).reshape(2, 3))
    tensor([ 3., 12.])
    """
    if randomness not in ("error", "different", "same"):
        raise lesson(
            RuntimeError(f"Only allowed values for randomness are 'error', 'different', or 'same'. Got {randomness}"),
            expected="'error', 'different' or 'same'",
            got=f"{randomness!r}",
        )
    if not (chunk_size is None or chunk_size > 0):
        raise ValueError(f"vmap: chunk_size should be None or greater than 0. (got {chunk_size})")

    @functools.wraps(func, assigned=[a for a in functools.WRAPPER_ASSIGNMENTS if hasattr(func, a)], updated=())
    def batched(*args: Any, **kwargs: Any) -> Any:
        _check_numbers(out_dims, func, out_dims)
        dims, size = _input_dims(func, in_dims, args)
        step = size if chunk_size is None else chunk_size
        flat = leaves(args)
        if size == 0:
            return _of_none(func, args, kwargs, dims, out_dims)
        chunks = []
        with _level(randomness) as level:
            for start in range(0, size, step):
                chunk = range(start, min(start + step, size))
                chunks += _each(func, args, kwargs, flat, dims, chunk, level)
        return _joined(func, chunks, out_dims, level)

    return batched


class _Level:
    """One vmap under way: the bit by which tensors that differ between examples are known."""

    def __init__(self, randomness: str) -> None:
        self.randomness = randomness
        self.bit = 1 << sum(name == "vmap" for name in mode.transforms)

    def mark(self, node: Any, inputs: tuple[Any, ...], results: Any) -> None:
        """An observer: what is computed from a marked tensor is marked."""
        bit = self.bit
        if any([isinstance(x, TensorBase) and x._mapped & bit for x in inputs]):
            for result in results if isinstance(results, tuple) else (results,):
                if isinstance(result, TensorBase):
                    result._mapped |= bit


def _refuse_random() -> None:
    raise lesson(RuntimeError(RANDOM), expected="randomness='same' or 'different'", got="'error', which is the default")


@contextlib.contextmanager
def _level(randomness: str) -> Iterator[_Level]:
    """The state of the engine while a vmap runs."""
    level = _Level(randomness)
    before = mode.transforms, mode.refuse_random
    mode.transforms = (*mode.transforms, "vmap")
    mode.refuse_random = _refuse_random if randomness == "error" else None
    try:
        with observe(op_called=level.mark):
            yield level
    finally:
        mode.transforms, mode.refuse_random = before


def _each(
    func: Any, args: Any, kwargs: Any, flat: list[Any], dims: list[Any], chunk: range, level: _Level
) -> list[Any]:
    """The results for some examples, one after the other."""
    same = default_generator.stream.copy() if level.randomness == "same" else None
    results = []
    for i in chunk:
        if same is not None:
            default_generator.stream = same.copy()
        one = [x if d is None else _example(x, d, i, level.bit) for x, d in zip(flat, dims, strict=True)]
        quiet = contextlib.nullcontext() if i == 0 else contextlib.redirect_stdout(io.StringIO())
        with quiet:
            results.append(func(*rebuilt(args, iter(one)), **kwargs))
    return results


def _example(x: Any, dim: int, i: int, bit: int) -> Any:
    one = select(x, dim, i)
    one._mapped |= bit
    return one


def _joined(func: Any, results: list[Any], out_dims: Any, level: _Level) -> Any:
    """The results of all examples, stacked where ``out_dims`` says."""
    first = results[0]
    places = _output_dims(func, out_dims, first)
    name = name_of(func)
    joined: list[Any] = []
    for parts, d in zip(zip(*map(leaves, results), strict=True), places, strict=True):
        if d is None:
            if isinstance(parts[0], TensorBase) and parts[0]._mapped & level.bit:
                raise ValueError(f"vmap({name}, ...): `{name}` can not return a BatchedTensor when out_dim is None")
            joined.append(parts[0])
            continue
        if not isinstance(parts[0], TensorBase):
            raise lesson(
                ValueError(
                    f"vmap({name}, ...): `{name}` must only return Tensors, got type {type(parts[0])}. Did you mean to set "
                    "out_dims= to None for output?"
                ),
                expected="a tensor",
                got=f"{parts[0]!r}",
            )
        ndim = parts[0].dim() + 1
        if not -ndim <= d < ndim:
            raise IndexError(f"Dimension out of range (expected to be in range of [{-ndim}, {ndim - 1}], but got {d})")
        whole = movedim(stack(list(parts)), 0, d)
        whole._mapped &= ~level.bit
        joined.append(whole)
    return rebuilt(first, iter(joined))


def _of_none(func: Any, args: Any, kwargs: Any, dims: list[Any], out_dims: Any) -> Any:
    """No examples: the shapes of the results are found with one of zeros, of which nothing is kept."""
    one = [
        x if d is None else empty([n for k, n in enumerate(x.shape) if k != d], dtype=x.dtype).zero_()
        for x, d in zip(leaves(args), dims, strict=True)
    ]
    result = func(*rebuilt(args, iter(one)), **kwargs)
    places = _output_dims(func, out_dims, result)
    return rebuilt(
        result,
        iter([o if d is None else movedim(stack([o])[:0], 0, d) for o, d in zip(leaves(result), places, strict=True)]),
    )


# -- which dimension
def _check_numbers(dims: Any, func: Any, out_dims: Any) -> None:
    for d in leaves(dims):
        if d is not None and not isinstance(d, int):
            raise ValueError(
                f"vmap({name_of(func)}, ..., out_dims={out_dims}): `out_dims` must be an int, None or a python collection "
                "of ints representing where in the outputs the vmapped dimension should appear."
            )


def _input_dims(func: Any, in_dims: Any, args: tuple[Any, ...]) -> tuple[list[Any], int]:
    """The dimension of each leaf of the arguments (None: not mapped), and the number of examples."""
    called = f"vmap({name_of(func)}, in_dims={in_dims}, ...)(<inputs>)"
    if not isinstance(in_dims, (int, tuple)):
        raise lesson(
            ValueError(
                f"{called}: expected `in_dims` to be int or a (potentially nested) tuple matching the structure of inputs, "
                f"got: {type(in_dims)}."
            ),
            expected="a number or a tuple",
            got=f"{in_dims!r}",
        )
    if not args:
        raise ValueError(
            f"vmap({name_of(func)})(<inputs>): got no inputs. Maybe you forgot to add inputs, or you are trying to vmap over "
            "a function with no inputs. The latter is unsupported."
        )
    found = spread(in_dims, args)
    if found is None:
        raise lesson(
            ValueError(
                f"{called}: in_dims is not compatible with the structure of `inputs`. in_dims has structure "
                f"{treespec(in_dims)} but inputs has structure {treespec(args)}."
            ),
            expected=spelled(args),
            got=spelled(in_dims),
        )
    flat = leaves(args)
    for i, (x, d) in enumerate(zip(flat, found, strict=True)):
        if d is None:
            continue
        if not isinstance(d, int):
            raise ValueError(
                f"{called}: Got in_dim={d} for an input but in_dim must be either an integer dimension or None."
            )
        if not isinstance(x, TensorBase):
            raise lesson(
                ValueError(
                    f"{called}: Got in_dim={d} for an input but the input is of type {type(x)}. We cannot vmap over "
                    "non-Tensor arguments, please use None as the respective in_dim"
                ),
                expected="a tensor",
                got=f"{x!r}",
                hint="in_dims=(0, None)",
            )
        if not -x.dim() <= d < x.dim():
            raise ValueError(
                f"{called}: Got in_dim={d} for some input, but that input is a Tensor of dimensionality {x.dim()} so "
                f"expected in_dim to satisfy -{x.dim()} <= in_dim < {x.dim()}."
            )
        found[i] = d % x.dim()
    sizes = [x.size(d) for x, d in zip(flat, found, strict=True) if d is not None]
    if not sizes:
        raise ValueError("vmap: Expected at least one Tensor to vmap over")
    if any(size != sizes[0] for size in sizes):
        raise lesson(
            ValueError(
                "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
                f"{sizes} for the mapped dimension"
            ),
            expected="as many examples in every argument",
            got=sizes,
        )
    return found, sizes[0]


def _output_dims(func: Any, out_dims: Any, result: Any) -> list[Any]:
    """The dimension of each leaf of the result."""
    if isinstance(result, TensorBase) and isinstance(out_dims, tuple) and len(out_dims) == 1:
        return list(out_dims)
    found = spread(out_dims, result)
    if found is None:
        raise lesson(
            ValueError(
                f"vmap({name_of(func)}, ..., out_dims={out_dims})(<inputs>): out_dims is not compatible with the structure "
                f"of `outputs`. out_dims has structure {treespec(out_dims)} but outputs has structure {treespec(result)}."
            ),
            expected=spelled(result),
            got=spelled(out_dims),
        )
    return found


# -- functions of the user's own
class VmapInfo:
    """What a Function's ``vmap`` is told."""

    def __init__(self, batch_size: int, randomness: str) -> None:
        self.batch_size, self.randomness = batch_size, randomness


def batched_function(cls: type[Function], args: tuple[Any, ...]) -> Any:
    """A Function inside vmap: by its own ``vmap``, here for a batch of one, or as it is with ``generate_vmap_rule``."""
    own = cls.vmap is not Function.vmap
    if own and cls.generate_vmap_rule:
        raise RuntimeError(
            f"You tried to vmap over {cls.__name__}, but it has both generate_vmap_rule=True and an overriden vmap "
            f"staticmethod. Please set generate_vmap_rule=False or delete the overriden vmap staticmethod to avoid "
            f"ambiguity. {NOTES}"
        )
    if not own and not cls.generate_vmap_rule:
        raise lesson(
            RuntimeError(
                f"You tried to vmap over {cls.__name__}, but it does not have vmap support. Please override and implement "
                f"the vmap staticmethod or set generate_vmap_rule=True. {NOTES}"
            ),
            expected="generate_vmap_rule = True, or a staticmethod vmap(info, in_dims, *args)",
            got="neither",
        )
    mapped = [isinstance(x, TensorBase) and bool(x._mapped) for x in args]
    if not own or not any(mapped):
        return cls.apply_one(True, args, {})
    before, mode.transforms = mode.transforms, mode.transforms[:-1]
    try:
        batch = [x.unsqueeze(0) if m else x for x, m in zip(args, mapped, strict=True)]
        dims = tuple([0 if m else None for m in mapped])
        randomness = "error" if mode.refuse_random is not None else "different"
        outputs, out_dims = cls.vmap(VmapInfo(1, randomness), dims, *batch)
    finally:
        mode.transforms = before
    places = spread(out_dims, outputs)
    if places is None or shape_of(outputs) == "*" and len(places) != 1:
        raise ValueError(f"{cls.__name__}.vmap: out_dims has structure {spelled(out_dims)}, outputs {spelled(outputs)}")
    ones = [o if d is None else select(o, d, 0) for o, d in zip(leaves(outputs), places, strict=True)]
    return rebuilt(outputs, iter(ones))


Function.batched = staticmethod(batched_function)

__all__ = ["vmap"]
