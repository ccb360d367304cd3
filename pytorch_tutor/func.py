"""``torch.func``: transformations of functions. A derivative is again a function; ``vmap`` adds a dimension to one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from .creation import zeros, zeros_like
from .engine import grad as gradient
from .errors import lesson
from .functions.indexing import select
from .functions.shape import movedim, stack
from .graph import mode
from .tensor_base import TensorBase


# -- nested arguments -------------------------------------------------------------------------------------------------
def leaves(tree: Any) -> list[Any]:
    """The tensors of nested lists, tuples and dictionaries, from left to right."""
    if isinstance(tree, Mapping):
        return [leaf for value in tree.values() for leaf in leaves(value)]
    if isinstance(tree, (list, tuple)):
        return [leaf for value in tree for leaf in leaves(value)]
    return [tree]


def rebuilt(tree: Any, new: Iterator[Any]) -> Any:
    """The same nesting around other leaves."""
    if isinstance(tree, Mapping):
        return {key: rebuilt(value, new) for key, value in tree.items()}
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(rebuilt(value, new) for value in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(rebuilt(value, new) for value in tree)
    return next(new)


def mapped(function: Callable[..., Any], tree: Any) -> Any:
    """The nesting with the function's results for its leaves."""
    return rebuilt(tree, map(function, leaves(tree)))


# -- derivatives ------------------------------------------------------------------------------------------------------
@contextmanager
def _recording() -> Iterator[None]:
    before, mode.grad = mode.grad, True
    try:
        yield
    finally:
        mode.grad = before


def _fresh(x: Any) -> Any:
    """A tensor to differentiate by: what it came from stays reachable, for a derivative around this one."""
    return x.view_as(x) if x.requires_grad else x.detach().requires_grad_()


def _settled(results: Any, ours: Sequence[Any]) -> Any:
    """Results without history, unless some derivative around this one (or a backward pass) still needs it."""
    own = {id(x) for x in ours}

    def needed(result: Any) -> bool:
        waiting, seen = [result.grad_fn], set()
        while waiting:
            node = waiting.pop()
            if node is None or node in seen:
                continue
            seen.add(node)
            variable = getattr(node, "variable", None)
            if variable is not None and id(variable) not in own:
                return True
            waiting += [next_node for next_node, _ in node.next_functions]
        return False

    def settle(result: Any) -> Any:
        if not isinstance(result, TensorBase):
            return result
        return result if result.requires_grad and needed(result) else result.detach()

    return mapped(settle, results)


def _back(outputs: list[Any], inputs: list[Any], cotangents: list[Any] | None) -> list[Any]:
    """One backward pass; zeros for inputs on which nothing depends."""
    pairs = [(o, None if cotangents is None else cotangents[i]) for i, o in enumerate(outputs) if o.requires_grad]
    if not pairs:
        return [zeros_like(x).detach() for x in inputs]
    starts = None if cotangents is None else [c for _, c in pairs]
    found = gradient([o for o, _ in pairs], inputs, starts, create_graph=True, allow_unused=True)
    return [zeros_like(x).detach() if g is None else g for g, x in zip(found, inputs, strict=True)]


def _split(args: tuple[Any, ...], argnums: int | tuple[int, ...]) -> tuple[tuple[Any, ...], Any, list[Any]]:
    """The arguments with fresh tensors where ``argnums`` says; those alone; their leaves."""
    numbers = [argnums] if isinstance(argnums, int) else list(argnums)
    for n in numbers:
        if not -len(args) <= n < len(args):
            raise RuntimeError(f"Got argnum={n}, but only {len(args)} positional inputs")
    places = [n % len(args) for n in numbers]
    new = tuple(mapped(_fresh, a) if i in places else a for i, a in enumerate(args))
    chosen = new[places[0]] if isinstance(argnums, int) else tuple(new[i] for i in places)
    return new, chosen, leaves(chosen)


def grad_and_value(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False
) -> Callable[..., Any]:
    """A function that gives the gradient of ``func`` and its value.

    >>> import pytorch_tutor as torch
    >>> torch.func.grad_and_value(lambda x: x**2)(torch.tensor(3.0))
    (tensor(6.), tensor(9.))
    """

    def differentiated(*args: Any, **kwargs: Any) -> Any:
        with _recording():
            new, chosen, inputs = _split(args, argnums)
            value = func(*new, **kwargs)
            value, aux = value if has_aux else (value, None)
            if not isinstance(value, TensorBase):
                raise RuntimeError(f"grad_and_value(f)(*args): Expected f(*args) to return a tensor, got {type(value)}")
            if value._array.ndim:
                raise lesson(
                    RuntimeError(
                        "grad_and_value(f)(*args): Expected f(*args) to return a scalar tensor, got tensor with "
                        f"{value._array.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
                    ),
                    expected="one number",
                    got=list(value._array.shape),
                    hint="sum() or mean() at the end, or torch.func.jacrev",
                )
            found = rebuilt(chosen, iter(_back([value], inputs, None)))
        rest = (value, aux) if has_aux else value
        return _settled(found, inputs), _settled(rest, inputs)

    return differentiated


def grad(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of a function with one number as result, as a function: it can be differentiated again.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.func import grad
    >>> grad(grad(lambda x: x**3))(torch.tensor(2.0))
    tensor(12.)
    """

    def differentiated(*args: Any, **kwargs: Any) -> Any:
        found, value = grad_and_value(func, argnums, has_aux)(*args, **kwargs)
        return (found, value[1]) if has_aux else found

    return differentiated


def vjp(func: Callable[..., Any], *primals: Any, has_aux: bool = False) -> Any:
    """The function's value, and a function that multiplies a vector by the Jacobian: one backward pass.

    >>> import pytorch_tutor as torch
    >>> value, back = torch.func.vjp(lambda x: x * 2, torch.tensor([1.0, 2.0]))
    >>> back(torch.tensor([1.0, 10.0]))
    (tensor([ 2., 20.]),)
    """
    with _recording():
        new = mapped(_fresh, primals)
        outputs = func(*new)
        outputs, aux = outputs if has_aux else (outputs, None)

    def back(*cotangents: Any) -> Any:
        nested = len(cotangents) == 1 and isinstance(cotangents[0], (tuple, list, Mapping))
        given = cotangents[0] if nested else cotangents
        with _recording():
            found = _back(leaves(outputs), leaves(new), leaves(given))
        return _settled(rebuilt(new, iter(found)), leaves(new))

    shown = _settled(outputs, leaves(new))
    return (shown, back, aux) if has_aux else (shown, back)


def jvp(func: Callable[..., Any], primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False) -> Any:
    """The function's value, and the Jacobian times a vector: the change of the output for a change of the input.

    It is the derivative of a vector-Jacobian product by the vector, so two backward passes give it.

    >>> import pytorch_tutor as torch
    >>> torch.func.jvp(lambda x: x**2, (torch.tensor([1.0, 2.0]),), (torch.tensor([1.0, 0.5]),))
    (tensor([1., 4.]), tensor([2., 2.]))
    """
    if not isinstance(primals, tuple):
        raise RuntimeError(
            "jvp(f, primals, tangents): Expected primals to be a tuple. E.g. it should be valid to call f(*primals)."
        )
    with _recording():
        new = mapped(_fresh, primals)
        outputs = func(*new)
        outputs, aux = outputs if has_aux else (outputs, None)
        flat = leaves(outputs)
        dummies = [zeros_like(o).detach().requires_grad_() for o in flat]
        back = _back(flat, leaves(new), dummies)
        pushed = _back(back, dummies, leaves(tangents))
    ours = [*leaves(new), *dummies]
    found = _settled(rebuilt(outputs, iter(pushed)), ours)
    shown = _settled(outputs, ours)
    return (shown, found, aux) if has_aux else (shown, found)


def jacrev(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Callable[..., Any]:
    """All partial derivatives, row by row with one backward pass for each output: shape (*output, *input).

    >>> import pytorch_tutor as torch
    >>> torch.func.jacrev(lambda x: x**2)(torch.tensor([1.0, 2.0]))
    tensor([[2., 0.],
            [0., 4.]])
    """

    def differentiated(*args: Any, **kwargs: Any) -> Any:
        with _recording():
            new, chosen, inputs = _split(args, argnums)
            outputs = func(*new, **kwargs)
            outputs, aux = outputs if has_aux else (outputs, None)
            blocks = [rebuilt(chosen, iter(_rows(out, inputs))) for out in leaves(outputs)]
        found = _settled(rebuilt(outputs, iter(blocks)), inputs)
        return (found, _settled(aux, inputs)) if has_aux else found

    return differentiated


def _rows(output: Any, inputs: list[Any]) -> list[Any]:
    """For each input the derivatives of all elements of one output."""
    flat = output.reshape(-1)
    rows = [_back([flat[i]], inputs, None) for i in range(flat.numel())]
    return [
        stack([row[k] for row in rows]).reshape((*output.shape, *x.shape)) if rows else zeros(*output.shape, *x.shape)
        for k, x in enumerate(inputs)
    ]


def jacfwd(
    func: Callable[..., Any], argnums: int | tuple[int, ...] = 0, has_aux: bool = False, *, randomness: str = "error"
) -> Callable[..., Any]:
    """All partial derivatives; what ``jacrev`` gives, under the name of the other way to compute them."""
    return jacrev(func, argnums, has_aux)


def hessian(func: Callable[..., Any], argnums: int | tuple[int, ...] = 0) -> Callable[..., Any]:
    """All second derivatives: the Jacobian of the Jacobian.

    >>> import pytorch_tutor as torch
    >>> torch.func.hessian(lambda x: (x**3).sum())(torch.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    return jacfwd(jacrev(func, argnums), argnums)


# -- another dimension ------------------------------------------------------------------------------------------------
def vmap(
    func: Callable[..., Any], in_dims: Any = 0, out_dims: Any = 0, randomness: str = "error", *,
    chunk_size: int | None = None,
) -> Callable[..., Any]:  # fmt: skip
    """The function for one example as a function for many: it is called for each, and the results are stacked.

    ``in_dims`` says which dimension of each argument counts the examples (None: the argument is the same for all).

    >>> import pytorch_tutor as torch
    >>> torch.func.vmap(torch.dot)(torch.ones(2, 3), torch.arange(6.0).reshape(2, 3))
    tensor([ 3., 12.])
    """

    def batched(*args: Any, **kwargs: Any) -> Any:
        dims = _spread(in_dims, args)
        flat = leaves(args)
        sizes = {x._array.shape[d] for x, d in zip(flat, dims, strict=True) if d is not None}
        if not sizes:
            raise ValueError(
                f"vmap({getattr(func, '__name__', func)}, in_dims={in_dims}, ...)(<inputs>): at least one input must have "
                "in_dims not None"
            )
        if len(sizes) > 1:
            listed = [x._array.shape[d] for x, d in zip(flat, dims, strict=True) if d is not None]
            raise lesson(
                ValueError(
                    "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes "
                    f"{listed} for the mapped dimension"
                ),
                expected="as many examples in every argument",
                got=listed,
            )
        results = []
        for i in range(sizes.pop()):
            one = [x if d is None else select(x, d, i) for x, d in zip(flat, dims, strict=True)]
            results.append(func(*rebuilt(args, iter(one)), **kwargs))
        outs = [leaves(result) for result in results]
        places = _spread(out_dims, results[0])
        joined = [movedim(stack(list(parts)), 0, d) for parts, d in zip(zip(*outs, strict=True), places, strict=True)]
        return rebuilt(results[0], iter(joined))

    return batched


def _spread(dims: Any, tree: Any) -> list[Any]:
    """One dimension for every leaf, of one number for all or of a nesting like theirs."""
    if dims is None or isinstance(dims, int):
        return [dims if isinstance(leaf, TensorBase) else None for leaf in leaves(tree)]
    values = list(tree.values()) if isinstance(tree, Mapping) else tree
    inner = [dims[key] for key in tree] if isinstance(dims, Mapping) else dims
    if len(inner) != len(values):
        raise ValueError(
            f"vmap: in_dims is not compatible with the structure of inputs. in_dims has {len(inner)} elements and inputs "
            f"has {len(values)}."
        )
    return [d for part, value in zip(inner, values, strict=True) for d in _spread(part, value)]


# -- modules as functions ---------------------------------------------------------------------------------------------
def functional_call(
    module: Any, parameter_and_buffer_dicts: Any, args: Any = None, kwargs: Any = None, *, tie_weights: bool = True,
    strict: bool = False,
) -> Any:  # fmt: skip
    """Calls a module with the given parameters in place of its own: the module as a function of its parameters.

    >>> import pytorch_tutor as torch
    >>> layer = torch.nn.Linear(2, 1)
    >>> values = {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([3.0])}
    >>> torch.func.functional_call(layer, values, torch.tensor([10.0, 20.0]))
    tensor([53.])
    """
    given: dict[str, Any] = {}
    many = isinstance(parameter_and_buffer_dicts, (tuple, list))
    for part in parameter_and_buffer_dicts if many else [parameter_and_buffer_dicts]:
        given.update(part)
    own = {
        **dict(module.named_parameters(remove_duplicate=False)),
        **dict(module.named_buffers(remove_duplicate=False)),
    }
    if strict and given.keys() != own.keys():
        missing, extra = sorted(own.keys() - given.keys()), sorted(given.keys() - own.keys())
        raise RuntimeError(f"Error(s) in functional_call: missing keys {missing}, unexpected keys {extra}")
    if tie_weights:
        by_tensor = {id(own[name]): value for name, value in given.items() if name in own}
        given = {**{n: by_tensor[id(t)] for n, t in own.items() if id(t) in by_tensor}, **given}
    swapped = []
    try:
        for name, value in given.items():
            path, _, last = name.rpartition(".")
            owner = module.get_submodule(path)
            table = owner._parameters if last in owner._parameters else owner._buffers
            swapped.append((table, last, table.get(last), last in table))
            table[last] = value
        inputs = () if args is None else args if isinstance(args, tuple) else (args,)
        return module(*inputs, **(kwargs or {}))
    finally:
        for table, last, value, there in reversed(swapped):
            if there:
                table[last] = value
            else:
                del table[last]


def stack_module_state(models: Sequence[Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters and the buffers of equal modules, each stacked along a new first dimension: for ``vmap``."""
    if not models:
        raise RuntimeError("stack_module_state: Expected at least one model, got 0.")

    def stacked(tables: list[dict[str, Any]], trainable: bool) -> dict[str, Any]:
        found = {key: stack([t[key].detach() for t in tables]) for key in tables[0]}
        return {key: value.requires_grad_(trainable and tables[0][key].requires_grad) for key, value in found.items()}

    return (
        stacked([dict(m.named_parameters()) for m in models], True),
        stacked([dict(m.named_buffers()) for m in models], False),
    )


__all__ = [
    "functional_call", "grad", "grad_and_value", "hessian", "jacfwd", "jacrev", "jvp", "stack_module_state", "vjp", "vmap",
]  # fmt: skip
