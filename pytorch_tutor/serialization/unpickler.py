"""Reading the description of an object: a small machine with a stack, which knows few instructions and few names.

Pickle is a program in a tiny language: "push 3", "make a tuple of the last two", "call this with that". The machine
below executes it. It is safe because of what it cannot do: it looks names up in a table instead of importing them
(see ``globals``), calls only what that table allows, and puts items into plain containers only.
"""

from __future__ import annotations

import pickletools
import struct
import warnings
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from pickle import UnpicklingError, decode_long
from typing import Any

from pytorch_tutor.serialization.globals import BLOCKED_MODULES, Policy
from pytorch_tutor.serialization.plain_data import check_state

__all__ = ["Unpickler", "names_in"]

# Where Python 2 kept things; protocol 2 still spells them so.
_OLD_MODULES = {"__builtin__": "builtins", "copy_reg": "copyreg"}


class Unpickler:
    """Executes one description.

    Args:
        data: the description.
        policy: what its names may stand for.
        load_storage: gives the storage with an id such as ``("storage", type, "0", "cpu", 6)``.
    """

    def __init__(self, data: bytes, policy: Policy, load_storage: Callable[[Any], Any], start: int = 0) -> None:
        self._data = data
        self._at = start
        self._policy = policy
        self._load_storage = load_storage
        self._stack: list[Any] = []
        self._marks: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    @property
    def position(self) -> int:
        """Where in the data the next instruction is."""
        return self._at

    def load(self) -> Any:
        """Run to the end; what is then on top of the stack is the object."""
        while (code := self._read(1)) != b".":
            instruction = _INSTRUCTIONS.get(code)
            if instruction is None:
                raise UnpicklingError(f"Unsupported operand {code[0]}")
            instruction(self)
        return self._stack.pop()

    # ---------------------------------------------------------------- reading

    def _read(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        if len(piece) < count:
            raise EOFError
        self._at += count
        return piece

    def _number(self, layout: str) -> Any:
        return struct.unpack(layout, self._read(struct.calcsize(layout)))[0]

    def _line(self) -> str:
        end = self._data.find(b"\n", self._at)
        if end < 0:
            raise EOFError
        text = self._data[self._at : end].decode("utf-8")
        self._at = end + 1
        return text

    def _since_mark(self) -> list[Any]:
        items, self._stack = self._stack, self._marks.pop()
        return items

    # ---------------------------------------------------------------- values

    def _push(self, value: Any) -> None:
        self._stack.append(value)

    def _protocol(self) -> None:
        protocol = self._read(1)[0]
        if protocol != 2:
            warnings.warn(
                f"Detected pickle protocol {protocol} in the checkpoint, which was not the default pickle protocol "
                "used by `torch.load` (2). The weights_only Unpickler might not support all instructions implemented "
                "by this protocol, please file an issue for adding support if you encounter this.",
                stacklevel=2,
            )

    def _text(self) -> None:
        self._push(str(self._read(self._number("<I")), "utf-8", "surrogatepass"))

    def _short_bytes(self) -> None:
        self._push(self._read(self._read(1)[0]).decode("utf-8"))

    def _long(self) -> None:
        self._push(decode_long(self._read(self._read(1)[0])))

    def _mark(self) -> None:
        self._marks.append(self._stack)
        self._stack = []

    def _tuple(self, count: int) -> None:
        if len(self._stack) < count:
            raise UnpicklingError("a tuple of more items than there are")
        items = tuple(self._stack[-count:])
        self._stack[-count:] = [items]

    # ---------------------------------------------------------------- containers

    def _append(self, items: list[Any]) -> None:
        target = self._stack[-1]
        if type(target) is not list and not (type(target) is deque and not self._policy.weights_only):
            raise UnpicklingError(f"Can only append to lists, but got {type(target)}")
        target.extend(items)

    def _set_items(self, name: str, items: list[Any]) -> None:
        target = self._stack[-1]
        kinds = (dict, OrderedDict, Counter) if self._policy.weights_only else (dict, OrderedDict, Counter, defaultdict)
        if type(target) not in kinds:
            raise UnpicklingError(
                f"Can only {name} for dict, collections.OrderedDict, collections.Counter, but got {type(target)}"
            )
        for key, value in zip(items[::2], items[1::2], strict=True):
            target[key] = value

    def _set_item(self) -> None:
        value, key = self._stack.pop(), self._stack.pop()
        self._set_items("SETITEM", [key, value])

    # ---------------------------------------------------------------- names, calls, objects

    def _global(self) -> None:
        module, name = self._line(), self._line()
        module = _OLD_MODULES.get(module, module)
        try:
            self._push(self._policy.find(module, name))
        except LookupError:
            path = f"{module}.{name}"
            if module in BLOCKED_MODULES:
                raise UnpicklingError(
                    f"Trying to load unsupported GLOBAL {path} whose module {module} is blocked."
                ) from None
            path = path.removeprefix("builtins.")
            raise UnpicklingError(
                f"Unsupported global: GLOBAL {path} was not an allowed global by default. "
                f"Please use `torch.serialization.add_safe_globals([{path}])` or the "
                f"`torch.serialization.safe_globals([{path}])` context manager to allowlist this global "
                "if you trust this class/function."
            ) from None

    def _reduce(self) -> None:
        arguments, function = self._stack.pop(), self._stack.pop()
        if not self._policy.may_call(function):
            raise UnpicklingError(f"Trying to call reduce for unrecognized function {function}")
        self._push(function(*arguments))

    def _new_object(self) -> None:
        arguments, kind = self._stack.pop(), self._stack.pop()
        if not self._policy.may_create(kind):
            raise UnpicklingError(
                "Can only create new object for nn.Parameter or classes allowlisted "
                f"via `add_safe_globals` but got {kind}"
            )
        self._push(kind.__new__(kind, *arguments))

    def _build(self) -> None:
        state, target = self._stack.pop(), self._stack[-1]
        if type(target) is OrderedDict:
            target.__dict__.update(state)
        elif self._policy.may_create(type(target)):
            _restore(target, state)
        else:
            raise UnpicklingError(
                "Can only build Tensor, Parameter, OrderedDict or types allowlisted "
                f"via `add_safe_globals`, but got {type(target)}"
            )

    def _persistent(self) -> None:
        key = self._stack.pop()
        if type(key) is not tuple:
            raise UnpicklingError(f"persistent_load id must be tuple or int, but got {type(key)}")
        if len(key) > 0 and key[0] != "storage":
            raise UnpicklingError(f"Only persistent_load of storage is allowed, but got {type(key[0])}")
        self._push(self._load_storage(key))

    # ---------------------------------------------------------------- memory

    def _remember(self, number: int) -> None:
        self._memo[number] = self._stack[-1]

    def _recall(self, number: int) -> None:
        self._push(self._memo[number])


def _restore(target: Any, state: Any) -> None:
    """Give an object its attributes, by its own ``__setstate__`` if its class has one."""
    if hasattr(target, "__setstate__"):
        check_state(target, state)
        target.__setstate__(state)
        return
    slots: Any = None
    if isinstance(state, tuple) and len(state) == 2:
        state, slots = state
    if state:
        target.__dict__.update(state)
    for name, value in (slots or {}).items():
        object.__setattr__(target, name, value)


_INSTRUCTIONS: dict[bytes, Callable[[Unpickler], None]] = {
    b"\x80": Unpickler._protocol,
    b"N": lambda u: u._push(None),
    b"\x88": lambda u: u._push(True),
    b"\x89": lambda u: u._push(False),
    b"J": lambda u: u._push(u._number("<i")),
    b"K": lambda u: u._push(u._number("<B")),
    b"M": lambda u: u._push(u._number("<H")),
    b"\x8a": Unpickler._long,
    b"G": lambda u: u._push(u._number(">d")),
    b"X": Unpickler._text,
    b"U": Unpickler._short_bytes,
    b")": lambda u: u._push(()),
    b"]": lambda u: u._push([]),
    b"}": lambda u: u._push({}),
    b"\x8f": lambda u: u._push(set()),
    b"(": Unpickler._mark,
    b"t": lambda u: u._push(tuple(u._since_mark())),
    b"\x85": lambda u: u._tuple(1),
    b"\x86": lambda u: u._tuple(2),
    b"\x87": lambda u: u._tuple(3),
    b"a": lambda u: u._append([u._stack.pop()]),
    b"e": lambda u: u._append(u._since_mark()),
    b"s": Unpickler._set_item,
    b"u": lambda u: u._set_items("SETITEMS", u._since_mark()),
    b"c": Unpickler._global,
    b"R": Unpickler._reduce,
    b"\x81": Unpickler._new_object,
    b"b": Unpickler._build,
    b"Q": Unpickler._persistent,
    b"q": lambda u: u._remember(u._number("<B")),
    b"r": lambda u: u._remember(u._number("<I")),
    b"h": lambda u: u._recall(u._number("<B")),
    b"j": lambda u: u._recall(u._number("<I")),
}


def names_in(data: bytes) -> list[tuple[str, str]]:
    """All names (module, name) that a description uses, without making anything of them."""
    names = []
    for opcode, argument, _ in pickletools.genops(data):
        if opcode.name == "GLOBAL":
            module, name = str(argument).split(" ", 1)
            names.append((_OLD_MODULES.get(module, module), name))
    return names
