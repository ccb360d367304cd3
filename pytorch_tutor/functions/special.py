"""Special functions: those of the gamma function, the error function and Bessel."""

from __future__ import annotations

import math
from typing import Any

from ..creation import as_tensor
from ..dispatch import apply, write_out
from ..errors import lesson
from ..ops import incomplete
from ..ops import special as ops
from ..refusals import refuse
from ..tensor_base import TensorBase
from .arguments import one_tensor, two_tensors
from .arithmetic import number
from .titles import titled


def lgamma(input: Any, *, out: Any = None) -> Any:
    """ln |Γ(x)|: the logarithm of the gamma function.

    >>> import pytorch_tutor as torch
    >>> torch.lgamma(torch.tensor([0.5, 5.0]))
    tensor([0.5724, 3.1781])
    """
    return write_out(apply(ops.Lgamma, input), out, "lgamma")


def digamma(input: Any, *, out: Any = None) -> Any:
    """The derivative of ln Γ.

    >>> import pytorch_tutor as torch
    >>> torch.digamma(torch.tensor([1.0, 2.0]))
    tensor([-0.5772,  0.4228])
    """
    return write_out(apply(ops.Digamma, input), out, "digamma")


def erfinv(input: Any, *, out: Any = None) -> Any:
    """The inverse of the error function.

    >>> import pytorch_tutor as torch
    >>> torch.erfinv(torch.tensor([0.0, 0.5]))
    tensor([0.0000, 0.4769])
    """
    return write_out(apply(ops.Erfinv, input), out, "erfinv")


def erfcx(input: Any, *, out: Any = None) -> Any:
    """The scaled complement of the error function, e^{x²} erfc x.

    >>> import pytorch_tutor as torch
    >>> torch.special.erfcx(torch.tensor([0.0, 10.0]))
    tensor([1.0000, 0.0561])
    """
    return write_out(apply(ops.SpecialErfcx, input), out, "erfcx")


def ndtr(input: Any, *, out: Any = None) -> Any:
    """The probability that a standard normal number is below x.

    >>> import pytorch_tutor as torch
    >>> torch.special.ndtr(torch.tensor([0.0, 2.0]))
    tensor([0.5000, 0.9772])
    """
    return write_out(apply(ops.SpecialNdtr, input), out, "ndtr")


def log_ndtr(input: Any, *, out: Any = None) -> Any:
    """ln of the probability that a standard normal number is below x.

    >>> import pytorch_tutor as torch
    >>> torch.special.log_ndtr(torch.tensor([0.0, -20.0]))
    tensor([  -0.6931, -203.9172])
    """
    return write_out(apply(ops.SpecialLogNdtr, input), out, "log_ndtr")


def ndtri(input: Any, *, out: Any = None) -> Any:
    """The number below which a standard normal one lies with probability x.

    >>> import pytorch_tutor as torch
    >>> torch.special.ndtri(torch.tensor([0.5, 0.975]))
    tensor([0.0000, 1.9600])
    """
    return write_out(apply(ops.SpecialNdtri, input), out, "ndtri")


def entr(input: Any, *, out: Any = None) -> Any:
    """-x ln x, one outcome's share in the entropy.

    >>> import pytorch_tutor as torch
    >>> torch.special.entr(torch.tensor([0.5, 1.0]))
    tensor([0.3466, -0.0000])
    """
    return write_out(apply(ops.SpecialEntr, input), out, "entr")


def sinc(input: Any, *, out: Any = None) -> Any:
    """sin(πx) / (πx), and 1 at 0.

    >>> import pytorch_tutor as torch
    >>> torch.sinc(torch.tensor([0.0, 0.5]))
    tensor([1.0000, 0.6366])
    """
    return write_out(apply(ops.Sinc, input), out, "sinc")


def i0(input: Any, *, out: Any = None) -> Any:
    """The modified Bessel function of the first kind of order 0.

    >>> import pytorch_tutor as torch
    >>> torch.i0(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 1.2661])
    """
    return write_out(apply(ops.I0, input), out, "i0")


def i0e(input: Any, *, out: Any = None) -> Any:
    """e^{-|x|} I_0(x), which does not overflow.

    >>> import pytorch_tutor as torch
    >>> torch.special.i0e(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.4658])
    """
    return write_out(apply(ops.SpecialI0E, input), out, "i0e")


def i1(input: Any, *, out: Any = None) -> Any:
    """The modified Bessel function of the first kind of order 1.

    >>> import pytorch_tutor as torch
    >>> torch.special.i1(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.5652])
    """
    return write_out(apply(ops.SpecialI1, input), out, "i1")


def i1e(input: Any, *, out: Any = None) -> Any:
    """e^{-|x|} I_1(x), which does not overflow.

    >>> import pytorch_tutor as torch
    >>> torch.special.i1e(torch.tensor([0.0, 1.0]))
    tensor([0.0000, 0.2079])
    """
    return write_out(apply(ops.SpecialI1E, input), out, "i1e")


def polygamma(n: int, input: Any, *, out: Any = None) -> Any:
    """The n-th derivative of digamma.

    >>> import pytorch_tutor as torch
    >>> torch.polygamma(1, torch.tensor([1.0]))
    tensor([1.6449])
    """
    if isinstance(n, TensorBase):  # as a method, the tensor comes first
        n, input = input, n
    refuse(input.dtype, "complex", "digamma" if n == 0 else "trigamma" if n == 1 else "polygamma")
    if n < 0:
        raise lesson(RuntimeError("polygamma(n, x) does not support negative n."), expected="n >= 0", got=n)
    return write_out(apply(ops.Digamma, input) if n == 0 else apply(ops.Polygamma, input, n=n), out, "polygamma")


def mvlgamma(input: Any, p: int, *, out: Any = None) -> Any:
    """ln of the gamma function of p dimensions: p(p-1)/4 ln π + Σ ln Γ(x - i/2) for i = 0 ... p - 1.

    >>> import pytorch_tutor as torch
    >>> torch.mvlgamma(torch.tensor([2.0]), 2)
    tensor([0.4516])
    """
    refuse(input.dtype, "complex", "arange_cpu")
    refuse(input.dtype, "bool", RuntimeError("The input tensor may not be a boolean tensor."))
    if p < 1:
        raise RuntimeError("p has to be greater than or equal to 1")
    if not input.dtype.rank >= 3:
        input = input + 0.0
    steps = as_tensor([-i / 2 for i in range(p)], dtype=input.dtype)
    found = lgamma(input.unsqueeze(-1) + steps).sum(-1) + p * (p - 1) * math.log(math.pi) / 4
    return write_out(titled(found, "MvlgammaBackward0"), out, "mvlgamma")


def multigammaln(input: Any, p: int, *, out: Any = None) -> Any:
    """The same as ``torch.mvlgamma``."""
    return write_out(mvlgamma(input, p), out, "multigammaln")


def zeta(input: Any, other: Any, *, out: Any = None) -> Any:
    """Hurwitz's zeta function Σ 1 / (other + k)^input.

    >>> import pytorch_tutor as torch
    >>> torch.special.zeta(torch.tensor([2.0]), torch.tensor([1.0]))
    tensor([1.6449])
    """
    return write_out(apply(ops.SpecialZeta, *_pair("special_zeta", input, other)), out, "zeta")


def xlog1py(input: Any, other: Any, *, out: Any = None) -> Any:
    """x ln(1 + y), 0 where x is 0.

    >>> import pytorch_tutor as torch
    >>> torch.special.xlog1py(torch.tensor([0.0, 2.0]), torch.tensor([1.0, 1.0]))
    tensor([0.0000, 1.3863])
    """
    return write_out(apply(ops.SpecialXlog1Py, *_pair("special_xlog1py", input, other)), out, "xlog1py")


def _pair(name: str, input: Any, other: Any) -> tuple[Any, Any]:
    """Two operands, of which one may be a Python number."""
    one_tensor(name, input, other)
    return (
        input if isinstance(input, TensorBase) else number(input),
        other if isinstance(other, TensorBase) else number(other),
    )


def bessel_j0(input: Any, *, out: Any = None) -> Any:
    """The Bessel function of the first kind of order 0.

    >>> import pytorch_tutor as torch
    >>> torch.special.bessel_j0(torch.tensor([1.0, 10.0]))
    tensor([ 0.7652, -0.2459])
    """
    refuse(input.dtype, "half complex", "bessel_j0_cpu")
    return write_out(apply(ops.Bessel, input, kind="first_kind", order=0), out, "bessel_j0")


def bessel_j1(input: Any, *, out: Any = None) -> Any:
    """The Bessel function of the first kind of order 1.

    >>> import pytorch_tutor as torch
    >>> torch.special.bessel_j1(torch.tensor([1.0, 10.0]))
    tensor([0.4401, 0.0435])
    """
    refuse(input.dtype, "half complex", "bessel_j1_cpu")
    return write_out(apply(ops.Bessel, input, kind="first_kind", order=1), out, "bessel_j1")


def bessel_y0(input: Any, *, out: Any = None) -> Any:
    """The Bessel function of the second kind of order 0.

    >>> import pytorch_tutor as torch
    >>> torch.special.bessel_y0(torch.tensor([1.0, 10.0]))
    tensor([0.0883, 0.0557])
    """
    refuse(input.dtype, "half complex", "bessel_y0_cpu")
    return write_out(apply(ops.Bessel, input, kind="second_kind", order=0), out, "bessel_y0")


def bessel_y1(input: Any, *, out: Any = None) -> Any:
    """The Bessel function of the second kind of order 1.

    >>> import pytorch_tutor as torch
    >>> torch.special.bessel_y1(torch.tensor([1.0, 10.0]))
    tensor([-0.7812,  0.2490])
    """
    refuse(input.dtype, "half complex", "bessel_y1_cpu")
    return write_out(apply(ops.Bessel, input, kind="second_kind", order=1), out, "bessel_y1")


def modified_bessel_i0(input: Any, *, out: Any = None) -> Any:
    """The modified Bessel function of the first kind of order 0.

    >>> import pytorch_tutor as torch
    >>> torch.special.modified_bessel_i0(torch.tensor([1.0, 10.0]))
    tensor([1.2661e+00, 2.8157e+03])
    """
    refuse(input.dtype, "half complex", "modified_bessel_i0_cpu")
    return write_out(apply(ops.Bessel, input, kind="modified", order=0), out, "modified_bessel_i0")


def modified_bessel_i1(input: Any, *, out: Any = None) -> Any:
    """The modified Bessel function of the first kind of order 1.

    >>> import pytorch_tutor as torch
    >>> torch.special.modified_bessel_i1(torch.tensor([1.0, 10.0]))
    tensor([5.6516e-01, 2.6710e+03])
    """
    refuse(input.dtype, "half complex", "modified_bessel_i1_cpu")
    return write_out(apply(ops.Bessel, input, kind="modified", order=1), out, "modified_bessel_i1")


def modified_bessel_k0(input: Any, *, out: Any = None) -> Any:
    """The modified Bessel function of the second kind of order 0.

    >>> import pytorch_tutor as torch
    >>> torch.special.modified_bessel_k0(torch.tensor([1.0, 10.0]))
    tensor([4.2102e-01, 1.7780e-05])
    """
    refuse(input.dtype, "half complex", "modified_bessel_k0_cpu")
    return write_out(apply(ops.Bessel, input, kind="decaying", order=0), out, "modified_bessel_k0")


def modified_bessel_k1(input: Any, *, out: Any = None) -> Any:
    """The modified Bessel function of the second kind of order 1.

    >>> import pytorch_tutor as torch
    >>> torch.special.modified_bessel_k1(torch.tensor([1.0, 10.0]))
    tensor([6.0191e-01, 1.8649e-05])
    """
    refuse(input.dtype, "half complex", "modified_bessel_k1_cpu")
    return write_out(apply(ops.Bessel, input, kind="decaying", order=1), out, "modified_bessel_k1")


def scaled_modified_bessel_k0(input: Any, *, out: Any = None) -> Any:
    """e^x K_0(x).

    >>> import pytorch_tutor as torch
    >>> torch.special.scaled_modified_bessel_k0(torch.tensor([1.0, 10.0]))
    tensor([1.1445, 0.3916])
    """
    refuse(input.dtype, "half complex", "scaled_modified_bessel_k0_cpu")
    return write_out(apply(ops.Bessel, input, kind="decaying_scaled", order=0), out, "scaled_modified_bessel_k0")


def scaled_modified_bessel_k1(input: Any, *, out: Any = None) -> Any:
    """e^x K_1(x).

    >>> import pytorch_tutor as torch
    >>> torch.special.scaled_modified_bessel_k1(torch.tensor([1.0, 10.0]))
    tensor([1.6362, 0.4108])
    """
    refuse(input.dtype, "half complex", "scaled_modified_bessel_k1_cpu")
    return write_out(apply(ops.Bessel, input, kind="decaying_scaled", order=1), out, "scaled_modified_bessel_k1")


def spherical_bessel_j0(input: Any, *, out: Any = None) -> Any:
    """sin(x) / x, and 1 at 0.

    >>> import pytorch_tutor as torch
    >>> torch.special.spherical_bessel_j0(torch.tensor([0.0, 1.0]))
    tensor([1.0000, 0.8415])
    """
    refuse(input.dtype, "half complex", "spherical_bessel_j0_cpu")
    return write_out(sinc(input.detach() / math.pi), out, "spherical_bessel_j0")


def airy_ai(input: Any, *, out: Any = None) -> Any:
    """Airy's function Ai, a wave on the left that dies out on the right.

    >>> import pytorch_tutor as torch
    >>> torch.special.airy_ai(torch.tensor([-1.0, 0.0, 1.0]))
    tensor([0.5356, 0.3550, 0.1353])
    """
    refuse(input.dtype, "half complex", "airy_ai_cpu")
    return write_out(apply(incomplete.SpecialAiryAi, input), out, "airy_ai")


def igamma(input: Any, other: Any, *, out: Any = None) -> Any:
    """The share of Γ(input)'s integral that lies below ``other``: the regularised lower incomplete gamma function.

    >>> import pytorch_tutor as torch
    >>> torch.igamma(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 4.0]))
    tensor([0.6321, 0.5665])

    Raises NotImplementedError for whole numbers, and where a gradient in ``input`` is wanted.
    """
    two_tensors("igamma", input, other)
    return write_out(apply(incomplete.Igamma, input, other), out, "igamma")


def igammac(input: Any, other: Any, *, out: Any = None) -> Any:
    """The share of Γ(input)'s integral that lies above ``other``: the regularised upper incomplete gamma function.

    >>> import pytorch_tutor as torch
    >>> torch.igammac(torch.tensor([1.0, 4.0]), torch.tensor([1.0, 4.0]))
    tensor([0.3679, 0.4335])
    """
    two_tensors("igammac", input, other)
    return write_out(apply(incomplete.Igammac, input, other), out, "igammac")


gammainc, gammaincc = igamma, igammac
psi, gammaln = digamma, lgamma  # other names that PyTorch has
