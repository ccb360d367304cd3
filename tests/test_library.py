"""Operations of one's own: called, found by name, differentiated as registered."""

import numpy as np
import pytest

import pytorch_tutor as torch


@torch.library.custom_op("tests::sine", mutates_args=())
def sine(x: torch.Tensor) -> torch.Tensor:
    return torch.from_numpy(np.sin(x.detach().numpy()))


def test_without_a_formula_there_is_no_gradient():
    y = sine(torch.ones(2, requires_grad=True))
    assert y.requires_grad
    with pytest.raises(RuntimeError, match=r"Trying to backward through tests\.sine\.default but no autograd formula"):
        y.sum().backward()


def test_a_registered_gradient_is_used():
    sine.register_autograd(
        lambda ctx, grad: grad * ctx.saved_tensors[0].cos(),
        setup_context=lambda ctx, inputs, output: ctx.save_for_backward(inputs[0]),
    )
    x = torch.randn(3, requires_grad=True)
    torch.ops.tests.sine(x).sum().backward()
    assert torch.allclose(x.grad, x.detach().cos())
    with pytest.raises(AttributeError, match="'_OpNamespace' 'tests' object has no attribute 'none'"):
        torch.ops.tests.none  # noqa: B018 - looking it up is the test


def test_what_is_written_into_counts():
    @torch.library.custom_op("tests::increase", mutates_args={"x"})
    def increase(x: torch.Tensor) -> None:
        x.numpy()[...] += 1

    x = torch.zeros(2)
    increase(x)
    assert (x.tolist(), x._version) == ([1.0, 1.0], 1)


def test_parameters_need_types():
    with pytest.raises(ValueError, match="Parameter x must have a type annotation"):
        torch.library.custom_op("tests::bad", mutates_args=())(lambda x: x)


def test_shapes_without_numbers():
    @torch.library.custom_op("tests::twice", mutates_args=())
    def twice(x: torch.Tensor) -> torch.Tensor:
        return torch.cat([x, x])

    nothing = torch.empty(3, device="meta")
    with pytest.raises(RuntimeError, match=r"no fake impl registered for <CustomOpDef\(tests::twice\)>"):
        twice(nothing)
    twice.register_fake(lambda x: x.new_empty(2 * len(x)))
    assert twice(nothing).shape == (6,)
    assert twice(torch.ones(2)).tolist() == [1.0] * 4
