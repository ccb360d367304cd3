"""One row per operation: how it is called, on what, and what may be asked of it.

`call` is a text that means the same to PyTorch and to this engine: the golden values come from running it there.
"""

from typing import NamedTuple

from tests.ops.samples import Sample, between, fixed, mask, positive, real, unit, whole


class Row(NamedTuple):
    """`ops`: the classes of `pytorch_tutor.ops` that run in the call, its backward pass, or the backward pass of that."""

    ops: str
    call: str
    arguments: dict[str, Sample]
    apart: str = ""  # what is not asked, and why: "first", "second" (gradients), "name" (of the node), "types"
    tolerance: float = 1e-10
    elementwise: bool = False

    @property
    def id(self) -> str:
        shapes = " ".join(f"{name}{list(s.shape)}" + s.kind[0] for name, s in self.arguments.items())
        return f"{self.ops.split()[0]}: {self.call} for {shapes}"


R: list[Row] = []
CUT = "types: PyTorch cuts the factor off to the type of the tensors"
PARTS = "name: PyTorch selects from a view as two real numbers"


def row(ops: str, call: str, apart: str = "", tolerance: float = 1e-10, **arguments: Sample) -> None:
    R.append(Row(ops, call, arguments, apart, tolerance))


def each(ops: str, call: str, **arguments: Sample) -> None:
    """An operation element by element: the same for any shape."""
    R.append(Row(ops, call, arguments, elementwise=True))


# -- arithmetic -------------------------------------------------------------------------------------------------------
each("Add", "x + y", x=real(2, 3), y=real(2, 3))
row("Add", "torch.add(x, y, alpha=2)", x=real(2, 3), y=real(3), apart=CUT)
each("Sub", "x - y", x=real(2, 3), y=real(2, 3))
row("Sub", "torch.sub(x, y, alpha=3)", x=real(2, 1), y=real(3))
each("Rsub", "2 - x", x=real(2, 3))
each("Rsub", "torch.rsub(x, y)", x=real(2, 3), y=real(2, 3))
each("Mul", "x * y", x=real(2, 3), y=real(2, 3))
row("Mul", "x * y", x=real(2, 1, 3), y=real(4, 1))
each("Div", "x / y", x=real(2, 3), y=positive(2, 3))
each("RoundedDiv", "torch.div(x, y, rounding_mode='floor')", x=real(2, 3), y=positive(2, 3))
each("RoundedDiv", "torch.div(x, y, rounding_mode='trunc')", x=real(2, 3), y=positive(2, 3))
each("Remainder", "torch.remainder(x, y)", x=real(2, 3), y=between(0.7, 1.9, 2, 3))
each("Fmod", "torch.fmod(x, y)", x=real(2, 3), y=between(0.7, 1.9, 2, 3))
each("Pow", "x ** 3", x=real(2, 3))
each("Pow", "x ** 0.5", x=positive(2, 3))
each("PowTensor", "x ** y", x=positive(2, 3), y=real(2, 3))
each("PowTensor", "2.0 ** x", x=real(2, 3))
each("Maximum", "torch.maximum(x, y)", x=real(2, 3), y=real(2, 3))
each("Minimum", "torch.minimum(x, y)", x=real(2, 3), y=real(2, 3))
each("Fmax", "torch.fmax(x, y)", x=real(2, 3), y=real(2, 3))
each("Fmin", "torch.fmin(x, y)", x=real(2, 3), y=real(2, 3))
each("Atan2", "torch.atan2(x, y)", x=real(2, 3), y=real(2, 3))
each("Hypot", "torch.hypot(x, y)", x=real(2, 3), y=real(2, 3))
each("Logaddexp", "torch.logaddexp(x, y)", x=real(2, 3), y=real(2, 3))
each("Logaddexp2", "torch.logaddexp2(x, y)", x=real(2, 3), y=real(2, 3))
each("Xlogy", "torch.xlogy(x, y)", x=real(2, 3), y=positive(2, 3))
each("Copysign", "torch.copysign(x, y)", x=real(2, 3), y=real(2, 3))
each("Lerp", "torch.lerp(x, y, w)", x=real(2, 3), y=real(2, 3), w=unit(2, 3))
row("Lerp", "torch.lerp(x, y, 0.3)", x=real(2, 3), y=real(2, 3))
each("Addcmul", "torch.addcmul(x, a, b)", x=real(2, 3), a=real(2, 3), b=real(2, 3))
row("Addcmul", "torch.addcmul(x, a, b, value=0.5)", x=real(2, 3), a=real(2, 3), b=real(2, 3), apart=CUT)
each("Addcdiv", "torch.addcdiv(x, a, b, value=0.5)", x=real(2, 3), a=real(2, 3), b=positive(2, 3))
each("Where", "torch.where(m, x, y)", m=mask(2, 3), x=real(2, 3), y=real(2, 3))
# -- one tensor, element by element -----------------------------------------------------------------------------------
each("Neg", "-x", x=real(2, 3))
for (
    _name
) in "Exp Exp2 Expm1 Sin Cos Sinh Cosh Tanh Asinh Atan Sigmoid Erf Erfc Abs Sign Floor Ceil Trunc Frac Round".split():
    each(_name, f"torch.{_name.lower()}(x)", x=real(2, 3))
for _name in "Log Log2 Log10 Log1p Sqrt Rsqrt Reciprocal".split():
    each(_name, f"torch.{_name.lower()}(x)", x=positive(2, 3))
each("Tan", "torch.tan(x)", x=between(-1.2, 1.2, 2, 3))
each("Asin", "torch.asin(x)", x=between(-0.9, 0.9, 2, 3))
each("Acos", "torch.acos(x)", x=between(-0.9, 0.9, 2, 3))
each("Acosh", "torch.acosh(x)", x=between(1.2, 3.0, 2, 3))
each("Atanh", "torch.atanh(x)", x=between(-0.9, 0.9, 2, 3))
each("Square", "torch.square(x)", x=real(2, 3))
row("Round", "torch.round(x, decimals=1)", x=real(2, 3))
each("Clamp", "torch.clamp(x, -1.0, 0.5)", x=real(2, 3))
each("ClampMin", "torch.clamp(x, min=y)", x=real(2, 3), y=between(-1.0, 1.0, 2, 3))
each("ClampMax", "torch.clamp_max(x, y)", x=real(2, 3), y=between(-1.0, 1.0, 2, 3))
each("ClampTensor", "torch.clamp(x, y, z)", x=real(2, 3), y=between(-1.0, -0.5, 2, 3), z=between(0.5, 1.0, 2, 3))
each("Logit", "torch.logit(x)", x=unit(2, 3))
row("Logit", "torch.logit(x, eps=0.2)", x=unit(2, 3))
each("NanToNum", "torch.nan_to_num(x)", x=real(2, 3))
each("Remainder", "x % 0.7", x=real(2, 3))
each("Fmod", "torch.fmod(x, 0.7)", x=real(2, 3))
row("Fill", "x.clone().fill_(2.0)", x=real(2, 3))
row("Fill", "x.clone().zero_()", x=real(2, 3))
each("Clamp", "x.clamp_min(0.2)", x=real(2, 3))
# -- comparison -------------------------------------------------------------------------------------------------------
for _sign in ("<", "<=", ">", ">=", "==", "!="):
    each("Compare", f"x {_sign} y", x=whole(2, 3), y=whole(2, 3))
for _name in ("isnan", "isinf", "isfinite"):
    each("Test", f"torch.{_name}(x)", x=real(2, 3))
for _name, _sign in (("And", "&"), ("Or", "|"), ("Xor", "^")):
    each(f"Bitwise{_name}", f"x {_sign} y", x=whole(2, 3, below=9), y=whole(2, 3, below=9))
for _name, _sign in (("Left", "<<"), ("Right", ">>")):
    each(f"{_name}Shift", f"x {_sign} y", x=whole(2, 3, below=9), y=whole(2, 3, below=3))
each("Invert", "~x", x=whole(2, 3))
each("Invert", "~x", x=mask(2, 3))
# -- complex ----------------------------------------------------------------------------------------------------------
row("Complex Real", "torch.complex(x, y).real", x=real(2, 3), y=real(2, 3), apart=PARTS)
row("Complex Imag", "torch.complex(x, y).imag", x=real(2, 3), y=real(2, 3), apart=PARTS)
row("Conj ViewAsReal", "torch.view_as_real(torch.complex(x, y).conj().resolve_conj())", x=real(3), y=real(3))
row("ViewAsComplex Abs", "torch.view_as_complex(x).abs()", x=real(3, 2))
row("Angle", "torch.angle(torch.complex(x, y))", x=real(3), y=real(3))
row("Angle", "torch.angle(x)", x=real(3))
# -- reduction --------------------------------------------------------------------------------------------------------
for _name in "Sum Mean Prod Nansum".split():
    row(_name, f"torch.{_name.lower()}(x)", x=real(2, 3))
    row(_name, f"torch.{_name.lower()}(x, 1)", x=real(2, 3))
    row(_name, f"torch.{_name.lower()}(x, -2, keepdim=True)", x=real(2, 3, 2))
row("Sum", "x.sum((0, 2))", x=real(2, 3, 2))
row("Prod", "torch.prod(x * torch.tensor([1.0, 0.0, 1.0], dtype=x.dtype))", x=real(3))
for _name in "Var Std".split():
    row(_name, f"torch.{_name.lower()}(x)", x=real(2, 3))
    row(_name, f"torch.{_name.lower()}(x, 1, correction=0)", x=real(2, 3))
    row(_name, f"torch.{_name.lower()}(x, (0, 2), keepdim=True)", x=real(2, 3, 2))
for _name in "Max Min".split():
    row(_name, f"torch.{_name.lower()}(x, 1)", x=real(2, 3))
    row(_name, f"torch.{_name.lower()}(x, 0, keepdim=True)", x=real(2, 3))
for _name in "Amax Amin".split():
    row(_name, f"torch.{_name.lower()}(x, 1)", x=real(2, 3))
    row(_name, f"torch.{_name.lower()}(x, (0, 1))", x=whole(2, 3))
    row(_name, f"torch.{_name[1:]}(x)", x=real(2, 3))
row("Logsumexp", "torch.logsumexp(x, 1)", x=real(2, 3))
row("Arg", "torch.argmax(x)", x=real(2, 3))
row("Arg", "torch.argmin(x, 1, keepdim=True)", x=real(2, 3))
row("Truth", "torch.all(x, 1)", x=mask(2, 3))
row("Truth", "torch.any(x)", x=mask(2, 3))
row("CountNonzero", "torch.count_nonzero(x, 1)", x=whole(2, 3))
for _p in ("2", "1", "3", "0.5", "float('inf')", "-float('inf')", "0"):
    row("Norm", f"x.norm({_p}, 1)", x=real(2, 3))
row("DistanceNorm", "F.pairwise_distance(x, y)", x=real(2, 3), y=real(2, 3))
row("Cumsum", "torch.cumsum(x, 1)", x=real(2, 3))
row("Cumprod", "torch.cumprod(x, 1)", x=real(2, 3))
# -- matrices ---------------------------------------------------------------------------------------------------------
row("Mm", "torch.mm(x, y)", x=real(2, 3), y=real(3, 2))
row("Mv", "torch.mv(x, y)", x=real(2, 3), y=real(3))
row("Dot", "torch.dot(x, y)", x=real(3), y=real(3))
row("Bmm", "torch.bmm(x, y)", x=real(2, 2, 3), y=real(2, 3, 2))
row("Bmm UnsafeView", "x @ y", x=real(2, 1, 2, 3), y=real(2, 3, 2), apart="name: PyTorch 2.13 ends in another reshape")
row("Addmm", "torch.addmm(b, x, y, beta=0.5, alpha=2)", b=real(2), x=real(2, 3), y=real(3, 2), apart=CUT)
SPD = "a @ a.mT + torch.eye(3, dtype=a.dtype)"  # symmetric, positive definite
row("Inverse", "torch.linalg.inv(x)", x=real(3, 3))
row("Det", "torch.linalg.det(x)", x=real(3, 3))
row("Slogdet", "torch.linalg.slogdet(x)", x=real(3, 3))
row("Solve", "torch.linalg.solve(x, y)", x=real(3, 3), y=real(3, 2))
row("Solve", "torch.linalg.solve(x, y, left=False)", x=real(2, 3, 3), y=real(2, 2, 3))
row("SolveTriangular", "torch.linalg.solve_triangular(x, y, upper=True)", x=positive(3, 3), y=real(3, 2))
row("TriangularSolve", "torch.triangular_solve(y, x, upper=False)", x=positive(3, 3), y=real(3, 2))
row("Cholesky", f"torch.linalg.cholesky({SPD})", a=real(3, 3))
row("CholeskyBefore", f"torch.cholesky({SPD}, True)", a=real(3, 3))
row("CholeskySolve", f"torch.cholesky_solve(y, torch.linalg.cholesky({SPD}))", a=real(3, 3), y=real(3, 2))
row("CholeskyInverse", f"torch.cholesky_inverse(torch.linalg.cholesky({SPD}))", a=real(3, 3))
row("LuFactor", "torch.linalg.lu_factor(x)[0]", x=real(3, 4))
row("Lu", "torch.linalg.lu(x)[1]", x=real(3, 3))
row("Lu", "torch.linalg.lu(x)[2]", x=real(2, 3, 4))
row("LuUnpack", "torch.lu_unpack(*torch.linalg.lu_factor(x))[2]", x=real(3, 4))
row("LuSolve", "torch.linalg.lu_solve(*torch.linalg.lu_factor(x), y)", x=real(3, 3), y=real(3, 2))
row("LuSolve", "torch.linalg.lu_solve(*torch.linalg.lu_factor(x), y, adjoint=True)", x=real(3, 3), y=real(3, 2))
row("Qr HalfLower", "torch.linalg.qr(x)[1]", x=real(3, 3))
row("Qr HalfLower", "torch.linalg.qr(x)[0]", x=real(3, 4))
row("HouseholderProduct", "torch.linalg.householder_product(x, y)", x=real(4, 3), y=real(3))
row("Ormqr", "torch.ormqr(x, y, z, transpose=True)", x=real(4, 2), y=real(2), z=real(4, 3))
row("Eigh", f"torch.linalg.eigh({SPD})[0]", a=real(3, 3))
row("Eig", "torch.linalg.eigvals(x).abs().sum()", x=real(3, 3))
row("Lobpcg", "torch.lobpcg(x @ x.mT, X=torch.eye(9, 2).double(), tol=1e-13)[0]", x=real(9, 9))
row("Svd", "torch.linalg.svd(x)[1]", x=real(3, 3))
row("Svd", "torch.linalg.svd(x, False)[2].abs()", x=real(4, 3))
row("Pinv", "torch.linalg.pinv(x)", x=real(4, 3))
row("Lstsq", "torch.linalg.lstsq(x, y)[0]", x=real(4, 3), y=real(4, 2))
row("Lstsq", "torch.linalg.lstsq(x, y, driver='gelsd')[1]", x=real(4, 2), y=real(4))
row("MatrixExp", "torch.linalg.matrix_exp(x)", x=real(2, 3, 3))
row("Cross", "torch.linalg.cross(x, y)", x=real(2, 3), y=real(1, 3))
row("Vdot", "torch.vdot(x, y)", x=real(3), y=real(3))
row("Addmv", "torch.addmv(b, x, y, beta=0.5, alpha=2)", b=real(2), x=real(2, 3), y=real(3), apart=CUT)
row("Addr", "torch.addr(b, x, y, beta=0.5, alpha=2)", b=real(3), x=real(2), y=real(3), apart=CUT)
row("Baddbmm", "torch.baddbmm(b, x, y, beta=0.5, alpha=2)", b=real(2), x=real(2, 2, 3), y=real(2, 3, 2), apart=CUT)
row("Addbmm", "torch.addbmm(b, x, y, beta=0.5, alpha=2)", b=real(2), x=real(2, 2, 3), y=real(2, 3, 2), apart=CUT)
for _p in ("2", "1", "3", "0.5"):
    row("Cdist", f"torch.cdist(x, y, {_p})", x=real(3, 2), y=real(4, 2))
    row("Pdist", f"torch.pdist(x, {_p})", x=real(4, 2))
    row("Dist", f"torch.dist(x, y, {_p})", x=real(3, 2), y=real(2))
row("EuclideanDist", "torch.cdist(x, y)", x=real(26, 2), y=real(2, 2), apart="name: PyTorch ends in a view of it")
# -- shape ------------------------------------------------------------------------------------------------------------
row("View", "x.view(3, 2)", x=real(2, 3))
row("Transpose UnsafeView", "x.transpose(0, 1).reshape(6)", x=real(2, 3))
row("Permute", "x.permute(2, 0, 1)", x=real(2, 3, 2))
row("T", "x.t()", x=real(2, 3))
row("Expand", "x.expand(2, 3)", x=real(3))
row("Squeeze", "x.squeeze()", x=real(2, 1, 3))
row("Squeeze", "x.squeeze(1)", x=real(2, 1, 3))
row("Squeeze", "x.squeeze((0, 2))", x=real(1, 3, 1))
row("Unsqueeze", "x.unsqueeze(1)", x=real(2, 3))
row("View", "x.view_as(x)", x=real(2, 3))
row("Alias", "x[...]", x=real(2, 3))
row("Clone", "x.clone()", x=real(2, 3))
row("ToCopy", "x.float()", x=real(2, 3), apart="first: half of the digits are gone; second: so too", tolerance=1e-6)
row("Cat", "torch.cat([x, y], 1)", x=real(2, 3), y=real(2, 2))
row("Stack", "torch.stack([x, y], 1)", x=real(2, 3), y=real(2, 3))
row("Repeat", "x.repeat(2, 1, 3)", x=real(2, 3))
row("Flip", "torch.flip(x, (0, 1))", x=real(2, 3))
row("Rot90", "torch.rot90(x, 1, (0, 1))", x=real(2, 3))
row("Rot90", "torch.rot90(x, -2, (1, 2))", x=real(2, 2, 3))
row("Roll", "torch.roll(x, 1, 0)", x=real(2, 3))
row("Roll", "torch.roll(x, (1, -1), (0, 1))", x=real(2, 3))
row("Triangle", "torch.tril(x)", x=real(3, 3))
row("Triangle", "torch.triu(x, 1)", x=real(2, 3, 3))
row("Diagonal DiagonalScatter", "torch.diagonal(x)", x=real(3, 3))
row("Diagonal DiagonalScatter", "torch.diagonal(x, -1, 0, 2)", x=real(3, 2, 3))
row("Unfold UnfoldBackward", "x.unfold(1, 2, 1)", x=real(2, 4))
row("AsStrided AsStridedScatter", "x.as_strided((2, 2), (1, 2), 1)", x=real(6))
row("Copy", "x.clone().copy_(y)", x=real(2, 3), y=real(3))
row("Fill", "x.clone().fill_(y)", x=real(2, 3), y=real())
# -- indexing ---------------------------------------------------------------------------------------------------------
row("Select Place", "x[1]", x=real(2, 3))
row("Select", "x[:, -1]", x=real(2, 3), apart="name: x[:] adds no node here")
row("Slice Place", "x[:, ::2]", x=real(2, 3))
row("Split", "torch.split(x, 2, 1)", x=real(2, 3))
row("Split", "torch.split(x, (1, 2), 1)", x=real(2, 3))
row("Unbind", "torch.unbind(x, 1)", x=real(2, 3))
row("Index AddAt", "x[i]", x=real(3, 2), i=whole(4))
row("Index", "x[:, i]", x=real(3, 3), i=whole(4))
row("Index", "x[m]", x=real(2, 3), m=mask(2, 3))
row("IndexAdd", "torch.index_add(x, 1, i, y)", x=real(2, 3), i=whole(2), y=real(2, 2))
row("IndexCopy", "torch.index_copy(x, 0, i, y)", x=real(3, 2), i=whole(2), y=real(2, 2))
row("IndexFill", "torch.index_fill(x, 1, i, 0.5)", x=real(2, 3), i=whole(2))
row("Take", "torch.take(x, i)", x=real(2, 3), i=whole(4))
row("Trace", "torch.trace(x)", x=real(2, 3))
row("Median", "torch.median(x)", x=real(2, 3))
row("Median", "torch.median(x, 1)[0]", x=real(2, 3))
row("Nanmedian", "torch.nanmedian(x, 0, True)[0]", x=real(3, 2))
row("Kthvalue", "torch.kthvalue(x, 2, 1)[0]", x=real(2, 3))
row("IndexPut ZeroAt", "x.index_put((i,), y)", x=real(4, 2), i=between(0, 4, 3)._replace(kind="int64"), y=real(2))
row("IndexPut", "x.index_put((i,), y, accumulate=True)", x=real(3, 2), i=whole(4), y=real(4, 2))
row("Gather AddAt", "x.gather(1, i)", x=real(2, 3), i=whole(2, 2))
row("Scatter ZeroAt", "x.scatter(1, i, y)", x=real(2, 3), i=between(0, 3, 2, 1)._replace(kind="int64"), y=real(2, 1))
row("Scatter", "x.scatter(1, i, 1.5)", x=real(2, 3), i=whole(2, 1))
row("ScatterAdd", "x.scatter_add(1, i, y)", x=real(2, 3), i=whole(2, 2), y=real(2, 2))
for _how in ("sum", "prod", "mean", "amax", "amin"):
    row("ScatterReduce", f"x.scatter_reduce(1, i, y, {_how!r})", x=real(2, 3), i=whole(2, 2), y=real(2, 2))
row("IndexSelect AddAt", "torch.index_select(x, 1, i)", x=real(2, 3), i=whole(4))
row("MaskedFill", "x.masked_fill(m, 1.5)", x=real(2, 3), m=mask(2, 3))
row("MaskedFill", "x.masked_fill(m, y)", x=real(2, 3), m=mask(2, 3), y=real())
row("MaskedSelect", "torch.masked_select(x, m)", x=real(2, 3), m=mask(2, 3))
row("Sort", "torch.sort(x, 1)", x=real(2, 3))
row("Sort", "torch.sort(x, 0, descending=True)", x=real(3, 2))
row("Topk", "torch.topk(x, 2, 1)", x=real(2, 3))
row("Topk", "torch.topk(x, 1, 0, largest=False)", x=real(2, 3))
# -- activations ------------------------------------------------------------------------------------------------------
each("Relu ReluGradient", "torch.relu(x)", x=real(2, 3))
for _name, _call in {
    "Threshold": "threshold(x, 0.1, 5)", "LeakyRelu": "leaky_relu(x, 0.2)", "Hardtanh": "hardtanh(x)",
    "Hardswish": "hardswish(x * 3)", "Hardshrink": "hardshrink(x)",
    "Softshrink": "softshrink(x)", "Elu": "elu(x, 0.7)", "Silu": "silu(x)", "Mish": "mish(x)",
    "Gelu": "gelu(x)", "Softplus": "softplus(x, 2, 1)", "LogSigmoid": "logsigmoid(x)",
}.items():  # fmt: skip
    row(_name, f"F.{_call}", x=real(2, 3))
row("Hardsigmoid", "F.hardsigmoid(x * 3)", x=real(2, 3), tolerance=1e-7)  # PyTorch's 1/6 is of single precision
row("Celu", "F.celu(x, 0.7)", x=real(2, 3), tolerance=1e-7)  # and so is its 1/0.7
row("Gelu", "F.gelu(x, approximate='tanh')", x=real(2, 3))
row("PreluKernel", "F.prelu(x, w)", x=real(2, 3), w=unit(3))
row("RreluWithNoise", "torch.manual_seed(0); F.rrelu(x, training=True)", x=real(2, 3))
row("Glu", "F.glu(x, 1)", x=real(2, 4))
row("Softmax SoftmaxGradient", "torch.softmax(x, 1)", x=real(2, 3))
row("LogSoftmax LogSoftmaxGradient", "torch.log_softmax(x, 1)", x=real(2, 3))
row("ScaledDotProductFlashAttentionForCpu", "F.scaled_dot_product_attention(q, k, v)", q=real(1, 2, 3, 2),
    k=real(1, 2, 4, 2), v=real(1, 2, 4, 2), apart="second: PyTorch has none either; name: by shape")  # fmt: skip
# -- losses -----------------------------------------------------------------------------------------------------------
for _name, _call, _x, _y in (
    ("MseLoss", "mse_loss(x, y{})", real, real), ("SmoothL1Loss", "smooth_l1_loss(x, y{})", real, real),
    ("HuberLoss", "huber_loss(x, y{}, delta=0.5)", real, real), ("SoftMarginLoss", "soft_margin_loss(x, y{})", real, fixed),
    ("BinaryCrossEntropy", "binary_cross_entropy(x, y{})", unit, unit),
    ("BinaryCrossEntropyWithLogits", "binary_cross_entropy_with_logits(x, y{})", real, unit),
):  # fmt: skip
    for _how in ("", ", reduction='sum'", ", reduction='none'"):
        row(_name, "F." + _call.format(_how), x=_x(2, 3), y=_y(2, 3))
row("NllLoss PutAtClass", "F.nll_loss(x, i, w)", x=real(3, 4), i=whole(3), w=fixed(4))
row("NllLoss", "F.nll_loss(x, i, reduction='none')", x=real(3, 4), i=whole(3))
row("NllLoss2D", "F.nll_loss(x, i)", x=real(2, 3, 2, 2), i=whole(2, 2, 2))
row("MultiMarginLoss", "F.multi_margin_loss(x, i)", x=real(3, 4), i=whole(3), apart="second: PyTorch has none")
row(
    "MultilabelMarginLoss",
    "F.multilabel_margin_loss(x, i)",
    x=real(2, 3),
    i=whole(2, 3),
    apart="second: PyTorch has none",
)
row("CtcLoss", "F.ctc_loss(x.log_softmax(2), i, torch.tensor([5, 4]), torch.tensor([2, 1]))", x=real(5, 2, 4),
    i=Sample((2, 2), 1, 4, "int64"), apart="name: a mean comes after; second: PyTorch has none")  # fmt: skip
# -- layers -----------------------------------------------------------------------------------------------------------
row("Convolution ConvolutionWeight TransposedConvolution", "F.conv2d(x, w, b, padding=1)", x=real(1, 2, 3, 3),
    w=real(2, 2, 2, 2), b=real(2))  # fmt: skip
row("Convolution", "F.conv2d(x, w, None, 2, 1, 1, 2)", x=real(1, 2, 4, 4), w=real(2, 1, 3, 3))
row("Convolution", "F.conv1d(x, w, b)", x=real(2, 2, 4), w=real(1, 2, 2), b=real(1))
row("TransposedConvolution", "F.conv_transpose2d(x, w, b, 2, 1)", x=real(1, 2, 2, 2), w=real(2, 1, 3, 3), b=real(1))
row("Dropout", "torch.manual_seed(0); F.dropout(x, 0.4)", x=real(2, 3))
row("Embedding EmbeddingDense", "F.embedding(i, w)", i=whole(2, 2), w=real(3, 2))
row("EmbeddingBag", "F.embedding_bag(i, w, mode='sum')", i=whole(2, 2), w=real(3, 2), apart="second: PyTorch has none")
row("NativeLayerNorm", "F.layer_norm(x, (3,), w, b)", x=real(2, 3), w=real(3), b=real(3))
row("NativeBatchNorm", "F.batch_norm(x, None, None, w, b, True)", x=real(4, 2), w=real(2), b=real(2))
row("NativeBatchNorm", "F.batch_norm(x, None, None, w, b, True)", x=real(2, 2, 2, 2), w=real(2), b=real(2))
row("NativeGroupNorm", "F.group_norm(x, 2, w, b)", x=real(2, 4, 2), w=real(4), b=real(4))
row("ConstantPadNd", "F.pad(x, (1, -1, 0, 2), value=0.5)", x=real(2, 3))
row("BorderPad BorderFold", "F.pad(x, (1, 1), mode='reflect')", x=real(1, 2, 3))
row("BorderPad", "F.pad(x, (1, 1, 2, 0), mode='replicate')", x=real(1, 1, 3, 3))
row("AvgPool2D AvgPoolGradient", "F.avg_pool2d(x, 2, 1)", x=real(1, 2, 3, 3))
row("AvgPool3D", "F.avg_pool3d(x, 2)", x=real(1, 1, 2, 2, 2))
row("AdaptiveAvgPool2D AdaptiveAvgPoolGradient", "F.adaptive_avg_pool2d(x, 2)", x=real(1, 2, 3, 3))
row("AdaptiveAvgPool3D", "F.adaptive_avg_pool3d(x, 2)", x=real(1, 1, 3, 2, 2))
row("MaxPool2DWithIndices MaxPoolGradient", "F.max_pool2d(x, 2, 1)", x=real(1, 2, 3, 3))
row("MaxPool3DWithIndices", "F.max_pool3d(x, 2)", x=real(1, 1, 2, 2, 2))
row("AdaptiveMaxPool2D PutIntoPlane", "F.adaptive_max_pool2d(x, 2)", x=real(1, 2, 3, 3))
row("AdaptiveMaxPool3D", "F.adaptive_max_pool3d(x, 2)", x=real(1, 1, 3, 2, 2), apart="second: slow")
row("FractionalMaxPool2D", "torch.manual_seed(0); F.fractional_max_pool2d(x, 2, output_size=2)", x=real(1, 1, 4, 4),
    apart="second: PyTorch has none")  # fmt: skip
row("FractionalMaxPool3D", "torch.manual_seed(0); F.fractional_max_pool3d(x, 2, output_size=2)", x=real(1, 1, 4, 4, 4),
    apart="second: PyTorch has none")  # fmt: skip
row("MaxUnpool2D", "F.max_unpool2d(x, i, 2)", x=real(1, 1, 1, 2), i=Sample((1, 1, 1, 2), 0, 7, "int64"),
    apart="name: PyTorch's ends in a gather")  # fmt: skip
row("MaxUnpool3D", "F.max_unpool3d(x, i, 2)", x=real(1, 1, 1, 1, 2), i=Sample((1, 1, 1, 1, 2), 0, 15, "int64"))
row("PixelShuffle", "F.pixel_shuffle(x, 2)", x=real(1, 4, 2, 2))
row("PixelUnshuffle", "F.pixel_unshuffle(x, 2)", x=real(1, 1, 4, 2))
row("ChannelShuffle", "F.channel_shuffle(x, 2)", x=real(1, 4, 2, 1))
row("Im2Col Col2Im", "F.unfold(x, 2, padding=1)", x=real(1, 2, 2, 3))
row("Col2Im Im2Col", "F.fold(x, (3, 3), 2)", x=real(1, 4, 4))
for _mode, _axes in (("nearest", (2, 3)), ("bilinear", (2, 3)), ("bicubic", (2, 3)), ("linear", (3,))):
    row("Upsample", f"F.interpolate(x, scale_factor=2, mode={_mode!r})", x=real(1, 1, *_axes))
row("AffineGridGenerator", "F.affine_grid(x, (1, 1, 2, 2), align_corners=False)", x=real(1, 2, 3))
row("GridSampler2D", "F.grid_sample(x, g, align_corners=False)", x=real(1, 1, 3, 3), g=between(-0.9, 0.9, 1, 2, 2, 2),
    apart="second: PyTorch has none")  # fmt: skip
row("GridSampler3D", "F.grid_sample(x, g, align_corners=False)", x=real(1, 1, 2, 2, 2),
    g=between(-0.9, 0.9, 1, 1, 2, 2, 3), apart="second: PyTorch has none")  # fmt: skip
row("MkldnnRnnLayer", "net = torch.nn.LSTM(2, 2).double(); [p.data.copy_(torch.arange(p.numel()).reshape(p.shape) / 9) for p "
    "in net.parameters()]; net(x)[0]", x=real(3, 1, 2), apart="second: PyTorch has none; name: float64 takes another way")  # fmt: skip
# -- random: the same seed gives PyTorch's numbers, and no gradient comes through --------------------------------------
for _name, _call in {
    "Uniform": "uniform_(-1, 2)", "Normal": "normal_(1, 2)", "Bernoulli": "bernoulli_(0.3)", "Random": "random_(0, 9)",
    "Exponential": "exponential_(2)", "Geometric": "geometric_(0.4)", "LogNormal": "log_normal_(0, 0.5)",
    "Cauchy": "cauchy_()",
}.items():  # fmt: skip
    row(_name, f"torch.manual_seed(0); x.clone().{_call}", x=real(2, 3))
row("BernoulliOf", "torch.manual_seed(0); torch.bernoulli(x)", x=unit(2, 3))
row("FillBernoulli", "torch.manual_seed(0); x.clone().bernoulli_(y)", x=unit(2, 3), y=unit(2, 3))
row("NormalAround", "torch.manual_seed(0); torch.normal(x, y)", x=real(2, 3), y=positive(2, 3),
    apart="first: PyTorch sends zeros, though the numbers do move with x")  # fmt: skip
row("Poisson", "torch.manual_seed(0); torch.poisson(x)", x=positive(2, 3))
row(
    "Binomial",
    "torch.manual_seed(0); torch.binomial(torch.full((2, 3), 5.0, dtype=x.dtype), x)",
    x=Sample((2, 3), 0.1, 0.9, gradient=False),
)
row("Multinomial", "torch.manual_seed(0); torch.multinomial(x, 2)", x=unit(2, 3), apart="first: whole numbers")

# Classes that no call can reach here, and why.
NO_ROW = {
    "Op": "the base of all",
    "Reduction": "a base: Sum is the first of its kind",
    "ElementLoss": "a base: MseLoss is the first of its kind",
    "Drawn": "a base: Uniform is the first of its kind",
    "Bitwise": "a base: BitwiseAnd is the first of its kind",
    "PickClass": "the second gradient of PutAtClass, which only a third backward pass would run",
    "TakeFromPlane": "the second gradient of PutIntoPlane, likewise",
    "SparseOp": "a base: SparseCooTensor is the first of its kind",
    **dict.fromkeys(
        "SparseCooTensor Values LookUp Coalesce ToDense ToSparse SparseConvert SparseMask SparseTranspose SparseAdd "
        "SparseSum SparseTotal SparseMm SparseAddmm SparseSparseMatmul SparseSoftmax SparseLogSoftmax".split(),
        "values and gradients in tests/functions/test_sparse.py",
    ),
    **dict.fromkeys("StandardGamma Dirichlet".split(), "draws and gradients in tests/distributions/test_golden.py"),
    "ToDevice": "needs a second device; its gradient is in tests/test_cuda.py",
    **dict.fromkeys(
        "Sgn Sinc Heaviside Ldexp CommonDivisor Nextafter Frexp Lgamma Digamma Polygamma SpecialZeta Erfinv "
        "SpecialErfcx SpecialNdtr SpecialLogNdtr SpecialNdtri SpecialEntr SpecialXlog1Py "
        "I0 SpecialI1 SpecialI0E SpecialI1E Bessel Igamma Igammac LogGamma SpecialAiryAi".split(),
        "values and gradients in tests/functions/test_special.py",
    ),
    "AsStridedReplaced": "values and PyTorch's gradients in tests/functions/test_placing.py",
    "AsStridedKept": "a part of AsStridedReplaced's gradient",
    **dict.fromkeys("Geqrf LdlFactor LdlSolve".split(), "without gradient: tests/functions/test_factorizations.py"),
    **dict.fromkeys("FftC2C FftR2C FftC2R Widen".split(), "values and gradients in tests/functions/test_fft.py"),
}
