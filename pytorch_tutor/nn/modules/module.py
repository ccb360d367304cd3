"""Module: the base class of everything with parameters. Read registry.py, traversal.py, hooks.py and state.py for its parts."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from pytorch_tutor.errors import lesson
from pytorch_tutor.nn.modules.hooks import (
    register_module_buffer_registration_hook,
    register_module_forward_hook,
    register_module_forward_pre_hook,
    register_module_full_backward_hook,
    register_module_full_backward_pre_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)
from pytorch_tutor.nn.modules.state import State

__all__ = [
    "Module",
    "indent",
    "register_module_buffer_registration_hook",
    "register_module_forward_hook",
    "register_module_forward_pre_hook",
    "register_module_full_backward_hook",
    "register_module_full_backward_pre_hook",
    "register_module_module_registration_hook",
    "register_module_parameter_registration_hook",
]


class Module(State):
    """Base class of all neural network modules.

    A subclass creates its parameters and submodules in `__init__`, after `super().__init__()`, and says in
    `forward` what it computes. Assigning a `Parameter` or a `Module` to an attribute registers it.

    >>> import pytorch_tutor as torch
    >>> class Net(torch.nn.Module):
    ...     def __init__(self):
    ...         super().__init__()
    ...         self.fc = torch.nn.Linear(3, 1)
    ...
    ...     def forward(self, x):
    ...         return self.fc(x).relu()
    >>> Net()
    Net(
      (fc): Linear(in_features=3, out_features=1, bias=True)
    )
    >>> Net()(torch.ones(5, 3)).shape
    torch.Size([5, 1])
    """

    dump_patches = False
    training: bool
    call_super_init = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if kwargs and not self.call_super_init:
            raise TypeError(
                f"{type(self).__name__}.__init__() got an unexpected keyword argument '{next(iter(kwargs))}'"
            )
        if args and not self.call_super_init:
            raise TypeError(
                f"{type(self).__name__}.__init__() takes 1 positional argument but {len(args) + 1} were given"
            )
        # Straight into __dict__: our own __setattr__ needs these dictionaries to exist.
        self.__dict__.update(
            training=True,
            _parameters={},
            _buffers={},
            _non_persistent_buffers_set=set(),
            _backward_pre_hooks=OrderedDict(),
            _backward_hooks=OrderedDict(),
            _is_full_backward_hook=None,
            _forward_hooks=OrderedDict(),
            _forward_hooks_with_kwargs=OrderedDict(),
            _forward_hooks_always_called=OrderedDict(),
            _forward_pre_hooks=OrderedDict(),
            _forward_pre_hooks_with_kwargs=OrderedDict(),
            _state_dict_hooks=OrderedDict(),
            _state_dict_pre_hooks=OrderedDict(),
            _load_state_dict_pre_hooks=OrderedDict(),
            _load_state_dict_post_hooks=OrderedDict(),
            _modules={},
        )
        if self.call_super_init:
            super().__init__(*args, **kwargs)

    def forward(self, *input: Any) -> Any:
        """Compute the module's result; every subclass defines its own."""
        raise lesson(
            NotImplementedError(f'Module [{type(self).__name__}] is missing the required "forward" function'),
            expected=f"def forward(self, x): ... in class {type(self).__name__}",
            got="no method of that name",
            hint="check the spelling and the indentation: forward belongs inside the class",
        )

    def _child_types(self) -> type:
        return Module

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__.copy()

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    # ------------------------------------------------------------------ printing
    def _get_name(self) -> str:
        return type(self).__name__

    def extra_repr(self) -> str:
        """Return what to print between the parentheses, such as the sizes; subclasses override it."""
        return ""

    def __repr__(self) -> str:
        extra = self.extra_repr()
        lines = extra.split("\n") if extra else []
        if len(lines) == 1 and not self._modules:
            return f"{self._get_name()}({lines[0]})"
        lines += [f"({name}): {indent(repr(module))}" for name, module in self._modules.items()]
        if not lines:
            return f"{self._get_name()}()"
        return "\n  ".join([self._get_name() + "(", *lines]) + "\n)"

    def compile(self, *args: Any, **kwargs: Any) -> None:
        """Accept PyTorch's request to compile; the engine always runs eagerly, so nothing changes."""


def indent(text: str) -> str:
    """Indent all lines but the first by two spaces."""
    return text.replace("\n", "\n  ")
