"""What PyTorch says to arguments that fit none of a function's signatures: its parser, run when a call has failed.

PyTorch's built-in functions check their arguments against signatures, ``add(Tensor input, Tensor other, *, Scalar
alpha=1)``, and their sentences follow from that. The engine's functions are Python's; where one of them fails, the call
is held against PyTorch's signature (`signatures.txt`), and if it does not fit, that is what the learner is told.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Iterable
from functools import cache, wraps
from inspect import signature as signature_of
from pathlib import Path
from types import FunctionType
from typing import Any, NoReturn

import numpy as np

from .device import device
from .dtypes import dtype
from .errors import lesson, no_memory
from .generator import Generator
from .graph.mode import everywhere
from .layouts import layout, memory_format
from .overloads import as_function_takes_it
from .overriding import appeared, asked, hand_over, overridable
from .tensor_base import TensorBase

# What a signature calls a type, and what its sentences call it.
SPOKEN = {
    "Tensor": "Tensor", "Scalar": "Number", "int64_t": "int", "SymInt": "int", "double": "float", "complex": "complex",
    "TensorList": "tuple of Tensors", "IntArrayRef": "tuple of ints", "SymIntArrayRef": "tuple of ints",
    "ArrayRef<double>": "tuple of floats", "Generator": "torch.Generator", "bool": "bool", "Storage": "torch.Storage",
    "PyObject*": "object", "ScalarType": "torch.dtype", "Layout": "torch.layout", "MemoryFormat": "torch.memory_format",
    "QScheme": "torch.qscheme", "Device": "torch.device", "DeviceIndex": "int", "Stream": "torch.Stream",
    "std::string": "str", "std::string_view": "str", "c10::string_view": "str", "Dimname": "name",
    "DimnameList": "tuple of names",
    "ScalarList": "tuple of Scalars", "c10::List<::std::optional<Tensor>>": "tuple of Tensors",
}  # fmt: skip
# Names that NumPy has for the same parameters.
NUMPY = {"dim": ("axis",), "keepdim": ("keepdims",), "input": ("x", "a", "x1"), "other": ("x2",)}
# Functions that take a Python number wherever they take a tensor.
NUMBERS_TOO = re.compile(r"(add|sub|subtract|mul|multiply|div|divide|true_divide|floor_divide)_?|to|copy_?")


def type_name(value: Any) -> str:
    """What the sentences call the type of an argument."""
    kind = type(value)
    if isinstance(value, (dtype, device, layout, memory_format)) or kind.__name__ in ("Size", "Generator"):
        return f"torch.{kind.__name__}"
    return f"numpy.{kind.__name__}" if kind.__module__ == "numpy" else kind.__name__


def described(value: Any) -> str:
    """The same, with the elements of a list."""
    if not isinstance(value, (list, tuple)):
        return type_name(value)
    inside = ", ".join(type_name(item) for item in value)
    if isinstance(value, tuple):
        return f"{type_name(value)} of ({inside}{',' if len(value) == 1 else ''})"
    return f"list of [{inside}]"


class Misfit(Exception):
    """A call does not fit a signature; another one may."""


def is_int(value: Any) -> bool:
    """A whole number; a bool is not one."""
    return isinstance(value, (int, np.integer)) and not isinstance(value, bool)


def is_index(value: Any) -> bool:
    """What Python takes for an index: a whole number, or a tensor that holds one."""
    if isinstance(value, TensorBase):
        return value._array.size == 1 and value.dtype.rank <= 2
    if isinstance(value, bool):
        return False
    try:
        operator.index(value)
    except TypeError:
        return False
    return True


class Parameter:
    """One parameter: its type, its name, whether it may be left out, and whether a value fits."""

    def __init__(self, text: str, keyword_only: bool, numbers_too: bool) -> None:
        kind, _, rest = text.partition(" ")
        self.optional = "=" in rest
        self.name, _, self.default = rest.partition("=")
        self.nullable = kind.endswith("?") or self.default == "None"
        kind, _, size = kind.rstrip("?").partition("[")
        self.kind = kind
        self.size = int(size.rstrip("]?") or 0) if size else 0
        self.keyword_only, self.numbers_too = keyword_only, numbers_too
        self.spoken = SPOKEN.get(kind, kind)
        self.names = (self.name, *NUMPY.get(self.name, ()))

    def __str__(self) -> str:
        return f"{self.spoken} {self.name}" + (f" = {self.default}" if self.optional else "")

    def fits(self, value: Any) -> tuple[bool, int]:
        """Does the value fit, and if it is a list of which an element does not: which one (else -1)?"""
        test = getattr(
            self, "_" + SPOKEN.get(self.kind, "object").removeprefix("torch.").replace(" ", "_").lower(), None
        )
        found = True if test is None else test(value)
        return found if isinstance(found, tuple) else (bool(found), -1)

    def _tensor(self, value: Any) -> bool:
        return isinstance(value, TensorBase) or self.numbers_too and self._number(value)

    def _number(self, value: Any) -> bool:
        if isinstance(value, TensorBase):
            return value._array.ndim == 0 and not value.requires_grad
        return isinstance(value, (int, float, complex, np.number, np.bool_))

    def _int(self, value: Any) -> bool:
        if isinstance(value, TensorBase):
            return value._array.ndim == 0 and value.dtype.rank == 2 and not value.requires_grad
        return is_int(value)

    def _float(self, value: Any) -> bool:
        return self._number(value) and not isinstance(value, complex)

    def _complex(self, value: Any) -> bool:
        return self._number(value)

    def _tuple_of_tensors(self, value: Any) -> bool:
        if not isinstance(value, (list, tuple)):
            return False
        for i, item in enumerate(value):
            if not isinstance(item, TensorBase) and not (item is None and "optional" in self.kind):
                raise TypeError(f"expected Tensor as element {i} in argument {{position}}, but got {type_name(item)}")
        return True

    def _tuple_of_ints(self, value: Any) -> bool | tuple[bool, int]:
        if isinstance(value, (list, tuple)):  # only the first is looked at; the others when they are taken out
            fits = not value or is_index(value[0])
            return fits, -1 if fits else 0
        return self.size > 0 and self._int(value)

    def unpack(self, name: str, value: Any) -> None:
        """TypeError for a list of whole numbers in which something else is found."""
        for i, item in enumerate(value):
            if not is_index(item) and not isinstance(item, bool):
                raise TypeError(
                    f"{name}(): argument '{self.name}' failed to unpack the object at pos {i + 1} with error \"type must "
                    f'be tuple of ints,but got {type_name(item)}"'
                )

    def _tuple_of_floats(self, value: Any) -> bool | tuple[bool, int]:
        if isinstance(value, (list, tuple)):
            return not value or isinstance(value[0], (int, float)), -1
        return self.size > 0 and isinstance(value, float)

    def _tuple_of_scalars(self, value: Any) -> bool:
        return isinstance(value, (list, tuple)) and all(self._number(item) for item in value)

    def _bool(self, value: Any) -> bool:
        return isinstance(value, (bool, np.bool_))

    def _str(self, value: Any) -> bool:
        return isinstance(value, str)

    def _dtype(self, value: Any) -> bool:
        return isinstance(value, dtype) or any(value is kind for kind in (float, int, bool, complex))

    def _device(self, value: Any) -> bool:
        return isinstance(value, (device, str)) or is_int(value)

    def _generator(self, value: Any) -> bool:
        return isinstance(value, Generator)

    def _layout(self, value: Any) -> bool:
        return isinstance(value, layout)

    def _memory_format(self, value: Any) -> bool:
        return isinstance(value, memory_format)

    def _name(self, value: Any) -> bool:
        return isinstance(value, str) or value is None

    def _tuple_of_names(self, value: Any) -> bool:
        return isinstance(value, (list, tuple)) and bool(value) and all(isinstance(item, str) for item in value)


class Signature:
    """One signature; ``refuse`` says what is wrong with a call, or returns if nothing is."""

    def __init__(self, text: str) -> None:
        text, _, mark = text.partition("|")
        self.hidden = bool(mark)
        self.name, _, inside = text.partition("(")
        self.parameters: list[Parameter] = []
        starred = False
        for part in re.split(r", (?![^<]*>)(?![^\[{]*[\]}])", inside[:-1]) if inside != ")" else ():
            if part == "*":
                starred = True
            else:
                self.parameters.append(Parameter(part, starred, bool(NUMBERS_TOO.fullmatch(self.name))))
        self.least = sum(not p.optional for p in self.parameters)
        self.positional = sum(not p.keyword_only for p in self.parameters)

    def __str__(self) -> str:
        parts = [str(p) for p in self.parameters]
        first = next((i for i, p in enumerate(self.parameters) if p.keyword_only), None)
        if first is not None:
            parts.insert(first, "*")
        return f"({', '.join(parts)})"

    def refuse(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Misfit with PyTorch's sentence where the call does not fit this signature."""
        name, place, left = self.name, 0, len(kwargs)
        taken: list[tuple[Parameter, Any]] = []
        many = self.positional == 1 and self.parameters[0].spoken == "tuple of ints"  # view(2, 3) is view((2, 3))
        if len(args) > self.positional and not (many and is_index(args[0])):
            self._too_many(len(args))
        for i, p in enumerate(self.parameters):
            by_name = place >= len(args)
            if not by_name and p.keyword_only:
                self._too_many(len(args))
            key = next((k for k in p.names if k in kwargs), None) if by_name else None
            given = key is not None or not by_name
            value: Any = args[place] if not by_name else None if key is None else kwargs[key]
            if given and not (value is None and p.nullable):
                try:
                    fits, wrong = p.fits(value)
                except TypeError as error:
                    raise TypeError(str(error).format(position=i)) from None
                if not fits and many and not by_name and p.fits(args)[0]:
                    place = len(args)
                    taken.append((p, args))
                    continue
                taken.append((p, value))
                if not fits:
                    where = "" if by_name else f" (position {place + 1})"
                    found = f"not {type_name(value)}"
                    if wrong >= 0 and not by_name:
                        found = f"but found element of type {type_name(value[wrong])} at pos {wrong}"
                    raise Misfit(f"{name}(): argument '{p.name}'{where} must be {p.spoken}, {found}")
            elif not given and not p.optional:
                missing = [f'"{q.name}"' for q in self.parameters[i:] if not q.optional]
                plural = "s" if len(missing) == 1 else ""  # as PyTorch has it
                raise Misfit(
                    f"{name}() missing {len(missing)} required positional argument{plural}: {', '.join(missing)}"
                )
            if not by_name:
                place += 1
            elif given:
                left -= 1
        if left > 0:
            self._unknown(args, kwargs)
        for p, value in taken:
            if p.spoken == "tuple of ints" and isinstance(value, (list, tuple)):
                p.unpack(name, value)

    def _too_many(self, count: int) -> NoReturn:
        most = self.positional
        if self.least != most:
            raise Misfit(f"{self.name}() takes from {self.least} to {most} positional arguments but {count} were given")
        raise Misfit(
            f"{self.name}() takes {most} positional argument{'' if most == 1 else 's'} but {count} "
            f"{'was' if count == 1 else 'were'} given"
        )

    def _unknown(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> NoReturn:
        for key in kwargs:
            place = next((i for i, p in enumerate(self.parameters) if key == p.name), -1)
            if place < 0:
                raise Misfit(f"{self.name}() got an unexpected keyword argument '{key}'")
            if place < len(args):
                raise Misfit(f"{self.name}() got multiple values for argument '{key}'")
        raise Misfit("invalid keyword arguments")


def refuse_call(path: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Signature, list[Signature]]:
    """TypeError where a call fits none of the signatures of PyTorch's function; else the one that it fits, and all."""
    known = [Signature(text) for text in signatures()[path]]
    count = len(args) + len(kwargs)
    if len(known) == 1 and not known[0].parameters and count and path.startswith("Tensor."):
        what = "keyword arguments" if kwargs else f"arguments ({count} given)"
        raise TypeError(f"TensorBase.{known[0].name}() takes no {what}")
    said = None
    for signature in known:
        try:
            signature.refuse(args, kwargs)
            return signature, known
        except Misfit as error:
            if len(known) == 1:
                said = str(error)
    plausible = [s for s in known if s.least <= count <= len(s.parameters) and not s.hidden]
    if len(plausible) == 1 and said is None:
        try:
            plausible[0].refuse(args, kwargs)
        except Misfit as error:
            said = str(error)
    if said is None:
        said = no_such_call(known[0].name, args, kwargs, [str(s) for s in known if not s.hidden])
    raise TypeError(said)


def no_such_call(name: str, args: tuple[Any, ...], kwargs: dict[str, Any], options: list[str]) -> str:
    """PyTorch's sentence that lists all signatures, and for those with as many arguments what does not fit."""
    keywords = list(reversed(kwargs))  # as PyTorch's table of them happens to be walked
    got = ", ".join([type_name(a) for a in args] + [f"{k}={type_name(kwargs[k])}" for k in keywords])
    got = f"({got}{'' if args or not kwargs else ', '})"
    start = f"{name}() received an invalid combination of arguments - got "
    if len(options) == 1:
        parts = options[0][1:-1].split(", ")
        unknown = unknown_names(parts, keywords)
        if unknown:
            return f"{start}unrecognized keyword arguments: {', '.join(unknown)}"
        same = len(parts) == len(args) + len(kwargs)
        return f"{start}{marked(parts, args, kwargs) if same else got}, but expected {options[0]}"
    lines = [f"{start}{got}, but expected one of:"]
    for option in options:
        lines.append(f" * {option}")
        parts = option[1:-1].split(", ")
        if len(parts) == len(args) + len(kwargs):
            unknown = unknown_names(parts, keywords)
            why = "some of the keywords were incorrect: " + ", ".join(unknown)
            if not unknown:
                why = f"some of the arguments have invalid types: {marked(parts, args, kwargs)}"
            lines.append(f"      didn't match because {why}")
    return "\n".join(lines) + "\n"


def unknown_names(parts: list[str], keywords: list[str]) -> list[str]:
    """Names that are not among the last parameters; PyTorch reads the last word of each, a default if there is one."""
    names = [part.rpartition(" ")[2] for part in parts[max(len(parts) - len(keywords), 0) :]]
    return [k for k in keywords if k not in names]


def marked(parts: list[str], args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    """The types of a call, those between ! that PyTorch thinks wrong."""
    shown = []
    for i, part in enumerate(parts):
        kind, _, name = part.rpartition(" ")
        value = args[i] if i < len(args) else kwargs[name]
        allowed = {"float": ("float", "int", "long"), "int": ("int", "long")}.get(kind or part, (kind or part,))
        text = described(value) if i < len(args) else f"{name}={described(value)}"
        shown.append(text if type_name(value) in allowed else f"!{text}!")
    return f"({', '.join(shown)}{'' if args else ', '})"


@cache
def signatures() -> dict[str, list[str]]:
    """PyTorch's signatures by the public path of the function, ``torch.add`` or ``Tensor.add``."""
    found: dict[str, list[str]] = {}
    for line in Path(__file__).with_name("signatures.txt").read_text(encoding="utf-8").splitlines():
        path, _, text = line.partition(" ")
        found.setdefault(path, []).append(text)
    return found


def translated(function: Any, kwargs: dict[str, Any], taken: list[str]) -> dict[str, str]:
    """PyTorch's names for keywords that are NumPy's: ``axis`` is ``dim``, where the function knows only ``dim``."""
    own = signature_of(function).parameters
    return {
        key: name
        for key in kwargs
        if key not in own
        for name, others in NUMPY.items()
        if key in others and name in taken
    }


def spoken(path: str, function: Any) -> Any:
    """A function that refuses in PyTorch's words a call that does not fit PyTorch's signature.

    A combination of types is held against the signature once, when it first comes; then a call costs one look into a
    dictionary. Where the function fails, the call itself is held against it: the right types may hold wrong values.
    """
    method = path.startswith("Tensor.")
    copies = path in COPIES
    known: dict[tuple[Any, ...], dict[str, str]] = {}  # types that fit, and the names to give NumPy's keywords

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        if everywhere.overridden:
            found = asked(() if copies else args, kwargs)
            if found is not None:
                return hand_over(call, found, args, kwargs or None)
        kinds: tuple[Any, ...] = tuple(map(type, args))
        if kwargs:
            kinds += (*kwargs, *map(type, kwargs.values()))
        names = known.get(kinds)
        if names is None:
            if appeared(args, kwargs):
                return call(*args, **kwargs)
            try:
                fit, _ = refuse_call(path, args[1:] if method else args, kwargs)
            except TypeError as said:
                raise lesson(said, hint=f"help(torch.{path.removeprefix('torch.')})") from None
            names = known[kinds] = translated(function, kwargs, [p.name for p in fit.parameters])
        if names:
            kwargs = {names.get(key, key): value for key, value in kwargs.items()}
        try:
            return function(*args, **kwargs) if kwargs else function(*args)  # the shorter way for most calls
        except Exception as error:
            if appeared(args, kwargs):
                return call(*args, **kwargs)
            if isinstance(error, MemoryError):
                raise no_memory(error) from None
            try:
                fit, others = refuse_call(path, args[1:] if method else args, kwargs)
            except TypeError as said:
                if type(error) is TypeError and str(said) == str(error):
                    raise error from None
                raise lesson(said, hint=f"help(torch.{path.removeprefix('torch.')})") from None
            if not isinstance(error, TypeError):
                raise
            again = as_function_takes_it(fit, others, args[1:] if method else args, kwargs)
            if again is None:
                raise
        return function(*args[:1] if method else (), *again[0], **again[1])

    call.__qualname__ = path if method else path.rpartition(".")[2]
    call.torch_path = f"torch.{path}".replace("torch.torch.", "torch.")  # type: ignore[attr-defined] # functions carry it
    call.__module__ = (
        "pytorch_tutor.tensor" if method else f"pytorch_tutor.{path}".replace(".torch.", ".").rpartition(".")[0]
    )
    return call


# What makes a plain tensor of whatever it is given; no class takes these over.
COPIES = {"torch.tensor", "torch.as_tensor", "torch.asarray", "torch.from_numpy", "torch.is_tensor"}
# Asked of a tensor on every other line, and nothing to get wrong.
PLAIN = {"Tensor.dim", "Tensor.numel", "Tensor.item", "Tensor.detach", "Tensor.is_floating_point", "Tensor.is_complex"}


def speak(space: dict[str, Any], prefix: str, in_python: Iterable[str] = ()) -> None:
    """Makes the functions of a module tell wrong calls in PyTorch's words, and hand themselves over to classes.

    ``in_python`` names those that PyTorch has written in Python, so that Python tells the wrong calls.
    """
    known = signatures()
    for name, value in list(space.items()):
        path = f"{prefix}.{name}"
        if isinstance(value, FunctionType) and not hasattr(value, "torch_path"):
            if path in known:
                space[name] = spoken(path, value)
            elif name in in_python:
                space[name] = overridable(f"torch.{path}".replace("torch.torch.", "torch.functional."), value)


def speaking(cls: Any) -> Any:
    """The same for the methods of a class."""
    known = signatures()
    for name, value in list(vars(cls).items()):
        path = f"Tensor.{name}"
        if path in known and path not in PLAIN and isinstance(value, FunctionType):
            setattr(cls, name, spoken(path, value))
    return cls
