"""Calling a module: hooks before and after `forward`, and around its backward pass; nothing at all when there are none."""

from __future__ import annotations

import warnings
import weakref
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from pytorch_tutor.nn.modules import registry
from pytorch_tutor.nn.modules.backward_hook import BackwardHook
from pytorch_tutor.nn.modules.handle import RemovableHandle
from pytorch_tutor.nn.modules.traversal import Traversal
from pytorch_tutor.tensor import Tensor

Hook = Callable[..., Any]

# Hooks that run for every module of the program.
_global_forward_pre_hooks: OrderedDict[int, Hook] = OrderedDict()
_global_forward_hooks: OrderedDict[int, Hook] = OrderedDict()
_global_forward_hooks_with_kwargs: OrderedDict[int, bool] = OrderedDict()
_global_forward_hooks_always_called: OrderedDict[int, bool] = OrderedDict()
_global_backward_pre_hooks: OrderedDict[int, Hook] = OrderedDict()
_global_backward_hooks: OrderedDict[int, Hook] = OrderedDict()


class CallWithHooks(Traversal):
    """`module(x)` runs `forward(x)` between the hooks."""

    _forward_hooks: OrderedDict[int, Hook]
    _forward_pre_hooks: OrderedDict[int, Hook]
    _backward_hooks: OrderedDict[int, Hook]
    _backward_pre_hooks: OrderedDict[int, Hook]
    _forward_hooks_with_kwargs: OrderedDict[int, bool]
    _forward_hooks_always_called: OrderedDict[int, bool]
    _forward_pre_hooks_with_kwargs: OrderedDict[int, bool]
    _is_full_backward_hook: bool | None
    forward: Callable[..., Any]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if not (
            self._forward_hooks
            or self._forward_pre_hooks
            or self._backward_hooks
            or self._backward_pre_hooks
            or _global_forward_hooks
            or _global_forward_pre_hooks
            or _global_backward_hooks
            or _global_backward_pre_hooks
        ):
            return self.forward(*args, **kwargs)
        return self._call_impl(*args, **kwargs)

    def _call_impl(self, *args: Any, **kwargs: Any) -> Any:
        called: set[int] = set()
        try:
            return self._call_with_hooks(called, args, kwargs)
        except Exception:
            self._call_the_rest(called, args, kwargs)
            raise

    def _call_with_hooks(self, called: set[int], args: Any, kwargs: Any) -> Any:
        args, kwargs = self._run_pre_hooks(args, kwargs)
        around = None
        full, plain = self._backward_hooks_by_kind()
        before = [*_global_backward_pre_hooks.values(), *self._backward_pre_hooks.values()]
        if full or before:
            around = BackwardHook(self, full, before)
            args = around.enter(args)
        result = self.forward(*args, **kwargs)
        for key, hook in (*_global_forward_hooks.items(), *self._forward_hooks.items()):
            called.add(key)
            if key in self._forward_hooks_with_kwargs or key in _global_forward_hooks_with_kwargs:
                replaced = hook(self, args, kwargs, result)
            else:
                replaced = hook(self, args, result)
            if replaced is not None:
                result = replaced
        if around is not None:
            if not isinstance(result, (Tensor, tuple)):
                warnings.warn(
                    "For backward hooks to be called, module output should be a Tensor or a tuple of Tensors"
                    f" but received {type(result)}",
                    stacklevel=4,
                )
            result = around.leave(result)
        if plain:
            node = _first_tensor(result).grad_fn
            if node is not None:
                for hook in plain:
                    node.register_hook(_bound(hook, self))
        return result

    def _run_pre_hooks(self, args: Any, kwargs: Any) -> tuple[Any, Any]:
        for key, hook in (*_global_forward_pre_hooks.items(), *self._forward_pre_hooks.items()):
            if key in self._forward_pre_hooks_with_kwargs:
                replaced = hook(self, args, kwargs)
                if replaced is None:
                    continue
                if not (isinstance(replaced, tuple) and len(replaced) == 2):
                    raise RuntimeError(
                        f"forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got {replaced}."
                    )
                args, kwargs = replaced
            else:
                replaced = hook(self, args)
                if replaced is not None:
                    args = replaced if isinstance(replaced, tuple) else (replaced,)
        return args, kwargs

    def _call_the_rest(self, called: set[int], args: Any, kwargs: Any) -> None:
        """After an error: run the `always_call` hooks that did not get their turn, and keep their own errors quiet."""
        always = (
            *(
                (k, h, "global module")
                for k, h in _global_forward_hooks.items()
                if k in _global_forward_hooks_always_called
            ),
            *((k, h, "module") for k, h in self._forward_hooks.items() if k in self._forward_hooks_always_called),
        )
        for key, hook, whose in always:
            if key in called:
                continue
            try:
                if key in self._forward_hooks_with_kwargs:
                    hook(self, args, kwargs, None)
                else:
                    hook(self, args, None)
            except Exception as error:  # noqa: BLE001 - whatever the hook raised: the first error is the one to be seen
                warnings.warn(
                    f"{whose} forward hook with ``always_call=True`` raised an exception "
                    f"that was silenced as another error was raised in forward: {error}",
                    stacklevel=4,
                )

    def _backward_hooks_by_kind(self) -> tuple[list[Hook], list[Hook]]:
        own, world = list(self._backward_hooks.values()), list(_global_backward_hooks.values())
        if self._is_full_backward_hook is False:
            return world, own
        return world + own, []

    # ------------------------------------------------------------------ registration
    def register_forward_pre_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args)` before `forward`; what it returns, unless `None`, replaces `args`."""
        return _add(self._forward_pre_hooks, hook, prepend, {"": (self._forward_pre_hooks_with_kwargs, with_kwargs)})

    def register_forward_hook(
        self, hook: Hook, *, prepend: bool = False, with_kwargs: bool = False, always_call: bool = False
    ) -> RemovableHandle:
        """Call `hook(module, args, output)` after `forward`; what it returns, unless `None`, replaces the output.

        >>> import pytorch_tutor as torch
        >>> layer = torch.nn.Linear(3, 2)
        >>> handle = layer.register_forward_hook(lambda module, args, output: print(output.shape))
        >>> _ = layer(torch.ones(5, 3))
        torch.Size([5, 2])
        >>> handle.remove()
        """
        flags = {
            "with_kwargs": (self._forward_hooks_with_kwargs, with_kwargs),
            "always_call": (self._forward_hooks_always_called, always_call),
        }
        return _add(self._forward_hooks, hook, prepend, flags)

    def register_full_backward_pre_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_output)` before the module's backward; a returned tuple replaces `grad_output`."""
        return _add(self._backward_pre_hooks, hook, prepend, {})

    def register_full_backward_hook(self, hook: Hook, prepend: bool = False) -> RemovableHandle:
        """Call `hook(module, grad_input, grad_output)` after the module's backward; a returned tuple replaces `grad_input`."""
        self._one_kind_of_backward_hook(full=True)
        return _add(self._backward_hooks, hook, prepend, {})

    def register_backward_hook(self, hook: Hook) -> RemovableHandle:
        """Older form of `register_full_backward_hook`: sees only the gradients of the module's last operation."""
        self._one_kind_of_backward_hook(full=False)
        return _add(self._backward_hooks, hook, False, {})

    def _one_kind_of_backward_hook(self, *, full: bool) -> None:
        if self._is_full_backward_hook is (not full):
            raise RuntimeError(
                "Cannot use both regular backward hooks and full backward hooks on a "
                "single Module. Please use only one of them."
            )
        self._is_full_backward_hook = full


def _add(
    hooks: OrderedDict[int, Hook], hook: Hook, prepend: bool, flags: dict[str, tuple[OrderedDict[int, bool], bool]]
) -> RemovableHandle:
    handle = RemovableHandle(hooks, extra_dict=[marks for marks, _ in flags.values()])
    hooks[handle.id] = hook
    for marks, wanted in flags.values():
        if wanted:
            marks[handle.id] = True
    if prepend:
        hooks.move_to_end(handle.id, last=False)
    return handle


def _first_tensor(result: Any) -> Tensor:
    while not isinstance(result, Tensor):
        if isinstance(result, dict):
            result = next(value for value in result.values() if isinstance(value, Tensor))
        else:
            result = result[0]
    return result


def _bound(hook: Hook, module: Any) -> Hook:
    """The hook with its module as first argument, held weakly: a graph must not keep a module alive."""
    owner = weakref.ref(module)

    def call(*gradients: Any) -> Any:
        target = owner()
        if target is None:
            raise RuntimeError("You are trying to call the hook of a dead Module!")
        return hook(target, *gradients)

    return call


# ---------------------------------------------------------------------- hooks for every module
def register_module_forward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, args)` before the forward of every module."""
    return _add(_global_forward_pre_hooks, hook, False, {})


def register_module_forward_hook(
    hook: Hook, *, with_kwargs: bool = False, always_call: bool = False
) -> RemovableHandle:
    """Call `hook(module, args, output)` after the forward of every module."""
    flags = {
        "with_kwargs": (_global_forward_hooks_with_kwargs, with_kwargs),
        "always_call": (_global_forward_hooks_always_called, always_call),
    }
    return _add(_global_forward_hooks, hook, False, flags)


def register_module_full_backward_pre_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, grad_output)` before the backward of every module."""
    return _add(_global_backward_pre_hooks, hook, False, {})


def register_module_full_backward_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, grad_input, grad_output)` after the backward of every module."""
    return _add(_global_backward_hooks, hook, False, {})


def register_module_parameter_registration_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, name, parameter)` whenever a parameter is registered anywhere."""
    return _add(registry.parameter_hooks, hook, False, {})


def register_module_buffer_registration_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, name, buffer)` whenever a buffer is registered anywhere."""
    return _add(registry.buffer_hooks, hook, False, {})


def register_module_module_registration_hook(hook: Hook) -> RemovableHandle:
    """Call `hook(module, name, submodule)` whenever a submodule is registered anywhere."""
    return _add(registry.module_hooks, hook, False, {})
