"""Derivatives of functions, as functions again: gradients, and products with Jacobians from either side."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ..autograd.pushforward import cotangents, pushed, recording, settle, transposed
from ..creation import zeros_like
from ..engine import grad as gradient
from ..errors import lesson
from ..graph import mode
from ..tensor_base import TensorBase
from .trees import leaves, mapped, rebuilt, shape_of, spelled, treespec

JVP = "jvp(f, primals, tangents)"
Numbers = int | tuple[int, ...]


@contextmanager
def transform(name: str) -> Iterator[None]:
    """Inside the block the named transformation is under way, and operations are recorded."""
    before, mode.transforms = mode.transforms, (*mode.transforms, name)
    try:
        with recording():
            yield
    finally:
        mode.transforms = before


def named_after(func: Callable[..., Any]) -> Callable[[Any], Any]:
    """The transformed function keeps the name and the docstring of ``func``, where it has them."""
    return functools.wraps(func) if hasattr(func, "__name__") else lambda wrapper: wrapper


def fresh(x: Any) -> Any:
    """A tensor to differentiate by: what it came from stays reachable, for a derivative around this one."""
    if not isinstance(x, TensorBase):
        raise lesson(
            ValueError(f"Thing passed to transform API must be Tensor, got {type(x)}"),
            expected="tensors to differentiate by",
            got=f"{x!r}",
            hint="argnums=...  names the arguments that are tensors",
        )
    if x.edge() is not None:
        return x.view_as(x)
    copy = x.detach()
    copy._mapped = x._mapped
    return copy.requires_grad_()


def settled(results: Any, ours: Sequence[Any]) -> Any:
    """Results without history, unless some derivative around this one (or a backward pass) still needs it."""
    own = {id(x) for x in ours}

    def keep(result: Any) -> Any:
        found = settle(result, own)
        if found is not result:
            found._mapped = result._mapped
        return found

    return mapped(keep, results)


def back_from(outputs: list[Any], inputs: list[Any], starts: list[Any] | None) -> list[Any]:
    """One backward pass; zeros for inputs on which nothing depends."""
    pairs = [
        (o, None if starts is None else starts[i])
        for i, o in enumerate(outputs)
        if isinstance(o, TensorBase) and o.edge() is not None
    ]
    if not pairs:
        return [zeros_like(x).detach() for x in inputs]
    found = gradient(
        [o for o, _ in pairs],
        inputs,
        None if starts is None else [c for _, c in pairs],
        create_graph=True,
        allow_unused=True,
    )
    return [zeros_like(x).detach() if g is None else g for g, x in zip(found, inputs, strict=True)]


def places_of(argnums: Any, count: int) -> list[int]:
    """The positions that ``argnums`` names."""
    if not isinstance(argnums, (int, tuple)):
        raise RuntimeError(f"argnums must be int or Tuple[int, ...], got: {type(argnums)}")
    numbers = [argnums] if isinstance(argnums, int) else list(argnums)
    for n in numbers:
        if not isinstance(n, int):
            raise RuntimeError(f"argnum must be int, got: {type(n)}")
        if not -count <= n < count:
            raise lesson(
                RuntimeError(f"Got argnum={n}, but only {count} positional inputs"),
                expected=f"a number from 0 to {count - 1}",
                got=n,
            )
    places = [n % count for n in numbers]
    if not places:
        raise RuntimeError("argnums must be non-empty")
    if len(set(places)) != len(places):
        raise RuntimeError(f"argnums elements must be unique, got {tuple(places)}")
    return places


def split(args: tuple[Any, ...], argnums: Any) -> tuple[tuple[Any, ...], Any, list[Any]]:
    """The arguments with fresh tensors where ``argnums`` says; those alone; their leaves."""
    places = places_of(argnums, len(args))
    new = tuple(mapped(fresh, a) if i in places else a for i, a in enumerate(args))
    chosen = new[places[0]] if isinstance(argnums, int) else tuple(new[i] for i in places)
    return new, chosen, leaves(chosen)


def apart(result: Any, has_aux: bool, function: str) -> tuple[Any, Any]:
    """(output, aux), as the function gave them."""
    if not has_aux:
        return result, None
    if not (isinstance(result, tuple) and len(result) == 2):
        raise lesson(
            RuntimeError(f"{function}: output of function f should be a tuple: (output, aux) if has_aux is True"),
            expected="(output, aux)",
            got=f"{type(result).__name__}",
        )
    return result


def check_tensors(outputs: list[Any], function: str) -> None:
    """RuntimeError where a function gives nothing, or something else than tensors."""
    if not outputs or (len(outputs) == 1 and outputs[0] is None):
        raise RuntimeError(
            f"{function}: Expected f to be a function that has non-empty output (got output = {outputs})"
        )
    for o in outputs:
        if not isinstance(o, TensorBase):
            raise RuntimeError(
                f"{function}: expected f(*primals) to return only tensors, got unsupported type {type(o)}"
            )


def grad_and_value(func: Callable[..., Any], argnums: Numbers = 0, has_aux: bool = False) -> Callable[..., Any]:
    """A function that gives the gradient of ``func`` and its value.

    >>> import pytorch_tutor as torch
    >>> torch.func.grad_and_value(lambda x: x**2)(torch.tensor(3.0))
    (tensor(6.), tensor(9.))
    """

    @named_after(func)
    def differentiated(*args: Any, **kwargs: Any) -> Any:
        with transform("grad"):
            new, chosen, inputs = split(args, argnums)
            value, aux = apart(func(*new, **kwargs), has_aux, "grad_and_value(f)(*args)")
            if not isinstance(value, TensorBase):
                raise lesson(
                    RuntimeError(f"grad_and_value(f)(*args): Expected f(*args) to return a Tensor, got {type(value)}"),
                    expected="a tensor",
                    got=f"{type(value).__name__}",
                    hint="has_aux=True  if the function gives more than the value",
                )
            if value._array.ndim:
                raise lesson(
                    RuntimeError(
                        "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with "
                        f"{value._array.ndim} dims. Maybe you wanted to use the vjp or jacrev APIs instead?"
                    ),
                    expected="one number",
                    got=list(value._array.shape),
                    hint="sum() or mean() at the end, or torch.func.jacrev",
                )
            found = rebuilt(chosen, iter(back_from([value], inputs, None)))
        rest = (value, aux) if has_aux else value
        return settled(found, inputs), settled(rest, inputs)

    return differentiated


def grad(func: Callable[..., Any], argnums: Numbers = 0, has_aux: bool = False) -> Callable[..., Any]:
    """The gradient of a function with one number as result, as a function: it can be differentiated again.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.func import grad
    >>> grad(grad(lambda x: x**3))(torch.tensor(2.0))
    tensor(12.)
    """

    @named_after(func)
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
    with transform("vjp"):
        new = mapped(fresh, primals)
        outputs, aux = apart(func(*new), has_aux, "vjp(f, *primals)")
    flat = leaves(outputs)
    check_tensors(flat, "vjp(f, *primals)")
    for o in flat:
        if o.dtype.rank < 3:
            raise RuntimeError(
                "vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype "
                f"{o.dtype}"
            )

    def back(*given: Any, retain_graph: bool = True, create_graph: bool | None = None) -> Any:
        tree = given[0] if len(given) == 1 else given
        if shape_of(tree) != shape_of(outputs):
            raise lesson(
                RuntimeError(
                    "Expected pytree structure of cotangents to be the same as pytree structure of outputs to the "
                    f"function. cotangents: {spelled(tree)}, primal output: {spelled(outputs)}"
                ),
                expected=spelled(outputs),
                got=spelled(tree),
            )
        with recording():
            found = back_from(flat, leaves(new), leaves(tree))
        return settled(rebuilt(new, iter(found)), leaves(new))

    shown = settled(outputs, leaves(new))
    return (shown, back, settled(aux, leaves(new))) if has_aux else (shown, back)


def jvp(func: Callable[..., Any], primals: Any, tangents: Any, *, strict: bool = False, has_aux: bool = False) -> Any:
    """The function's value, and the Jacobian times a vector: the change of the output for a change of the input.

    It is the derivative of a vector-Jacobian product by the vector, so two backward passes give it.

    >>> import pytorch_tutor as torch
    >>> torch.func.jvp(lambda x: x**2, (torch.tensor([1.0, 2.0]),), (torch.tensor([1.0, 0.5]),))
    (tensor([1., 4.]), tensor([2., 2.]))
    """
    outputs, push, aux, ours = pushforward(func, primals, has_aux)
    if shape_of(primals) != shape_of(tangents):
        raise lesson(
            RuntimeError(
                f"{JVP}: Expected primals and tangents to have the same python structure. For example, if primals is a "
                "tuple of 3 tensors, tangents also must be. Got primals with structure "
                f"{treespec(primals)} and tangents with structure {treespec(tangents)}"
            ),
            expected=spelled(primals),
            got=spelled(tangents),
        )
    for p, t in zip(leaves(primals), leaves(tangents), strict=True):
        if isinstance(t, TensorBase) and p.shape != t.shape:
            raise lesson(
                RuntimeError(
                    "Trying to set a forward gradient that has a different size than that of the original Tensor, this is "
                    f"not supported. Tensor is of size {list(p.shape)} while the given forward gradient is of size "
                    f"{list(t.shape)}."
                ),
                expected=tuple(p.shape),
                got=tuple(t.shape),
            )
    found = push(leaves(tangents), strict)
    shown = settled(outputs, ours)
    return (shown, found, settled(aux, ours)) if has_aux else (shown, found)


def pushforward(
    func: Callable[..., Any], primals: Any, has_aux: bool
) -> tuple[Any, Callable[..., Any], Any, list[Any]]:
    """The function's outputs, and the map from tangents of the inputs to tangents of the outputs."""
    if not isinstance(primals, tuple):
        raise lesson(
            RuntimeError(f"{JVP}: Expected primals to be a tuple. E.g. it should be valid to call f(*primals)."),
            expected="(x,)",
            got=f"{type(primals).__name__}",
        )
    check_some(leaves(primals), "primals")
    with transform("jvp"):
        new = mapped(fresh, primals)
        outputs, aux = apart(func(*new), has_aux, JVP)
        flat = leaves(outputs)
        check_tensors(flat, JVP)
        dummies = cotangents(flat)
        back = transposed(flat, leaves(new), dummies)
    ours = [*leaves(new), *dummies]

    def push(tangents: list[Any], strict: bool) -> Any:
        check_some(tangents, "tangents")
        with transform("jvp"):
            found = pushed(back, dummies, tangents)
        if strict and any(t is None for t in found):
            raise RuntimeError(
                "jvp(f, primals, tangents, strict=True): The output of f is independent of the inputs. This is not allowed "
                "with strict=True."
            )
        filled = [zeros_like(o).detach() if t is None else t for t, o in zip(found, flat, strict=True)]
        return settled(rebuilt(outputs, iter(filled)), ours)

    return outputs, push, aux, ours


def check_some(given: list[Any], name: str) -> None:
    """RuntimeError where there is no tensor, or something else than tensors."""
    if not given:
        raise RuntimeError(f"{JVP}: Expected {name} to contain at least one Tensor.")
    for x in given:
        if not isinstance(x, TensorBase):
            raise RuntimeError(f"{JVP}: Expected {name} to only contain Tensors, got {type(x)}")


def linearize(func: Callable[..., Any], *primals: Any) -> tuple[Any, Callable[..., Any]]:
    """The function's value, and its linear approximation there: the jvp, with the forward pass done once.

    >>> import pytorch_tutor as torch
    >>> value, jvp_fn = torch.func.linearize(lambda x: x**2, torch.tensor([1.0, 3.0]))
    >>> jvp_fn(torch.tensor([1.0, 1.0]))
    tensor([2., 6.])
    """
    outputs, push, _, ours = pushforward(func, primals, False)

    def jvp_fn(*tangents: Any) -> Any:
        if shape_of(tangents) != shape_of(primals):
            raise RuntimeError(
                f"Expected the tangents {spelled(tangents)} to have the same structure as the primals {spelled(primals)}"
            )
        for i, (p, t) in enumerate(zip(leaves(primals), leaves(tangents), strict=True)):
            if p.shape != t.shape:
                raise lesson(
                    RuntimeError(
                        f"tangent:{i} with shape {t.shape} in flattened pytree doesn't match the shape {p.shape} of the "
                        "corresponding primal."
                    ),
                    expected=tuple(p.shape),
                    got=tuple(t.shape),
                )
        return push(leaves(tangents), False)

    return settled(outputs, ours), jvp_fn


__all__ = ["grad", "grad_and_value", "jvp", "linearize", "vjp"]
