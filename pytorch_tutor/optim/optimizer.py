"""What every optimizer is: parameter groups, a state per parameter, and a loop that calls one update rule."""

from __future__ import annotations

import functools
import warnings
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from copy import deepcopy
from itertools import chain
from typing import Any, TypeAlias

from pytorch_tutor.autograd import enable_grad, set_grad_enabled
from pytorch_tutor.errors import lesson
from pytorch_tutor.functions import tensor, view_as_real
from pytorch_tutor.graph import is_grad_enabled
from pytorch_tutor.tensor import Tensor
from pytorch_tutor.utils.hooks import RemovableHandle

__all__ = ["Optimizer", "register_optimizer_step_post_hook", "register_optimizer_step_pre_hook"]

ParamsT: TypeAlias = Iterable[Tensor] | Iterable[dict[str, Any]] | Iterable[tuple[str, Tensor]]
Group: TypeAlias = dict[str, Any]
State: TypeAlias = dict[str, Any]

# Options that PyTorch gained over the years: a checkpoint written before one existed gets its old meaning.
_OPTIONS_ADDED_LATER: dict[str, Any] = {
    "momentum": 0,
    "nesterov": False,
    "centered": False,
    "amsgrad": False,
    "maximize": False,
    "foreach": None,
    "capturable": False,
    "differentiable": False,
    "fused": None,
    "decoupled_weight_decay": False,
}
_CAPTURABLE_DEVICES = ["cuda", "xpu", "hpu", "privateuseone", "xla"]

_global_step_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
_global_step_post_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()


class _Required:
    """Marks an option without a default (old PyTorch optimizers write ``lr=required``)."""

    def __repr__(self) -> str:
        return "<required parameter>"


required = _Required()


def _with_hooks(step: Callable[..., Any]) -> Callable[..., Any]:
    """``step`` with the hooks around it; a ``super().step()`` inside does not run them a second time."""

    @functools.wraps(step)
    def hooked(self: Optimizer, *args: Any, **kwargs: Any) -> Any:
        if type(self).step is not hooked:
            return step(self, *args, **kwargs)
        if hasattr(self, "_opt_called"):  # a learning rate scheduler asks whether a step came before its own
            self._opt_called = True
        for hook in (*_global_step_pre_hooks.values(), *self._optimizer_step_pre_hooks.values()):
            # PyTorch hands hooks all arguments, with the optimizer itself first
            replaced = hook(self, (self, *args), kwargs)
            if replaced is None:
                continue
            if not (isinstance(replaced, tuple) and len(replaced) == 2):
                raise lesson(
                    RuntimeError(f"{step} must return None or a tuple of (new_args, new_kwargs), but got {replaced}."),
                    hint="return None from the hook",
                )
            (_, *args), kwargs = replaced
        out = step(self, *args, **kwargs)
        for hook in (*self._optimizer_step_post_hooks.values(), *_global_step_post_hooks.values()):
            hook(self, (self, *args), kwargs)
        return out

    hooked.hooked = True  # type: ignore[attr-defined]
    return hooked


class Optimizer:
    r"""Base class of all optimizers: changes parameters so that a loss goes down.

    A training step is always the same four lines; only the third line's rule differs from optimizer to optimizer::

        optimizer.zero_grad()  # forget the old gradients: backward() adds to them
        loss = criterion(model(x), y)
        loss.backward()  # fills p.grad of every parameter
        optimizer.step()  # p <- p - (something made of p.grad)

    A new optimizer needs only :meth:`update`, the rule for one parameter (and :meth:`init_state` if it
    remembers something between steps). PyTorch's way, to override :meth:`step` as a whole, works too.

    Args:
        params: tensors, ``(name, tensor)`` pairs, or dicts. Each dict is a *parameter group* with options of its own.
        defaults: the options of every group that does not set them itself.

    Example::

        >>> import pytorch_tutor as torch
        >>> class SignSGD(torch.optim.Optimizer):
        ...     def __init__(self, params, lr=0.1):
        ...         super().__init__(params, {"lr": lr})
        ...     def update(self, param, grad, state, group):
        ...         param.add_(grad.sign(), alpha=-group["lr"])
        >>> w = torch.tensor([1.0, -2.0], requires_grad=True)
        >>> (w * w).sum().backward()
        >>> SignSGD([w]).step()
        >>> w
        tensor([ 0.9000, -1.9000], requires_grad=True)

    Raises:
        TypeError: ``params`` is a tensor, a set, or holds something that is no tensor.
        ValueError: no parameters, a parameter twice, or one that was computed (a non-leaf).
    """

    # Most rules treat a complex number as its two real parts; those that work on complex numbers directly say False.
    complex_as_pairs = True
    _opt_called: bool  # set by a learning rate scheduler, which asks whether a step came before its own

    def __init__(self, params: ParamsT, defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self._make_hook_tables()
        if isinstance(params, Tensor):
            raise lesson(
                TypeError(
                    "params argument given to the optimizer should be "
                    "an iterable of Tensors or dicts, but got " + _typename(params)
                ),
                hint="put the tensor into a list: [tensor]",
            )
        self.state: defaultdict[Any, Any] = defaultdict(dict)
        self.param_groups: list[Group] = []
        groups: list[Any] = list(params)
        if len(groups) == 0:
            raise lesson(
                ValueError("optimizer got an empty parameter list"),
                hint="pass model.parameters(); a generator can be used only once",
            )
        if not isinstance(groups[0], dict):
            groups = [{"params": groups}]
        for group in groups:
            self.add_param_group(group)

    # ---------------------------------------------------------------- the step

    @_with_hooks
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change every parameter that has a gradient, once.

        Args:
            closure: clears the gradients, computes the loss, calls ``backward`` and returns the loss. Few
                optimizers need it (:class:`LBFGS` does, since it evaluates the loss several times in a step).

        Returns:
            the closure's loss, or None.
        """
        with set_grad_enabled(bool(self.defaults.get("differentiable", False))):
            loss = None
            if closure is not None:
                with enable_grad():
                    loss = closure()
            for group in self.param_groups:
                for param in group["params"]:
                    if param._grad is not None:
                        self._update_one(param, group)
        return loss

    def _update_one(self, param: Tensor, group: Group) -> None:
        grad = param._grad
        self._check_grad(param, grad, group)
        state = self.state.get(param)
        fresh = not state
        if not state:
            state = {}
            self.init_state(param, state, group)
        if _is_plain(param) and not grad.is_sparse and self.update_arrays(param._array, grad._array, state, group):
            param.version.n += 1  # what the in-place methods of a tensor do by themselves
        else:
            if group.get("maximize", False):
                grad = -grad
            if self.complex_as_pairs and param.is_complex():
                pairs = {key: _as_pairs(value) for key, value in state.items()}
                self.update(_as_pairs(param), _as_pairs(grad), pairs, group)
            else:
                self.update(param, grad, state, group)
        if fresh and state:  # an optimizer without memory leaves no empty entries behind
            self.state[param] = state

    def _check_grad(self, param: Tensor, grad: Tensor, group: Group) -> None:
        if grad.is_sparse and not self.takes_sparse:
            raise lesson(
                RuntimeError(
                    f"{self._called or type(self).__name__} does not support sparse gradients{self._sparse_advice}"
                ),
                hint="grad.to_dense()",
            )
        if group.get("capturable", False) and param.device.type not in _CAPTURABLE_DEVICES:
            raise lesson(
                AssertionError(
                    f"If capturable=True, params and state_steps must be on supported devices: {_CAPTURABLE_DEVICES}."
                ),
                got=f"a parameter on {param.device}",
                hint="leave capturable=False on the CPU",
            )

    takes_sparse = False  # does the rule know what to do with a gradient that lists only some rows?
    _called = ""  # the name in that sentence, where it is not the class's own
    _sparse_advice = ""

    def init_state(self, param: Tensor, state: State, group: Group) -> None:
        """Fill ``state`` before the first update of ``param`` (nothing, unless a subclass remembers something)."""

    def update(self, param: Tensor, grad: Tensor, state: State, group: Group) -> None:
        """The rule: change ``param`` in place. Runs without recording a graph, unless ``differentiable=True``."""
        raise NotImplementedError

    def update_arrays(self, param: Any, grad: Any, state: State, group: Group) -> bool:
        """The same rule once more, by a kernel that passes over the memory once; False where there is none.

        :meth:`update` says what happens; this is only faster. Called for parameters in float32 and float64 while no
        graph is recorded.
        """
        return False

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients, since ``backward()`` adds to what is there.

        Args:
            set_to_none: drop the gradient tensors (the default: saves memory, and parameters that the next
                backward pass does not reach are skipped by :meth:`step`), or fill them with zeros.
        """
        for group in self.param_groups:
            for param in group["params"]:
                if param._grad is None:
                    continue
                if set_to_none:
                    param._grad = None
                    continue
                if param.grad.grad_fn is not None:
                    param.grad.detach_()
                else:
                    param.grad.requires_grad_(False)
                param.grad.zero_()

    # ---------------------------------------------------------------- parameter groups

    def add_param_group(self, param_group: Group) -> None:
        """Add a group of parameters with options of its own, for instance freshly unfrozen layers.

        Args:
            param_group: ``{"params": tensors, option: value, ...}``; missing options get the defaults.
        """
        if not isinstance(param_group, dict):
            raise lesson(TypeError(f"param_group must be a dict, but got {type(param_group)}"), hint='{"params": [p]}')
        self._split_names(param_group)
        for param in param_group["params"]:
            if not isinstance(param, Tensor):
                raise lesson(
                    TypeError("optimizer can only optimize Tensors, but one of the params is " + _typename(param)),
                    expected="tensors, such as model.parameters()",
                    got=_typename(param),
                    hint="pass model.parameters(), not the model",
                )
            if not self.defaults.get("differentiable", None) and not (param.is_leaf or param.retains_grad):
                raise lesson(
                    ValueError("can't optimize a non-leaf Tensor"),
                    got=f"a tensor made by {param.grad_fn}",
                    hint="optimize the leaf it was computed from, or x.detach().requires_grad_()",
                )
        for name, default in self.defaults.items():
            if default is required and name not in param_group:
                raise lesson(
                    ValueError(f"parameter group didn't specify a value of required optimization parameter {name}"),
                    hint=f"give {name}",
                )
            param_group.setdefault(name, default)
        self._refuse_duplicates(param_group)
        self.param_groups.append(param_group)

    @staticmethod
    def _split_names(param_group: Group) -> None:
        """``(name, tensor)`` pairs, as ``model.named_parameters()`` gives, become ``params`` and ``param_names``."""
        params = param_group["params"]
        if isinstance(params, Tensor):
            params = [params]
        elif isinstance(params, set):
            raise lesson(
                TypeError(
                    "optimizer parameters need to be organized in ordered collections, but "
                    "the ordering of tensors in sets will change between runs. Please use a list instead."
                ),
                hint="list(...) in an order that is always the same",
            )
        params = list(params)
        names = [p[0] for p in params if isinstance(p, tuple)]
        param_group["params"] = [p[1] if isinstance(p, tuple) else p for p in params]
        if names:
            if len(names) != len(params):
                raise lesson(
                    ValueError("all optimizer params should be with/without names. Some param names are missing"),
                    expected=f"{len(params)} names",
                    got=f"{len(names)} names",
                )
            param_group["param_names"] = names

    def _refuse_duplicates(self, param_group: Group) -> None:
        params = param_group["params"]
        if len(params) != len(set(params)):
            warnings.warn(
                "optimizer contains a parameter group with duplicate parameters; "
                "in future, this will cause an error; "
                "see github.com/pytorch/pytorch/issues/40967 for more information",
                stacklevel=4,
            )
        known: set[Tensor] = set()
        for group in self.param_groups:
            known.update(group["params"])
            if ("param_names" in param_group) != ("param_names" in group):
                names = "with names" if "param_names" in param_group else "without names"
                raise lesson(
                    ValueError(
                        "all optimizer param groups should be with/without names. "
                        f"cannot add param group {names} to the optimizer"
                    ),
                    hint="use named_parameters() for every group, or for none",
                )
        if not known.isdisjoint(params):
            raise lesson(
                ValueError("some parameters appear in more than one parameter group"),
                hint="leave the shared parameters out of one of the groups",
            )

    # ---------------------------------------------------------------- saving and loading

    def state_dict(self) -> dict[str, Any]:
        """Everything needed to go on later: ``{"state": ..., "param_groups": ...}``, parameters named by number.

        The numbers count the parameters through all groups, so a loaded state fits by order, not by name.
        """
        for hook in self._optimizer_state_dict_pre_hooks.values():
            hook(self)
        number_of: dict[int, int] = {}
        packed_groups: list[Group] = []
        start = 0
        for group in self.param_groups:
            for i, param in enumerate(group["params"], start):
                number_of.setdefault(id(param), i)
            packed = {key: value for key, value in group.items() if key != "params"}
            packed["params"] = [number_of[id(param)] for param in group["params"]]
            start += len(group["params"])
            packed_groups.append(packed)
        state = {number_of[id(k)] if isinstance(k, Tensor) else k: value for k, value in self.state.items()}
        result: dict[str, Any] = {"state": state, "param_groups": packed_groups}
        for hook in self._optimizer_state_dict_post_hooks.values():
            replaced = hook(self, result)
            if replaced is not None:
                result = replaced
        return result

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Continue from a :meth:`state_dict`; create schedulers first, since they set the learning rate anew.

        Raises:
            ValueError: the groups differ in number or in size from those of this optimizer.
        """
        state_dict = state_dict.copy()
        for hook in self._optimizer_load_state_dict_pre_hooks.values():
            replaced = hook(self, state_dict)
            if replaced is not None:
                state_dict = replaced
        groups, saved = self.param_groups, deepcopy(state_dict["param_groups"])
        if len(groups) != len(saved):
            raise lesson(
                ValueError("loaded state dict has a different number of parameter groups"),
                expected=f"{len(groups)} groups",
                got=f"{len(saved)} groups",
                hint="build the optimizer exactly as it was when saved",
            )
        if any(len(g["params"]) != len(s["params"]) for g, s in zip(groups, saved, strict=True)):
            raise lesson(
                ValueError(
                    "loaded state dict contains a parameter group that doesn't match the size of optimizer's group"
                ),
                expected=f"{[len(g['params']) for g in groups]} parameters",
                got=f"{[len(s['params']) for s in saved]} parameters",
                hint="build the model and the optimizer exactly as they were when saved",
            )
        numbers = chain.from_iterable(s["params"] for s in saved)
        param_of = dict(zip(numbers, chain.from_iterable(g["params"] for g in groups), strict=True))
        state: defaultdict[Any, Any] = defaultdict(dict)
        for key, value in state_dict["state"].items():
            if key in param_of:
                state[param_of[key]] = _fit(value, param_of[key])
            else:
                state[key] = value
        for group, new in zip(groups, saved, strict=True):
            new["params"] = group["params"]
            if "param_names" in group:
                new.setdefault("param_names", group["param_names"])
        self.__setstate__({"state": state, "param_groups": saved})
        for hook in self._optimizer_load_state_dict_post_hooks.values():
            hook(self)

    def __getstate__(self) -> dict[str, Any]:
        return {"defaults": self.defaults, "state": self.state, "param_groups": self.param_groups}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if "_optimizer_step_pre_hooks" not in self.__dict__:
            self._make_hook_tables()
        self.defaults.setdefault("differentiable", False)
        for group in self.param_groups:
            for name, default in _OPTIONS_ADDED_LATER.items():
                if name in self.defaults:
                    group.setdefault(name, default)
            for param in group["params"]:
                step = self.state[param].get("step") if param in self.state else None
                if isinstance(step, (int, float)):  # PyTorch counted in plain numbers until 1.11
                    self.state[param]["step"] = tensor(float(step))

    # ---------------------------------------------------------------- hooks

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """A ``step`` that a subclass writes runs the hooks too, without the author doing anything."""
        super().__init_subclass__(**kwargs)
        if "step" in cls.__dict__:
            cls.step = _with_hooks(cls.__dict__["step"])  # type: ignore[method-assign]

    def _make_hook_tables(self) -> None:
        self._optimizer_step_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._optimizer_step_post_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._optimizer_state_dict_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._optimizer_state_dict_post_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._optimizer_load_state_dict_pre_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()
        self._optimizer_load_state_dict_post_hooks: OrderedDict[int, Callable[..., Any]] = OrderedDict()

    def register_step_pre_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; it may return new ``(args, kwargs)``."""
        return _register(self._optimizer_step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Callable[..., Any]) -> RemovableHandle:
        """Call ``hook(optimizer, args, kwargs)`` after each step."""
        return _register(self._optimizer_step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` before :meth:`state_dict`."""
        return _register(self._optimizer_state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` after :meth:`state_dict`; it may return another dictionary."""
        return _register(self._optimizer_state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer, state_dict)`` before loading; it may return another dictionary."""
        return _register(self._optimizer_load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Callable[..., Any], prepend: bool = False) -> RemovableHandle:
        """Call ``hook(optimizer)`` after loading."""
        return _register(self._optimizer_load_state_dict_post_hooks, hook, prepend)

    def __repr__(self) -> str:
        text = type(self).__name__ + " ("
        for i, group in enumerate(self.param_groups):
            options = "".join(f"    {key}: {group[key]}\n" for key in sorted(group) if key != "params")
            text += f"\nParameter Group {i}\n{options}"
        return text + ")"


def register_optimizer_step_pre_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` before each step of every optimizer."""
    return _register(_global_step_pre_hooks, hook)


def register_optimizer_step_post_hook(hook: Callable[..., Any]) -> RemovableHandle:
    """Call ``hook(optimizer, args, kwargs)`` after each step of every optimizer."""
    return _register(_global_step_post_hooks, hook)


def _register(
    table: OrderedDict[int, Callable[..., Any]], hook: Callable[..., Any], prepend: bool = False
) -> RemovableHandle:
    handle = RemovableHandle(table)
    table[handle.id] = hook
    if prepend:
        table.move_to_end(handle.id, last=False)
    return handle


def _is_plain(param: Tensor) -> bool:
    return not is_grad_enabled() and param._dtype is None and param._array.dtype.char in "fd"


def _as_pairs(value: Any) -> Any:
    """A complex tensor seen as real pairs (a view: writing into it changes the original)."""
    return view_as_real(value) if isinstance(value, Tensor) and value.is_complex() else value


def _fit(value: Any, param: Tensor, key: Any = None) -> Any:
    """A loaded state, with its tensors moved to the parameter's device and dtype (a counter keeps its dtype)."""
    if isinstance(value, Tensor):
        if key == "step":
            return value
        if param.is_floating_point():
            return value.to(dtype=param.dtype, device=param.device)
        return value.to(device=param.device)
    if isinstance(value, dict):
        return {k: _fit(v, param, k) for k, v in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return type(value)(_fit(v, param) for v in value)  # type: ignore[call-arg]
    return value


def _typename(value: Any) -> str:
    if isinstance(value, Tensor):
        return str(value.type())
    kind = type(value)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
