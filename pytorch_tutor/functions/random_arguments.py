"""What the drawing functions ask of their arguments, with PyTorch's sentence where an answer is wrong."""

from __future__ import annotations

import operator
from typing import Any

from ..backends.mt19937 import Mersenne
from ..creation import default_device
from ..device import device
from ..dtypes import SCALAR_NAMES, dtype
from ..errors import lesson
from ..generator import Generator, default_generator
from ..graph import mode
from ..tensor_base import TensorBase, wrap

_OPTIONS = (
    "Tensor out = None, torch.dtype dtype = None, torch.layout layout = None, torch.device device = None, "
    "bool pin_memory = False, bool requires_grad = False"
)
_WITH_GENERATOR = f"*, torch.Generator generator, {_OPTIONS}"
_WITHOUT = f"*, {_OPTIONS}"
SIGNATURES = {
    "rand": (f"tuple of ints size, {_WITH_GENERATOR}", f"tuple of ints size, {_WITHOUT}"),
    "randint": (
        f"int high, tuple of ints size, {_WITH_GENERATOR}",
        f"int high, tuple of ints size, {_WITHOUT}",
        f"int low, int high, tuple of ints size, {_WITH_GENERATOR}",
        f"int low, int high, tuple of ints size, {_WITHOUT}",
    ),
    "normal": (
        "Tensor mean, Tensor std, *, torch.Generator generator = None, Tensor out = None",
        "Tensor mean, float std = 1, *, torch.Generator generator = None, Tensor out = None",
        "float mean, Tensor std, *, torch.Generator generator = None, Tensor out = None",
        f"float mean, float std, tuple of ints size, *, torch.Generator generator = None, {_OPTIONS}",
    ),
    "random_": (
        "*, torch.Generator generator = None",
        "int from, int to, *, torch.Generator generator = None",
        "int to, *, torch.Generator generator = None",
    ),
    "bernoulli_": (
        "Tensor p, *, torch.Generator generator = None",
        "float p = 0.5, *, torch.Generator generator = None",
    ),
}
SIGNATURES["randn"] = SIGNATURES["rand"]


def no_such_call(function: str, args: tuple[Any, ...], hint: str, **named: Any) -> TypeError:
    """PyTorch's sentence for arguments that fit none of a function's signatures."""
    got = [_type_name(a) for a in args] + [f"{k}={_type_name(v)}" for k, v in named.items()]
    expected = "".join(f" * ({signature})\n" for signature in SIGNATURES[function])
    return lesson(
        TypeError(
            f"{function}() received an invalid combination of arguments - got ({', '.join(got)}), but expected one of:"
            f"\n{expected}"
        ),
        hint=hint,
    )


def _type_name(value: Any) -> str:
    name = type(value).__name__
    return f"torch.{name}" if isinstance(value, (dtype, device)) else name


def check_options(function: str, args: tuple[Any, ...], unknown: dict[str, Any], **options: Any) -> None:
    """TypeError for an option that a drawing function does not have, or one of a wrong type."""
    wrong = dict(unknown)
    for name, kind in (("generator", Generator), ("dtype", dtype)):
        value = options.get(name)
        if value is not None and not isinstance(value, kind):
            wrong[name] = value
    if wrong:
        raise no_such_call(function, args, f"torch.{function}(2, 3, dtype=torch.float32)", **wrong)


def stream_of(generator: Generator | None, function: str) -> Mersenne:
    """The words of ``generator``, or of the default one."""
    if mode.refuse_random is not None:
        mode.refuse_random()
    if generator is None:
        return default_generator.stream
    if not isinstance(generator, Generator):
        raise lesson(
            TypeError(f"{function}(): argument 'generator' must be torch.Generator, not {type(generator).__name__}"),
            expected="a torch.Generator",
            got=repr(generator),
            hint="generator=torch.Generator().manual_seed(0)",
        )
    return generator.stream


def sizes(function: str, args: tuple[Any, ...], size: Any) -> tuple[int, ...]:
    """The shape from ``rand(2, 3)``, ``rand((2, 3))`` or ``rand(size=(2, 3))``."""
    hint = f"torch.{function}(2, 3)"
    if size is not None:
        return shape_of(function, size, 1)
    if not args:
        raise no_such_call(function, args, hint)
    if len(args) == 1:
        if isinstance(args[0], (tuple, list)):
            return shape_of(function, args[0], 1)
        if isinstance(args[0], bool) or not hasattr(args[0], "__index__"):
            raise _not_a_size(function, args[0], 1)
    elif any(isinstance(a, (tuple, list)) or not hasattr(a, "__index__") for a in args):
        raise no_such_call(function, args, hint)
    return shape_of(function, args, 1)


def shape_of(function: str, size: Any, position: int) -> tuple[int, ...]:
    """``size`` as a tuple of dimensions."""
    if not isinstance(size, (tuple, list)):
        raise _not_a_size(function, size, position)
    try:
        shape = tuple([operator.index(n) for n in size])
    except TypeError:
        place, wrong = next((i, n) for i, n in enumerate(size) if not hasattr(n, "__index__"))
        raise lesson(
            TypeError(
                f"{function}(): argument 'size' (position {position}) must be tuple of ints, but found element of type "
                f"{type(wrong).__name__} at pos {place}"
            ),
            expected="whole numbers",
            got=repr(wrong),
        ) from None
    for n in shape:
        if n < 0:
            raise lesson(
                RuntimeError(f"Trying to create tensor with negative dimension {n}: {list(shape)}"),
                expected="dimensions of 0 or more",
                got=list(shape),
            )
    return shape


def _not_a_size(function: str, value: Any, position: int) -> TypeError:
    return lesson(
        TypeError(
            f"{function}(): argument 'size' (position {position}) must be tuple of ints, not {type(value).__name__}"
        ),
        expected="a tuple of ints",
        got=repr(value),
        hint=f"size=({value},)" if isinstance(value, int) else None,
    )


def number(function: str, argument: str, position: int, value: Any) -> float:
    """A float argument: a Python number or a tensor of one element."""
    if isinstance(value, TensorBase) and value._array.size == 1:
        return float(value._array.reshape(()).item())
    if isinstance(value, str) or not hasattr(value, "__float__"):
        raise lesson(
            TypeError(
                f"{function}(): argument '{argument}' (position {position}) must be float, not {type(value).__name__}"
            ),
            expected="a number",
            got=repr(value),
        )
    return float(value)


def whole_number(function: str, argument: str, position: int | None, value: Any) -> int:
    """An int argument."""
    if isinstance(value, (bool, float, str)) or not hasattr(value, "__index__"):
        place = "" if position is None else f" (position {position})"
        raise lesson(
            TypeError(f"{function}(): argument '{argument}'{place} must be int, not {type(value).__name__}"),
            expected="a whole number",
            got=repr(value),
        )
    found = operator.index(value)
    if not -(1 << 63) <= found < 1 << 63:
        raise ValueError("Overflow when unpacking long long")
    return found


def floating(kernel: str, kind: dtype, complex_too: bool = False) -> None:
    """NotImplementedError where a kernel exists for floats only."""
    if kind.is_floating_point or (complex_too and kind.is_complex):
        return
    raise lesson(
        NotImplementedError(f"\"{kernel}\" not implemented for '{SCALAR_NAMES[kind]}'"),
        expected="a floating point dtype",
        got=str(kind),
        hint="dtype=torch.float32",
    )


def place_of(where: Any) -> device:
    """The device that an option names; the default one where it names none."""
    place = default_device.current if where is None else where
    return place if isinstance(place, device) else device(place)


def finished(array: Any, kind: dtype, where: Any, requires_grad: bool) -> Any:
    """The tensor of a freshly drawn array: where it was wanted, and a leaf of the graph if that was wanted."""
    tensor = wrap(array, kind if kind.name == "bfloat16" else None)
    place = place_of(where)
    if place.type != "cpu" and not tensor.is_meta:
        tensor = tensor.to(place)
    if requires_grad:
        if not (kind.is_floating_point or kind.is_complex):
            raise lesson(
                RuntimeError("Only Tensors of floating point and complex dtype can require gradients"),
                expected="a floating point dtype",
                got=str(kind),
                hint="dtype=torch.float32",
            )
        tensor._requires_grad = True
    return tensor


def chosen_dtype(given: dtype | None, out: Any, default: dtype) -> dtype:
    """The dtype that was asked for: by ``dtype``, by ``out``, or the default."""
    if out is None:
        return default if given is None else given
    if given is not None and given is not out.dtype:
        raise RuntimeError(
            f"dtype {SCALAR_NAMES[given]} does not match dtype of out parameter ({SCALAR_NAMES[out.dtype]})"
        )
    found: dtype = out.dtype
    return found
