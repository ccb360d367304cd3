"""The names of nodes are PyTorch's, also where a function is made of several operations."""

import pytest

import pytorch_tutor as torch

x = torch.linspace(0.1, 1.7, 12).reshape(3, 4).requires_grad_()
mask = torch.arange(12).reshape(3, 4) % 2 == 0

# Each asked of PyTorch 2.13.
NAMES = {
    "std_mean(x, 1)": "StdMeanBackward0 StdMeanBackward0",
    "var_mean(x)": "VarMeanBackward0 VarMeanBackward0",
    "aminmax(x)": "AminmaxBackward0 AminmaxBackward0",
    "mode(x, 0)": "ModeBackward0 -",
    "mode(x, 0, keepdim=True)": "ModeBackward0 -",
    "cummax(x, 1)": "CummaxBackward0 -",
    "cummin(x, 0)": "CumminBackward0 -",
    "logcumsumexp(x, 0)": "LogcumsumexpBackward0",
    "rot90(x)": "Rot90Backward0",
    "rot90(x, 2)": "Rot90Backward0",
    "rot90(x, 4)": "Rot90Backward0",
    "renorm(x, 2, 0, 0.5)": "RenormBackward0",
    "masked_scatter(x, mask, torch.arange(12.0))": "MaskedScatterBackward0",
    "clone(x).masked_scatter_(mask, torch.arange(12.0))": "MaskedScatterBackward0",
    "clone(x).renorm_(2, 0, 0.5)": "RenormBackward0",
    "nn.utils.weight_norm(torch.nn.Linear(3, 3)).weight": "WeightNormInterfaceBackward0",
    "nn.utils.parametrizations.weight_norm(torch.nn.Linear(3, 3)).weight": "WeightNormInterfaceBackward0",
    "alias_copy(x)": "AliasBackward0_copy",
    "as_strided_copy(x, (2, 2), (1, 2))": "AsStridedBackward0_copy",
    "diagonal_copy(x)": "DiagonalBackward0_copy",
    "diag(x)": "DiagonalBackward0_copy",
    "expand_copy(x[:1], (3, 4))": "ExpandBackward0_copy",
    "narrow_copy(x, 0, 0, 1)": "NarrowCopyBackward0",
    "permute_copy(x, (1, 0))": "PermuteBackward0_copy",
    "select_copy(x, 0, 1)": "SelectBackward0_copy",
    "split_copy(x, 2)": "SplitBackward0_copy SplitBackward0_copy",
    "squeeze_copy(x)": "SqueezeBackward0_copy",
    "squeeze_copy(x, 0)": "SqueezeBackward1_copy",
    "t_copy(x)": "TBackward0_copy",
    "transpose_copy(x, 0, 1)": "TransposeBackward0_copy",
    "unbind_copy(x)": "UnbindBackward0_copy UnbindBackward0_copy UnbindBackward0_copy",
    "unfold_copy(x, 0, 2, 1)": "UnfoldBackward0_copy",
    "unsqueeze_copy(x, 0)": "UnsqueezeBackward0_copy",
    "view_copy(x, (4, 3))": "ViewBackward0_copy",
    "unsafe_chunk(x, 2)": "UnsafeSplitBackward0 UnsafeSplitBackward0",
    "polar(x, x)": "PolarBackward0",
    "kron(x, x)": "UnsafeViewBackward0",
    "mvlgamma(x + 3, 2)": "MvlgammaBackward0",
    "index_reduce(x, 0, torch.tensor([0]), x[:1], 'prod')": "IndexReduceBackward0",
    "put(x, torch.tensor([0]), torch.ones(1))": "PutBackward0",
    "ldexp(x, torch.tensor(1))": "LdexpBackward0",
    "block_diag(x, x)": "BlockDiagBackward0",
}


@pytest.mark.parametrize("call", NAMES)
def test_name(call):
    found = eval(f"torch.{call}")
    parts = found if isinstance(found, tuple) else (found,)
    assert " ".join("-" if p.grad_fn is None else p.grad_fn.name() for p in parts) == NAMES[call]


def test_a_copy_is_one_step():
    """Its memory is its own, and its gradient is the view's."""
    y = torch.transpose_copy(x, 0, 1)
    assert not y._is_view()
    assert y.grad_fn.next_functions[0][0].name() == x[0].grad_fn.next_functions[0][0].name()
    (y * torch.arange(12.0).reshape(4, 3)).sum().backward()
    assert x.grad.tolist() == torch.arange(12.0).reshape(4, 3).T.tolist()
    x.grad = None
    first, second = torch.unbind_copy(torch.stack([x, x * 2]))
    (first + second).sum().backward()
    assert x.grad.tolist() == [[3] * 4] * 3
