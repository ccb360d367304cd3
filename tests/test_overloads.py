"""Calls in the order of PyTorch 1.4 and before, which programs in old courses make, and tensors in the place of numbers."""

import warnings

import pytest

import pytorch_tutor as torch
from pytorch_tutor.warn_once import Heard

x, y, m = torch.tensor([1.0, 2.0]), torch.tensor([2.0, 2.0]), torch.ones(2, 2)


@pytest.fixture
def fresh(monkeypatch):
    """As in a program that has heard no warning yet."""
    monkeypatch.setattr(Heard, "already", set())
    monkeypatch.setattr(Heard, "always", False)


@pytest.mark.filterwarnings("ignore:This overload")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (lambda: x.clone().add_(2, y), lambda: x + 2 * y),
        (lambda: x.add(-0.5, y), lambda: x - 0.5 * y),
        (lambda: torch.add(x, 2, y), lambda: x + 2 * y),
        (lambda: torch.sub(x, 2, y), lambda: x - 2 * y),
        (lambda: x.clone().addcmul_(0.5, y, y), lambda: x + 0.5 * y * y),
        (lambda: torch.addcdiv(x, -0.5, x, y), lambda: x - 0.5 * x / y),
        (lambda: torch.addmm(3, m, 2, m, m), lambda: 3 * m + 2 * m @ m),
        (lambda: torch.addmm(3, m, m, m), lambda: 3 * m + m @ m),
        (lambda: m.clone().addmm_(3, 2, m, m), lambda: 3 * m + 2 * m @ m),
        (lambda: torch.addmv(2, x, m, y), lambda: 2 * x + m @ y),
        (lambda: m.clone().addr_(2, x, y), lambda: 2 * m + torch.outer(x, y)),
        (lambda: torch.baddbmm(2, m[None], 3, m[None], m[None]), lambda: (2 * m + 3 * m @ m)[None]),
        (lambda: x.clone().addcmul_(torch.tensor(0.5), y, y), lambda: x + 0.5 * y * y),
    ],
)
def test_the_number_first(old, new):
    torch.testing.assert_close(old(), new(), rtol=0, atol=0)


def test_it_writes_into_the_tensor_and_out(fresh):
    parameter, out = torch.nn.Parameter(x.clone()), torch.empty(2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert parameter.data.add_(-0.5, y) is not None
        torch.addcmul(x, 2, y, y, out=out)
    assert parameter.tolist() == [0.0, 1.0]
    assert out.tolist() == [9.0, 10.0]


def test_the_warning_is_given_once_and_names_todays_order(fresh):
    with pytest.warns(UserWarning, match="This overload of add is deprecated") as caught:
        _ = x.add(2, y), x.addcmul(2, y, y)
    said = (
        "This overload of add is deprecated:\n\tadd(Number alpha, Tensor other)\n"
        "Consider using one of the following signatures instead:\n\tadd(Tensor other, *, Number alpha = 1)"
    )
    assert [str(w.message) for w in caught] == [said]
    assert caught[0].filename == __file__
    torch.set_warn_always(True)
    with pytest.warns(UserWarning, match="addcdiv") as caught:
        _ = x.addcdiv(2, y, y), x.addcdiv(2, y, y)
    assert len(caught) == 2


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: x.clone().add_("a", y), r"add_\(\) takes 1 positional argument but 2 were given"),
        (lambda: x.mul(2, y), r"mul\(\) takes 1 positional argument but 2 were given"),
        (lambda: x.add(2, y, alpha=3), "invalid combination of arguments"),
    ],
)
def test_other_orders_stay_wrong(call, sentence):
    with pytest.raises(TypeError, match=sentence):
        call()


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda a: x.add(y, alpha=a), [5.0, 6.0]),
        (lambda a: x.addcmul(y, y, value=a), [9.0, 10.0]),
        (lambda a: torch.addmm(m, m, m, beta=a)[0], [4.0, 4.0]),
        (lambda a: torch.nn.functional.leaky_relu(-x, a), [-2.0, -4.0]),
        (lambda a: torch.nn.functional.threshold(x, a, 7.0), [7.0, 7.0]),
    ],
)
def test_a_tensor_with_one_number_is_a_number(call, expected):
    assert call(torch.tensor(2.0)).tolist() == expected


@pytest.mark.parametrize("alpha", [torch.tensor([2.0]), torch.tensor(2.0, requires_grad=True)])
def test_but_not_one_with_a_shape_or_a_history(alpha):
    with pytest.raises(TypeError, match=r"add\(\): argument 'alpha' must be Number, not Tensor"):
        x.add(y, alpha=alpha)


def test_a_number_out_of_a_recorded_tensor_is_warned_of_once(fresh):
    loss = torch.tensor(1.5, requires_grad=True) * 2
    with pytest.warns(UserWarning, match="Converting a tensor with requires_grad=True to a scalar") as caught:
        assert f"{float(loss):.1f} {complex(loss)}" == "3.0 (3+0j)"
    assert len(caught) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Heard.already.clear()
        assert (loss.item(), int(loss), f"{loss:.1f}", float(loss.detach())) == (3.0, 3, "3.0", 3.0)


@pytest.mark.filterwarnings("ignore:torch.range is deprecated")
@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: torch.range(0, 3), "tensor([0., 1., 2., 3.])"),
        (lambda: torch.range(3, 1, -1, dtype=torch.int64), "tensor([3, 2, 1])"),
        (lambda: torch.range(0, 0.3, 0.1), "tensor([0.0000, 0.1000, 0.2000])"),
        (lambda: torch.range(0, 2, dtype=torch.bfloat16), "tensor([0., 1., 2.], dtype=torch.bfloat16)"),
        (lambda: torch.range(0, 1, requires_grad=True), "tensor([0., 1.], requires_grad=True)"),
        (lambda: torch.range(0, 2, out=torch.empty(3, dtype=torch.int64)), "tensor([0, 1, 2])"),
        (lambda: torch.range(torch.tensor(0), torch.tensor(2)), "tensor([0., 1., 2.])"),
    ],
)
def test_range_includes_its_end(call, shown):
    assert repr(call()) == shown


def test_range_says_that_arange_is_meant():
    with pytest.warns(UserWarning, match=r"^torch\.range is deprecated and will be removed") as caught:
        torch.range(0, 3)
    assert caught[0].filename == __file__
    for call, error, sentence in (
        (lambda: torch.range(3), TypeError, r"range\(\) missing 1 required positional arguments: \"end\""),
        (lambda: torch.range(0, "a"), TypeError, r"range\(\): argument 'end' \(position 2\) must be Number, not str"),
    ):
        with pytest.raises(error, match=sentence):
            call()
    for call, error, sentence in (
        (lambda: torch.range(3, 0), RuntimeError, "upper bound and lower bound inconsistent with step sign"),
        (lambda: torch.range(0, 3, 0), RuntimeError, "step must be nonzero"),
        (lambda: torch.range(0, 1, dtype=torch.bool), NotImplementedError, "\"range_cpu\" not implemented for 'Bool'"),
    ):
        with pytest.warns(UserWarning, match="deprecated"), pytest.raises(error, match=sentence):
            call()


def test_volatile_is_a_thing_of_the_past():
    with pytest.warns(UserWarning, match="^volatile was removed and now has no effect") as caught:
        assert not torch.autograd.Variable(x, volatile=True).requires_grad
    assert caught[0].filename == __file__
