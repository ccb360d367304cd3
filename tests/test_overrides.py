"""``__torch_function__``: classes that take functions over, as PyTorch's note on extending it describes them."""

import copy
import pickle

import pytest

import pytorch_tutor as torch
from pytorch_tutor.nn import functional as F
from pytorch_tutor.overrides import (
    TorchFunctionMode,
    get_ignored_functions,
    get_overridable_functions,
    handle_torch_function,
    has_torch_function,
    is_tensor_like,
    is_tensor_method_or_property,
    resolve_name,
    wrap_torch_function,
)  # fmt: skip

HANDLED = {}


def handles(function):
    def register(own):
        HANDLED[function] = own
        return own

    return register


class Diagonal:
    """A square matrix with one number all along its diagonal: no tensor."""

    def __init__(self, size, value):
        self.size, self.value = size, value

    def full(self):
        return self.value * torch.eye(self.size)

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        if func not in HANDLED or not all(issubclass(kind, (torch.Tensor, Diagonal)) for kind in types):
            return NotImplemented
        return HANDLED[func](*args, **(kwargs or {}))


@handles(torch.mean)
def _(input):
    return input.value / input.size


@handles(torch.add)
@handles(torch.Tensor.add)
def _(input, other):
    parts = [x.full() if isinstance(x, Diagonal) else torch.as_tensor(x) for x in (input, other)]
    return parts[0] + parts[1]


@handles(F.relu)
def _(input, inplace):
    return Diagonal(input.size, max(input.value, 0))


class Told(torch.Tensor):
    """Remembers what it was asked, and lets it happen."""

    said: list = []

    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        cls.said.append((resolve_name(func), types, len(args), kwargs))
        return super().__torch_function__(func, types, args, kwargs or {})


@pytest.fixture
def told():
    Told.said.clear()
    return torch.ones(2, 2).as_subclass(Told)


class Plain(torch.Tensor):
    pass


class Below(Plain):
    pass


def test_any_class_takes_functions_over():
    d = Diagonal(5, 2)
    assert torch.mean(d) == 0.4
    assert torch.add(d, d).tolist() == (4 * torch.eye(5)).tolist()
    assert torch.add(torch.ones(5, 5), other=d)[0].tolist() == [3, 1, 1, 1, 1]
    assert (torch.ones(5, 5) + d)[1].tolist() == [1, 3, 1, 1, 1]
    assert F.relu(Diagonal(2, -1)).value == 0


def test_nobody_knows_an_answer():
    with pytest.raises(TypeError) as caught:
        torch.mul(Diagonal(5, 2), 3)
    assert str(caught.value) == (
        "Multiple dispatch failed for 'torch.mul'; all __torch_function__ handlers returned NotImplemented:\n\n"
        f"  - tensor subclass {Diagonal!r}\n\nFor more information, try re-running with TORCH_LOGS=not_implemented"
    )
    with pytest.raises(TypeError) as caught:
        F.gelu(Diagonal(5, 2))
    assert str(caught.value).startswith("Multiple dispatch failed")
    with pytest.raises(TypeError) as caught:
        F.mse_loss(Diagonal(5, 2), torch.ones(2))
    assert str(caught.value) == (
        "no implementation found for 'torch.nn.functional.mse_loss' on types that implement __torch_function__: "
        f"[{Diagonal!r}]"
    )
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for \*: 'Tensor' and 'Diagonal'"):
        torch.ones(5, 5) * Diagonal(5, 2)
    assert (torch.ones(2) == Diagonal(2, 1)) is False


def test_subclasses_are_kept():
    x = torch.ones(2).as_subclass(Plain)
    for y in (
        x + 1,
        1 - x,
        x.sum(),
        torch.stack([x, x]),
        x[0],
        F.relu(x),
        x.clone(),
        x.max(0).values,
        x.split(1)[1],
        x.data,
    ):
        assert type(y) is Plain
    assert repr(x * 2) == "Plain([2., 2.])"
    assert type(x.shape) is torch.Size
    assert type(x.max(0)) is torch.return_types.max
    assert type(x.tolist()) is list
    assert type(torch.tensor(x.tolist())) is torch.Tensor
    below = torch.ones(2).as_subclass(Below)
    assert type(x + below) is type(below + x) is Below
    assert type(x + torch.ones(2)) is type(torch.ones(2) + x) is type(torch.nn.Parameter(torch.ones(2)) + x) is Plain
    x += 1
    assert type(x) is Plain
    assert x.tolist() == [2, 2]


def test_history_of_subclasses():
    leaf = torch.ones(2).as_subclass(Plain).requires_grad_()
    y = leaf * 3
    assert y.grad_fn.name() == "AliasBackward0"
    assert y.grad_fn.next_functions[0][0].name() == "MulBackward0"
    y.sum().backward()
    assert leaf.grad.tolist() == [3, 3]
    assert type(leaf.grad) is torch.Tensor
    x = torch.ones(2, requires_grad=True)
    assert x.as_subclass(Plain).grad_fn.name() == "AliasBackward0"
    assert x.detach().as_subclass(Plain).data_ptr() == x.data_ptr()
    with pytest.raises(TypeError, match="cls must be a type"):
        x.as_subclass(3)


def test_what_is_handed_over(told):
    told + 1
    1 - told
    told.add(told, alpha=2)
    torch.add(told, 1)
    F.dropout(told, training=False)
    str(told.shape)
    told.requires_grad = False
    torch.stack([told, told])
    torch.nn.Linear(2, 2)(told)
    only = (Told,)
    assert Told.said == [
        ("torch.Tensor.add", only, 2, None),
        ("torch.Tensor.__rsub__", only, 2, {}),
        ("torch.Tensor.add", only, 2, {"alpha": 2}),
        ("torch.add", only, 2, None),
        ("torch.nn.functional.dropout", only, 1, {"p": 0.5, "training": False, "inplace": False}),
        ("torch.Tensor.shape.__get__", only, 1, None),
        ("torch.Tensor.requires_grad.__set__", only, 2, None),
        ("torch.stack", only, 1, None),
        ("torch.nn.functional.linear", only, 3, None),
    ]


def test_classes_of_one_call(told):
    class Deeper(Told):
        pass

    deeper = torch.ones(2, 2).as_subclass(Deeper)
    assert type(told + deeper) is Deeper
    assert Told.said == [("torch.Tensor.add", (Deeper, Told), 2, None)]
    with pytest.raises(TypeError, match=r"unsupported operand type\(s\) for \+: 'Told' and 'Plain'"):
        told + torch.ones(2, 2).as_subclass(Plain)


def test_switched_off(told):
    with torch._C.DisableTorchFunctionSubclass():
        assert type(told + 1) is torch.Tensor
        assert not has_torch_function((told,))
    assert not Told.said
    assert has_torch_function((told,))
    assert not has_torch_function((torch.ones(1), 3))
    assert torch._C._is_torch_function_enabled()

    class Quiet(torch.Tensor):
        __torch_function__ = torch._C._disabled_torch_function_impl

    assert type(torch.ones(2).as_subclass(Quiet) + 1) is torch.Tensor


def test_metadata():
    class Marked(torch.Tensor):
        """A tensor with a note, which results inherit."""

        @classmethod
        def __torch_function__(cls, func, types, args=(), kwargs=None):
            found = super().__torch_function__(func, types, args, kwargs or {})
            if isinstance(found, Marked):
                found.note = next(x.note for x in args if hasattr(x, "note"))
            return found

    x = torch.ones(2).as_subclass(Marked)
    x.note = "metres"
    assert (x * 2 + torch.ones(2)).note == (1 + x).note == "metres"
    assert copy.copy(x).note == "metres"


def test_modes():
    class Log(TorchFunctionMode):
        def __init__(self):
            self.said = []

        def __torch_function__(self, func, types, args=(), kwargs=None):
            self.said.append(resolve_name(func))
            return func(*args, **(kwargs or {}))

    with Log() as outer, Log() as inner:
        x = torch.ones(2)
        x + 1
        len(x.shape)
        F.relu(x)
        with torch._C.DisableTorchFunctionSubclass():
            x.sum()
        with torch._C.DisableTorchFunction():
            x.mean()
    expected = [
        "torch.ones",
        "torch.Tensor.add",
        "torch.Tensor.shape.__get__",
        "torch.nn.functional.relu",
        "torch.Tensor.sum",
    ]
    assert inner.said == outer.said == expected
    x + 1
    assert len(outer.said) == 5

    class Zero(TorchFunctionMode):
        def __torch_function__(self, func, types, args=(), kwargs=None):
            return torch.zeros(2) if func is torch.ones else func(*args, **(kwargs or {}))

    with Zero():
        assert torch.ones(2).tolist() == [0, 0]


def test_a_function_of_the_users():
    def twice(x):
        if has_torch_function((x,)):
            return handle_torch_function(twice, (x,), x)
        return x * 2

    HANDLED[twice] = lambda d: Diagonal(d.size, 2 * d.value)
    assert twice(Diagonal(2, 3)).value == 6
    assert twice(torch.tensor(3)) == 6
    wrapped = wrap_torch_function(lambda x: (x,))(lambda x: x + 1)
    HANDLED[wrapped] = lambda d: "wrapped"
    assert wrapped(Diagonal(2, 3)) == "wrapped"
    assert wrapped(1) == 2


def test_names():
    assert is_tensor_like(Diagonal(1, 1))
    assert is_tensor_like(torch.ones(1))
    assert not is_tensor_like(3)
    assert resolve_name(torch.Tensor.__add__) == "torch.Tensor.__add__"
    assert resolve_name(print) is None
    assert is_tensor_method_or_property(torch.Tensor.add)
    assert not is_tensor_method_or_property(torch.add)
    assert torch.ones in get_ignored_functions()
    assert torch.add in get_overridable_functions()[torch]


def test_parameters_of_a_class():
    p = torch.nn.Parameter(torch.ones(2).as_subclass(Plain))
    assert type(p) is Plain
    assert isinstance(p, torch.nn.Parameter)
    assert p.requires_grad
    assert repr(p) == "Parameter(Plain([1., 1.], requires_grad=True))"
    model = torch.nn.Module()
    model.w = p
    (model.w * 2).sum().backward()
    torch.optim.SGD(model.parameters(), 0.1).step()
    assert [type(q) for q in model.parameters()] == [Plain]
    assert torch.allclose(p.data, torch.tensor(0.8))
    assert not isinstance(torch.ones(1), torch.nn.Parameter)


@pytest.mark.parametrize("function", [F.relu, F.mse_loss, torch.einsum, torch.add, torch.linalg.norm])
def test_functions_are_pickled_by_their_names(function):
    assert pickle.loads(pickle.dumps(function)) is function


def test_pickled():
    x = pickle.loads(pickle.dumps(torch.ones(2).as_subclass(Plain)))
    assert type(x) is Plain
    assert x.tolist() == [1, 1]
