"""Mixed precision: which type each operation runs in, what nests, and how gradients are scaled and skipped."""

import warnings

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.graph.observers import observers

F = nn.functional
X = torch.rand(4, 4)

# What PyTorch 2.13 gives under torch.autocast("cpu") for float32 inputs, and for bfloat16 inputs.
CASES = {
    "mm": (lambda x: x @ x, "bfloat16", "bfloat16"),
    "matrix times vector": (lambda x: x @ x[0], "bfloat16", "bfloat16"),
    "mv": (lambda x: torch.mv(x, x[0]), "float32", "bfloat16"),
    "dot": (lambda x: torch.dot(x[0], x[0]), "float32", "bfloat16"),
    "bmm": (lambda x: torch.bmm(x[None], x[None]), "bfloat16", "bfloat16"),
    "baddbmm": (lambda x: torch.baddbmm(x[None], x[None], x[None]), "bfloat16", "bfloat16"),
    "linear": (lambda x: F.linear(x, x, x[0]), "bfloat16", "bfloat16"),
    "conv2d": (lambda x: F.conv2d(x[None, None], x[None, None]), "bfloat16", "bfloat16"),
    "conv_transpose2d": (lambda x: F.conv_transpose2d(x[None, None], x[None, None]), "bfloat16", "bfloat16"),
    "attention": (lambda x: F.scaled_dot_product_attention(*[x[None, None]] * 3), "bfloat16", "bfloat16"),
    "softmax": (lambda x: x.softmax(-1), "float32", "bfloat16"),
    "layer_norm": (lambda x: F.layer_norm(x, (4,)), "float32", "bfloat16"),
    "exp": (lambda x: x.exp(), "float32", "bfloat16"),
    "prod": (lambda x: x.prod(), "float32", "float32"),
    "mse": (lambda x: F.mse_loss(x, x), "float32", "float32"),
    "l1": (lambda x: F.l1_loss(x, x), "float32", "float32"),
    "cross entropy": (lambda x: F.cross_entropy(x, torch.tensor([0, 1, 2, 3])), "float32", "float32"),
    "kl": (lambda x: F.kl_div(x, x, reduction="sum"), "float32", "float32"),
    "reflection": (lambda x: F.pad(x[None, None], (1, 1, 1, 1), mode="reflect"), "float32", "float32"),
    "quantile": (lambda x: x.quantile(0.5), "float32", "float32"),
    "trace": (lambda x: x.trace(), "float32", "float32"),
    "cdist": (lambda x: torch.cdist(x, x), "float32", "float32"),
    "index_copy": (lambda x: x.index_copy(0, torch.tensor([0]), torch.rand(1, 4)), "float32", "float32"),
    "index_copy of one type": (lambda x: x.index_copy(0, torch.tensor([0]), x[:1]), "float32", "bfloat16"),
    "vecdot": (lambda x: torch.linalg.vecdot(x, x), "bfloat16", "bfloat16"),
    "svdvals": (lambda x: torch.linalg.svdvals(x), "float32", "float32"),
    "fft": (lambda x: torch.fft.fft(x), "complex64", "complex64"),
    "adaptive_avg_pool3d": (lambda x: F.adaptive_avg_pool3d(x.expand(1, 1, 4, 4, 4), 2), "float32", "float32"),
    "cat": (lambda x: torch.cat([x, torch.rand(4, 4)]), "float32", "float32"),
}


@pytest.mark.parametrize("name", CASES)
def test_each_operation_chooses_its_type(name):
    function, of_float, of_half = CASES[name]
    with torch.autocast("cpu"):
        assert str(function(X).dtype) == f"torch.{of_float}"
        assert str(function(X.bfloat16()).dtype) == f"torch.{of_half}"


def test_whole_models_run_and_learn_in_float32():
    model = nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Conv2d(4, 2, 3), nn.Flatten())
    with torch.autocast("cpu"):
        y = model(torch.randn(2, 1, 8, 8))
        loss = F.cross_entropy(y, torch.tensor([0, 1]))
        sequence, _ = nn.LSTM(4, 5)(y[:, :4][None])
        encoded = nn.TransformerEncoderLayer(4, 2, 8)(torch.randn(1, 3, 4))
    assert (y.dtype, sequence.dtype, loss.dtype) == (torch.bfloat16, torch.bfloat16, torch.float32)
    assert encoded.dtype is torch.float32
    loss.backward()
    assert {p.grad.dtype for p in model.parameters()} == {torch.float32}


def test_blocks_nest_and_end():
    with torch.autocast("cpu"):
        with torch.autocast("cpu", enabled=False):
            assert (X @ X).dtype is torch.float32
            assert not torch.is_autocast_enabled("cpu")
        with torch.autocast("cpu", dtype=torch.float16):
            assert (X @ X).dtype is torch.float16
        assert (X @ X).dtype is torch.bfloat16
        assert (X.double() @ X.double()).dtype is torch.float64
    assert (X @ X).dtype is torch.float32
    assert observers.op_entered == ()  # nobody pays when it is off


def test_a_function_can_be_decorated():
    @torch.autocast("cpu")
    def product(x):
        return x @ x

    assert product(X).dtype is torch.bfloat16
    with pytest.raises(TypeError, match="requires a callable, but got Tensor"):
        torch.autocast("cpu")(X)


def test_a_weight_is_cast_once_in_a_block():
    weight = torch.rand(4, 4, requires_grad=True)
    with torch.autocast("cpu"):
        a, b = X @ weight, X @ weight
    casts = {y.grad_fn.next_functions[1][0] for y in (a, b)}
    assert len(casts) == 1
    (a.sum() + b.sum()).backward()
    with torch.autocast("cpu", cache_enabled=False):
        a, b = X @ weight, X @ weight
    assert len({y.grad_fn.next_functions[1][0] for y in (a, b)}) == 2


def test_errors_and_warnings_are_pytorchs():
    with pytest.raises(RuntimeError, match=r"^unsupported scalarType"):
        torch.autocast("meta")
    with pytest.warns(UserWarning, match="In CPU autocast, but the target dtype is not supported. Disabling"):
        block = torch.autocast("cpu", dtype=torch.float32)
    with block:
        assert (X @ X).dtype is torch.float32


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU: nothing is disabled")
def test_without_a_gpu_everything_passes_through():
    with pytest.warns(UserWarning, match="CUDA is not available"):
        block = torch.autocast("cuda")
    with block:
        assert (X @ X).dtype is torch.float32
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        scaler = torch.cuda.amp.GradScaler()
    assert [w.category for w in caught] == [FutureWarning, UserWarning]
    assert str(caught[1].message) == "torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling."
    assert (scaler.scale(X) is X, scaler.is_enabled(), scaler.get_scale(), scaler.state_dict()) == (
        True,
        False,
        1.0,
        {},
    )


def training(**options):
    w = torch.ones(2, requires_grad=True)
    return w, torch.optim.SGD([w], lr=1.0), torch.amp.GradScaler("cpu", init_scale=4.0, growth_interval=2, **options)


def test_gradients_are_scaled_and_unscaled():
    w, optimizer, scaler = training()
    scaler.scale(w.sum()).backward()
    assert w.grad.tolist() == [4.0, 4.0]
    scaler.unscale_(optimizer)
    assert w.grad.tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match="has already been called on this optimizer since the last update"):
        scaler.unscale_(optimizer)
    scaler.step(optimizer)
    with pytest.raises(RuntimeError, match="step\\(\\) has already been called since the last update"):
        scaler.step(optimizer)
    scaler.update()
    assert w.tolist() == [0.0, 0.0]


def test_a_step_with_an_overflow_is_skipped_and_the_scale_shrinks():
    w, optimizer, scaler = training()
    scaler.scale(w.sum()).backward()
    w.grad[0] = float("inf")
    assert scaler.step(optimizer) is None
    scaler.update()
    assert (w.tolist(), scaler.get_scale()) == ([1.0, 1.0], 2.0)


def test_the_scale_grows_after_good_steps_and_survives_a_checkpoint():
    w, optimizer, scaler = training()
    for _ in range(3):
        optimizer.zero_grad()
        scaler.scale(w.sum()).backward()
        scaler.step(optimizer)
        scaler.update()
    expected = {
        "scale": 8.0, "growth_factor": 2.0, "backoff_factor": 0.5, "growth_interval": 2, "_growth_tracker": 1,
    }  # fmt: skip
    assert scaler.state_dict() == expected
    other = torch.amp.GradScaler("cpu")
    other.load_state_dict(scaler.state_dict())
    assert other.state_dict() == expected


def test_custom_functions_cast_and_keep_the_state():
    class Product(torch.autograd.Function):
        @staticmethod
        @torch.amp.custom_fwd(device_type="cpu")
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x @ x

        @staticmethod
        @torch.amp.custom_bwd(device_type="cpu")
        def backward(ctx, grad):
            (x,) = ctx.saved_tensors
            seen.append((x @ x).dtype)
            return grad @ x.T + x.T @ grad

    seen: list[object] = []
    x = torch.rand(2, 2, requires_grad=True)
    with torch.autocast("cpu"):
        y = Product.apply(x)
    y.float().sum().backward()
    assert (y.dtype, seen) == (torch.bfloat16, [torch.bfloat16])
