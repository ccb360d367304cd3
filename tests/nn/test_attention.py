"""Scaled dot product attention: how its result lies in memory, and which implementations may compute it."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.nn.attention import SDPBackend, sdpa_kernel
from pytorch_tutor.nn.functional import scaled_dot_product_attention

DTYPES = (torch.float32, torch.float64, torch.float16, torch.bfloat16)


def heads(dtype=torch.float32, split=True, requires_grad=False):
    """A query (2, 4, 5, 8), its four heads split off a last dimension of 32, or by themselves."""
    x = torch.arange(320.0, dtype=dtype).div(320).reshape(2, 5, 4, 8).transpose(1, 2)
    return (x if split else x.contiguous()).detach().requires_grad_(requires_grad)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("options", [{}, {"is_causal": True}, {"attn_mask": torch.ones(5, 5, dtype=torch.bool)}])
def test_heads_that_were_split_off_can_be_put_together_again(dtype, options):
    q = heads(dtype)
    y = scaled_dot_product_attention(q, q, q, **options)
    assert y.stride() == (160, 8, 32, 1)
    assert y.transpose(1, 2).view(2, 5, 32).shape == (2, 5, 32)
    alone = heads(dtype, split=False)
    other = scaled_dot_product_attention(alone, alone, alone, **options)
    assert other.stride() == (160, 40, 8, 1)
    assert torch.equal(y, other)


def test_heads_of_a_packed_projection():
    q, k, v = torch.rand(2, 5, 96).chunk(3, -1)
    q, k, v = (t.view(2, 5, 4, 8).transpose(1, 2) for t in (q, k, v))
    assert scaled_dot_product_attention(q, k, v).transpose(1, 2).view(2, 5, 32).is_contiguous()


def test_which_implementation():
    q = heads(requires_grad=True)
    fused = "ScaledDotProductFlashAttentionForCpuBackward0"
    names = {"UnsafeViewBackward0": SDPBackend.MATH, fused: SDPBackend.FLASH_ATTENTION}
    for name, backend in names.items():
        with sdpa_kernel(backend):
            assert scaled_dot_product_attention(q, q, q).grad_fn.name() == name
    with sdpa_kernel([SDPBackend.FLASH_ATTENTION, SDPBackend.MATH]):
        assert torch.backends.cuda.math_sdp_enabled()
        assert not torch.backends.cuda.mem_efficient_sdp_enabled()
        assert "Flash" in scaled_dot_product_attention(q, q, q).grad_fn.name()
    assert str(SDPBackend.MATH) == "SDPBackend.MATH"
    narrow = torch.ones(2, 4, 5, 6, requires_grad=True)  # the fused one wants values as wide as keys
    assert scaled_dot_product_attention(q, q, narrow).grad_fn.name() == "UnsafeViewBackward0"


@pytest.mark.parametrize("backend", [SDPBackend.EFFICIENT_ATTENTION, SDPBackend.CUDNN_ATTENTION])
def test_none_that_a_cpu_has(backend):
    q = heads()
    with (
        sdpa_kernel(backend),
        pytest.raises(RuntimeError, match=r"^No viable backend for scaled_dot_product_attention was found\."),
    ):
        scaled_dot_product_attention(q, q, q)
    assert torch.backends.cuda.flash_sdp_enabled()


def test_the_fused_one_alone_knows_no_dropout():
    q = heads()
    with (
        sdpa_kernel(SDPBackend.FLASH_ATTENTION),
        pytest.raises(RuntimeError, match=r"^No available kernel\.  Aborting"),
    ):
        scaled_dot_product_attention(q, q, q, dropout_p=0.5)
