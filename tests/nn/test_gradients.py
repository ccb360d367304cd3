"""First and second derivatives of the functions by finite differences, in float64."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.autograd import gradcheck, gradgradcheck
from pytorch_tutor.dispatch import apply
from pytorch_tutor.ops.base import Op

F = torch.nn.functional
LABELS = torch.tensor([0, 2, 1])
CASES = {
    "linear": (lambda x, w, b: F.linear(x, w, b), (3, 4), (2, 4), (2,)),
    "conv1d": (lambda x, w, b: F.conv1d(x, w, b, stride=2, padding=1), (2, 2, 5), (3, 2, 3), (3,)),
    "conv2d": (lambda x, w, b: F.conv2d(x, w, b, padding=1, groups=2), (1, 2, 3, 3), (2, 1, 2, 2), (2,)),
    "conv_transpose2d": (lambda x, w: F.conv_transpose2d(x, w, stride=2, output_padding=1), (1, 2, 2, 2), (2, 1, 2, 2)),
    "max_pool2d": (lambda x: F.max_pool2d(x, 2), (1, 2, 4, 4)),
    "avg_pool2d": (lambda x: F.avg_pool2d(x, 2, 1, 1), (1, 2, 3, 3)),
    "adaptive_avg_pool2d": (lambda x: F.adaptive_avg_pool2d(x, (2, 3)), (1, 2, 4, 4)),
    "batch_norm": (lambda x, w, b: F.batch_norm(x, None, None, w, b, training=True), (4, 2, 3), (2,), (2,)),
    "layer_norm": (lambda x, w, b: F.layer_norm(x, (4,), w, b), (3, 4), (4,), (4,)),
    "group_norm": (lambda x, w, b: F.group_norm(x, 2, w, b), (2, 4, 3), (4,), (4,)),
    "softmax": (lambda x: F.softmax(x, 1), (2, 3)),
    "log_softmax": (lambda x: F.log_softmax(x, 1), (2, 3)),
    "gelu": (lambda x: F.gelu(x), (5,)),
    "gelu tanh": (lambda x: F.gelu(x, approximate="tanh"), (5,)),
    "silu": (lambda x: F.silu(x), (5,)),
    "mish": (lambda x: F.mish(x), (5,)),
    "elu": (lambda x: F.elu(x), (5,)),
    "celu": (lambda x: F.celu(x, 2.0), (5,)),
    "softplus": (lambda x: F.softplus(x), (5,)),
    "logsigmoid": (lambda x: F.logsigmoid(x), (5,)),
    "leaky_relu": (lambda x: F.leaky_relu(x, 0.3), (5,)),
    "glu": (lambda x: F.glu(x), (2, 4)),
    "mse_loss": (lambda x, y: F.mse_loss(x, y), (2, 3), (2, 3)),
    "smooth_l1_loss": (lambda x, y: F.smooth_l1_loss(x, y), (2, 3), (2, 3)),
    "huber_loss": (lambda x, y: F.huber_loss(x, y), (2, 3), (2, 3)),
    "cross_entropy": (lambda x: F.cross_entropy(x, LABELS), (3, 4)),
    "cross_entropy smoothed": (lambda x: F.cross_entropy(x, LABELS, label_smoothing=0.2), (3, 4)),
    "bce with logits": (lambda x: F.binary_cross_entropy_with_logits(x, torch.full((3,), 0.3).double()), (3,)),
    "gaussian_nll_loss": (lambda x, y: F.gaussian_nll_loss(x, y, (y * y + 1)), (3,), (3,)),
    "embedding": (lambda w: F.embedding(torch.tensor([0, 2, 2]), w), (3, 2)),
    "pad": (lambda x: F.pad(x, (1, 2), mode="reflect"), (1, 2, 4)),
    "bilinear": (lambda x: F.interpolate(x, size=(5, 3), mode="bilinear"), (1, 1, 3, 4)),
    "unfold": (lambda x: F.unfold(x, 2), (1, 2, 3, 3)),
    "pixel_shuffle": (lambda x: F.pixel_shuffle(x, 2), (1, 4, 2, 2)),
    "attention": (lambda q, k, v: F.scaled_dot_product_attention(q, k, v), (1, 1, 3, 2), (1, 1, 4, 2), (1, 1, 4, 3)),
}


def leaves(shapes):
    torch.manual_seed(0)
    return tuple(torch.randn(*shape, dtype=torch.float64, requires_grad=True) for shape in shapes)


@pytest.mark.parametrize("name", CASES)
def test_first_derivative(name):
    function, *shapes = CASES[name]
    assert gradcheck(function, leaves(shapes))


@pytest.mark.parametrize("name", CASES)
def test_second_derivative(name):
    function, *shapes = CASES[name]
    assert gradgradcheck(function, leaves(shapes))


def test_lstm_layer():
    torch.manual_seed(0)
    layer = torch.nn.LSTM(2, 3, bidirectional=True).double()
    x = torch.randn(3, 2, 2, dtype=torch.float64, requires_grad=True)
    assert gradcheck(lambda x: layer(x)[0], (x,))
    assert gradgradcheck(lambda x: layer(x)[0], (x,))


def test_a_wrong_gradient_is_caught():

    class Square(Op):
        formula, gradient, keeps = "y = x^2", {"x": "2.001 x"}, ("x",)

        def forward(ctx, x):  # noqa: N805 - the op is its own context
            return x * x

        def backward(ctx, grad):  # noqa: N805 - the op is its own context
            return grad * 2.001 * ctx.x

    with pytest.raises(RuntimeError, match="Jacobian mismatch"):
        gradcheck(lambda x: apply(Square, x), leaves([(3,)]), rtol=1e-5)
