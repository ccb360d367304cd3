"""Calls that are asked on every type, and how an answer is written down; `x`, `y` are 2 by 2, `z` has no dimensions."""

from __future__ import annotations

from typing import Any

TYPES = (
    "bool", "uint8", "int8", "int16", "int32", "int64", "float16", "bfloat16", "float32", "float64", "complex64",
    "complex128",
)  # fmt: skip

CALLS = """
x + y
x - y
x * y
x / y
x // y
x % y
x ** y
x + 1
x + 1.5
x * 2.5
x - 1
1 - x
2.5 - x
2 / x
2 ** x
2.2 ** x
x ** 2
x ** -1
x ** 0.5
x ** True
x // 2
x // 2.5
7 // x
x % 2
7 % x
x % 2.5
x + True
x * True
x - True
x + z
-x
~x
abs(x)
x & y
x | 1
x ^ True
x << 1
x >> 1
x < y
x >= 1.5
x == 1.5
x == y
x != 1
x.add(y, alpha=2)
x.add(y, alpha=2.5)
x.sub(y, alpha=True)
x.add_(1)
x.add_(1.5)
x.mul_(2.5)
x.div_(2)
x.floor_divide_(2)
x.pow_(2)
x.pow_(0.5)
x.add_(y.float())
x.copy_(y.double()*1.5)
x.fill_(2.5)
x.fill_(-1)
x.clamp_(0.5, 2)
x.exp_()
x.sum()
x.prod()
x.mean(0)
x.sum(0, dtype=torch.float16)
x.cumsum(0)
x.cumprod(1)
x.max()
x.min(0)
x.argmax()
x.any()
x.all(0)
x.norm()
x.std()
x.var_mean(0)
x.median()
x.mode()
x.sort(descending=True)
x.unique()
x.sqrt()
x.rsqrt()
x.exp()
x.log()
x.sin()
x.tanh()
x.sigmoid()
x.erf()
x.square()
x.reciprocal()
x.floor()
x.round()
x.sign()
x.sgn()
x.frac()
x.lerp(y, 0.3)
torch.lerp(x, y, y)
torch.addcmul(x, y, y, value=2)
torch.addcdiv(x, y, y, value=0.5)
torch.where(x>1, x, 0)
torch.where(x>1, x, 1.5)
torch.where(x>1, x, y.double())
torch.maximum(x, y)
torch.fmin(x, y)
torch.atan2(x, y)
torch.hypot(x, y)
torch.logaddexp(x, y)
torch.copysign(x, y)
torch.gcd(x, y)
torch.ldexp(x, y)
torch.float_power(x, 2)
x @ y
x.mv(y[0])
x[0].dot(y[0])
x.matmul(y.double())
torch.bmm(x[None], y[None])
torch.addmm(x, x, y, beta=2, alpha=3)
torch.addmm(x, x, y, beta=0.5)
torch.cat([x, y.float()])
torch.stack([x, y])
torch.cat([x, y.bool()])
x.to(torch.uint8)
x.to(torch.float16)
x.to(torch.bfloat16)/3
x.bool()
x.int()
x.cfloat()
x.half()+1e-4
x.item()
x.clamp(0.5)
x.clamp(1, 3)
F.relu(x)
F.mse_loss(x, y)
F.cross_entropy(x, torch.tensor([0, 1]))
F.linear(x, y)
F.linear(x, y.double())
F.layer_norm(x, (2, ))
F.dropout(x, 0.5, False)
F.one_hot(x)
F.embedding(x, torch.ones(5, 1))
F.conv2d(x[None, None], y[None, None])
F.max_pool2d(x[None], 2)
F.avg_pool2d(x[None], 2)
F.interpolate(x[None, None], scale_factor=2)
F.pad(x, (1, 1), value=1.5)
F.normalize(x)
F.cosine_similarity(x, y)
F.l1_loss(x, y)
F.smooth_l1_loss(x, y)
F.huber_loss(x, y)
F.kl_div(x, y)
F.hardtanh(x)
F.leaky_relu(x, 0.1)
F.log_softmax(x, 1)
F.threshold(x, 1, 0)
F.hardsigmoid(x)
x.masked_fill(x>1, 2.5)
x.scatter(0, torch.tensor([[0, 1]]), 2.5)
x.index_fill(0, torch.tensor([0]), 2.5)
x.gather(0, y)
x[y>1]
torch.full_like(x, 2.5)
torch.zeros_like(x, dtype=torch.float16)
torch.arange(0, 1, 0.3, dtype=d)
torch.linspace(0, 3, 4, dtype=d)
torch.tensor([1.7], dtype=d)
torch.full((2, ), 1.5, dtype=d)
torch.ones(2, dtype=d)+torch.ones(2)
torch.result_type(x, 1.5)
torch.result_type(x, z)
torch.promote_types(d, torch.float16)
torch.can_cast(d, torch.int16)
torch.bincount(x[0])
torch.histc(x)
torch.trace(x)
torch.tril(x)
torch.diff(x)
torch.cov(x)
torch.logsumexp(x, 0)
torch.nan_to_num(x)
torch.isclose(x, y)
torch.allclose(x, x)
torch.quantile(x, 0.5)
torch.cdist(x, y)
torch.cross(torch.cat([x, x[:1]]), torch.cat([y, y[:1]]), dim=0)
torch.linalg.inv(x)
torch.linalg.norm(x)
torch.fft.fft(x)
torch.einsum('ij, jk->ik', x, y)
torch.kron(x, y)
torch.outer(x[0], y[0])
torch.logical_and(x, y)
torch.bitwise_not(x)
torch.isfinite(x)
torch.heaviside(x, y)
torch.polar(x, y)
torch.bernoulli(x)
torch.rand_like(x)
x.uniform_()
x.normal_()
x.random_(5)
x.bernoulli_(0.5)
torch.multinomial(x, 1)
torch.randint_like(x, 5)
x.topk(1)
x.kthvalue(1)
torch.searchsorted(x, y)
torch.bucketize(x, torch.tensor([1, 3]))
x.repeat_interleave(2)
x.index_add(0, torch.tensor([0]), y[:1])
x.requires_grad_()
F.conv1d(x[None], y[None])
F.conv_transpose2d(x[None, None], y[None, None])
F.conv3d(x[None, None, None], y[None, None, None])
F.conv2d(x[None, None], y[None, None][..., :1, :1], dilation=2)
F.embedding_bag(torch.zeros(1, 1, dtype=torch.int64), x)
F.interpolate(x[None], scale_factor=2)
F.interpolate(x[None, None], scale_factor=2, mode='bilinear')
F.interpolate(x[None], scale_factor=2, mode='linear')
F.interpolate(x[None, None], scale_factor=2, mode='bicubic')
F.pad(x[None], (1, 1), mode='reflect')
F.pad(x[None, None], (1, 1, 1, 1), mode='reflect')
F.pad(x[None], (1, 1), mode='circular')
F.rms_norm(x, (2, ))
F.bilinear(x, y, torch.ones(1, 2, 2, dtype=d))
torch.fft.rfft(x)
torch.trapezoid(x)
torch.trapezoid(x, y)
torch.nanquantile(x, 0.5)
F.gaussian_nll_loss(x, y, torch.ones(2, 2))
F.fold(torch.ones(1, 4, 1, dtype=d), (2, 2), (2, 2))
F.unfold(x[None, None], (2, 2))
F.pixel_shuffle(torch.ones(1, 4, 2, 2, dtype=d), 2)
F.dropout(x)
torch.normal(x, y)
x.exponential_()
torch.randn_like(x)
torch.randint_like(x, 2)
x.random_()
torch.rand(2, dtype=d)
torch.randn(2, dtype=d)
torch.randperm(2, dtype=d)
torch.arange(3, dtype=d)
torch.linspace(0, 1, 3, dtype=d)
torch.logspace(0, 1, 3, dtype=d)
torch.eye(2, dtype=d)
torch.hann_window(3, dtype=d)
F.gumbel_softmax(x)
F.scaled_dot_product_attention(x[None], x[None], x[None])
F.multi_margin_loss(x, torch.tensor([0, 1]))
F.hinge_embedding_loss(x, y)
F.triplet_margin_loss(x, y, x)
torch.abs(x)
torch.acos(x)
torch.acosh(x)
torch.angle(x)
torch.asin(x)
torch.asinh(x)
torch.atan(x)
torch.atanh(x)
torch.ceil(x)
torch.cos(x)
torch.cosh(x)
torch.deg2rad(x)
torch.digamma(x)
torch.erfc(x)
torch.erfinv(x)
torch.exp2(x)
torch.expm1(x)
torch.floor(x)
torch.i0(x)
torch.isinf(x)
torch.isnan(x)
torch.lgamma(x)
torch.log10(x)
torch.log1p(x)
torch.log2(x)
torch.logit(x)
torch.negative(x)
torch.positive(x)
torch.rad2deg(x)
torch.sinc(x)
torch.sinh(x)
torch.tan(x)
torch.trunc(x)
torch.signbit(x)
torch.isposinf(x)
torch.nansum(x)
torch.nanmean(x)
torch.count_nonzero(x)
torch.aminmax(x)
torch.msort(x)
torch.argsort(x)
torch.cummax(x, 0)
torch.cumsum(x, 0)
torch.logcumsumexp(x, 0)
F.relu6(x)
F.selu(x)
F.elu(x)
F.celu(x)
F.silu(x)
F.mish(x)
F.hardswish(x)
F.softplus(x)
F.softsign(x)
F.softshrink(x)
F.hardshrink(x)
F.logsigmoid(x)
F.tanhshrink(x)
F.softmax(x, -1)
F.glu(x)
F.prelu(x, y[0, :1])
F.binary_cross_entropy_with_logits(x, y)
F.nll_loss(x, torch.tensor([0, 1]))
F.group_norm(x, 1)
F.batch_norm(x, None, None, training=True)
F.adaptive_avg_pool2d(x[None], 1)
x.amax(0)
x.mean()
x.new_full((1,), 2)
torch.special.entr(x)
torch.special.xlog1py(x, y)
torch.logaddexp2(x, y)
torch.nextafter(x, y)
torch.xlogy(x, y)
torch.fmod(x, y)
torch.fmax(x, y)
torch.dot(x[0], y[0])
torch.addmv(x[0], x, y[0])
torch.baddbmm(x[None], x[None], y[None])
torch.lcm(x, y)
x.cummin(1)
x.flip(0)
x.roll(1)
x.where(x > 1, y)
torch.tensor([-1]).to(d)
torch.tensor([300.7]).to(d)
torch.tensor(2**40).to(d)
x.to(torch.int8)
x.double() - x
""".strip().splitlines()


def answers(torch: Any, call: str) -> list[str]:
    """What a library answers, once for each run of types that answer alike: ``uint8 int8: int64 3 7``."""
    found: dict[str, list[str]] = {}
    for kind in TYPES:
        found.setdefault(answer(torch, call, kind), []).append(kind)
    return [f"{' '.join(kinds)}: {said}" for said, kinds in found.items()]


def answer(torch: Any, call: str, kind: str) -> str:
    """The type and the numbers of the result, or ``!`` and the error; ``@`` stands for the type that was asked."""
    d = getattr(torch, kind)
    x, y = torch.tensor([[1, 2], [3, 4]]).to(d), torch.tensor([[2, 1], [1, 3]]).to(d)
    names = {"torch": torch, "F": torch.nn.functional, "x": x, "y": y, "z": torch.tensor(2).to(d), "d": d}
    torch.manual_seed(0)
    try:
        return " ".join(written(eval(call, names), d))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        return f"!{type(error).__name__}: {' '.join(str(error).split())}".replace(spoken(d), "@")


def written(result: Any, asked: Any) -> list[str]:
    """Types and numbers of one result or of several, rounded so that the last digits, which computers differ in, go."""
    if isinstance(result, (tuple, list)):
        return [word for part in result for word in written(part, asked)]
    if not hasattr(result, "dtype"):
        return [str(result).replace(str(asked), "@")]
    kind = "@" if result.dtype is asked else str(result.dtype).removeprefix("torch.")
    digits = 1 if result.dtype.itemsize == 2 else 3
    wide = result.detach()
    wide = wide.double() if result.is_floating_point() else wide
    return [kind, *(number(n, digits) for n in wide.flatten().tolist())]


def number(value: Any, digits: int) -> str:
    """One number; a truth value as 0 or 1, minus zero as zero."""
    if isinstance(value, complex):
        real, imag = number(value.real, digits), number(value.imag, digits)
        return f"{real}{'' if imag.startswith('-') else '+'}{imag}j"
    if isinstance(value, (bool, int)):
        return str(int(value))
    return f"{round(value, digits) + 0.0:g}"


def spoken(kind: Any) -> str:
    """What sentences call a type: Byte, Half, ..."""
    name = str(kind).removeprefix("torch.")
    return {
        "bool": "Bool", "uint8": "Byte", "int8": "Char", "int16": "Short", "int32": "Int", "int64": "Long",
        "float16": "Half", "bfloat16": "BFloat16", "float32": "Float", "float64": "Double", "complex64": "ComplexFloat",
        "complex128": "ComplexDouble",
    }[name]  # fmt: skip
