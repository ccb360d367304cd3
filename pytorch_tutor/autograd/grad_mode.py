"""Switching the recording of operations off and on: ``no_grad``, ``enable_grad``, ``inference_mode``."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

from ..graph import mode as switches
from ..graph.mode import everywhere


class _Switch:
    """A context manager that is also a decorator; it puts the mode back as it was."""

    target: bool

    def __init__(self) -> None:
        self.before: list[bool] = []

    def __enter__(self) -> None:
        self.before.append(switches.grad)
        switches.grad = self.target or switches.dual  # a tangent needs what happens here

    def __exit__(self, *exc: object) -> None:
        switches.grad = self.before.pop()

    def clone(self) -> _Switch:
        """A switch of the same kind, for one call of a decorated function."""
        return type(self)()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def generator(*args: Any, **kwargs: Any) -> Any:
                inner = function(*args, **kwargs)
                go_on, what = inner.send, None
                while True:  # the mode holds while the generator runs, not while it waits
                    with self.clone():
                        try:
                            value = go_on(what)
                        except StopIteration as stop:
                            return stop.value
                    try:
                        go_on, what = inner.send, (yield value)
                    except GeneratorExit:
                        with self.clone():
                            inner.close()
                        raise
                    except BaseException as error:  # noqa: BLE001 - thrown in from outside: the generator's own affair
                        go_on, what = inner.throw, error

            return generator

        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            with self.clone():
                return function(*args, **kwargs)

        return wrapper


class no_grad(_Switch):  # noqa: N801 - PyTorch spells this class in lower case
    """Operations inside are not recorded: less memory, and tensors may be changed in place.

    >>> import pytorch_tutor as torch
    >>> x = torch.ones(2, requires_grad=True)
    >>> with torch.no_grad():
    ...     y = x * 2
    >>> y.requires_grad
    False
    """

    target = False

    def __new__(cls, function: Any = None) -> Any:
        self = super().__new__(cls)
        if function is None:
            return self
        self.before = []
        return self(function)

    def __init__(self, function: Any = None) -> None:
        super().__init__()


class enable_grad(no_grad):  # noqa: N801 - PyTorch spells this class in lower case
    """Operations inside are recorded, even within ``no_grad``."""

    target = True


class set_grad_enabled(_Switch):  # noqa: N801 - PyTorch spells this class in lower case
    """Switches recording at once; as a context manager, until the block ends."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        if not isinstance(mode, bool):
            kind = type(mode).__name__
            raise TypeError(f"set_grad_enabled(): argument 'enabled' (position 1) must be bool, not {kind}")
        self.target = mode
        self.previous = switches.grad
        switches.grad = self.target

    def __enter__(self) -> None:
        """The switch was made when the object was."""

    def __exit__(self, *exc: object) -> None:
        switches.grad = self.previous

    def clone(self) -> set_grad_enabled:
        return set_grad_enabled(self.target)

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        switches.grad = self.previous
        return super().__call__(function)


class inference_mode(_Switch):  # noqa: N801 - PyTorch spells this class in lower case
    """Like ``no_grad``, and results can never take part in recorded operations later."""

    def __new__(cls, mode: Any = True) -> Any:
        self = super().__new__(cls)
        if callable(mode):
            self.__init__(True)  # type: ignore[misc]
            return self(mode)
        return self

    def __init__(self, mode: bool = True) -> None:
        super().__init__()
        self.on = bool(mode)

    def __enter__(self) -> None:
        self.before.append(switches.grad)
        self.before.append(switches.inference)
        switches.grad = not self.on
        switches.inference = self.on
        everywhere.rare = True

    def __exit__(self, *exc: object) -> None:
        switches.inference = self.before.pop()
        switches.grad = self.before.pop()

    def clone(self) -> inference_mode:
        return inference_mode(self.on)


class set_multithreading_enabled(_Switch):  # noqa: N801 - PyTorch spells this class in lower case
    """Accepted: the backward pass of this engine runs in the thread that asked for it, with this switch on or off."""

    def __init__(self, mode: bool) -> None:
        super().__init__()
        self.mode = bool(mode)
        self.prev = switches.multithreading
        switches.multithreading = self.mode

    def __enter__(self) -> None:
        """The switch was made when the object was."""

    def __exit__(self, *exc: object) -> None:
        switches.multithreading = self.prev

    def clone(self) -> set_multithreading_enabled:
        return set_multithreading_enabled(self.mode)
