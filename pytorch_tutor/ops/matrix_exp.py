"""The exponential of a matrix: a polynomial as short as the matrix allows, then squared as often as was halved before.

Source of the method: P. Bader, S. Blanes, F. Casas, "Computing the matrix exponential with an optimized Taylor
polynomial approximation" (2019), which is also where the coefficients come from. They are chosen so that a polynomial of
degree 18 takes five products of matrices, where Horner's scheme would take seventeen.
"""

from __future__ import annotations

import math
from typing import Any

from .base import Op
from .triangular import batch, identity, transposed

# Up to which 1-norm a polynomial of each degree is exact to the last digit of the type.
DEGREES = (1, 2, 4, 8, 12, 18)
LIMITS = {
    "f4": (1.192092800768788e-07, 5.978858893805233e-04, 5.116619363445086e-02, 5.800524627688768e-01,
           1.461661507209034e00, 3.010066362817634e00),
    "f8": (2.220446049250313e-16, 2.580956802971767e-08, 3.397168839976962e-04, 4.991228871115323e-02,
           2.996158913811580e-01, 1.090863719290036e00),
}  # fmt: skip
# Row i holds the coefficients of 1, A, A², A³ (and A⁶) in the i-th of the sums that are multiplied.
TWELVE = (
    (9.0198e-16, 0.46932117595418237389, -0.20099424927047284052, -0.04623946134063071740),
    (5.31597895759871264183, 1.19926790417132231573, 0.01179296240992997031, 0.01108844528519167989),
    (0.18188869982170434744, 0.05502798439925399070, 0.09351590770535414968, 0.00610700528898058230),
    (-2.0861320e-13, -0.13181061013830184015, -0.02027855540589259079, -0.00675951846863086359),
)
EIGHTEEN = (
    (0.0, -1.00365581030144618291e-01, -8.02924648241156932449e-03, -8.92138498045729985177e-04, 0.0),
    (0.0, 3.97849749499645077844e-01, 1.36783778460411720168e00, 4.98289622525382669416e-01,
     -6.37898194594723280150e-04),
    (-1.09676396052962061844e01, 1.68015813878906206114e00, 5.71779846478865511061e-02, -6.98210122488052056106e-03,
     3.34975017086070470649e-05),
    (-9.04316832390810593223e-02, -6.76404519071381882256e-02, 6.75961301770459654925e-02, 2.95552570429315521194e-02,
     -1.39180257516060693404e-05),
    (0.0, 0.0, -9.23364619367118555360e-02, -1.69364939002081722752e-02, -1.40086798182036094347e-05),
)  # fmt: skip


def combine(coefficients: tuple[float, ...], powers: list[Any]) -> Any:
    """A sum of matrices with the given weights."""
    total = powers[0] * coefficients[0]
    for c, power in zip(coefficients[1:], powers[1:], strict=True):
        total = total + c * power
    return total


def taylor(one: Any, a: Any, degree: int) -> Any:
    """The sum of A^k / k! up to a degree, by as few products as can be."""
    if degree == 1:
        return one + a
    a2 = a @ a
    if degree == 2:
        return one + a + a2 / 2
    if degree == 4:
        return one + a + a2 @ (one / 2 + a / 6 + a2 / 24)
    if degree == 8:
        root, x3 = math.sqrt(177), 2 / 3
        a4 = a2 @ (x3 * (1 + root) / 88 * a + x3 * (1 + root) / 352 * a2)
        inner = ((29 * root - 271) / 315, 11 * (root - 1) / 1260, 11 * (root - 9) / 5040, (89 - root) / 5040)
        a8 = (x3 * a2 + a4) @ combine(tuple(c / x3 for c in inner), [one, a, a2, a4])
        return one + a + (857 - 58 * root) / 630 * a2 + a8
    a3 = a @ a2
    if degree == 12:
        b = [combine(row, [one, a, a2, a3]) for row in TWELVE]
        a6 = b[2] + b[3] @ b[3]
        return b[0] + (b[1] + a6) @ a6
    b = [combine(row, [one, a, a2, a3, a3 @ a3]) for row in EIGHTEEN]
    a9 = b[0] @ b[4] + b[3]
    return b[1] + (b[2] + a9) @ a9


def exponential(xp: Any, x: Any) -> Any:
    """The exponential of each matrix of a batch, those of like size together."""
    many = batch(x)
    found = xp.zeros_like(many)
    limits = LIMITS["f8" if x.dtype.name in ("float64", "complex128") else "f4"]
    norms = abs(many).sum(-2).max(-1, initial=0)
    for i, degree in enumerate(DEGREES):
        above = norms > limits[i - 1] if i else xp.ones(norms.shape, bool)
        chosen = above & (norms <= limits[i]) if i < len(DEGREES) - 1 else above | xp.isnan(norms)
        if not chosen.any():
            continue
        part = many[chosen]
        one = identity(part)
        if i < len(DEGREES) - 1:
            found[chosen] = taylor(one, part, degree)
            continue
        with xp.errstate(all="ignore"):
            halvings = xp.ceil(xp.log2(norms[chosen] / limits[i]))
        halvings = xp.where(xp.isfinite(halvings), xp.maximum(halvings, 0), 0).astype(int)
        result = taylor(one, part / (2.0**halvings)[:, None, None].astype(part.real.dtype), degree)
        for step in range(int(halvings.max())):
            more = halvings > step
            result[more] = result[more] @ result[more]
        found[chosen] = result
    return found.reshape(x.shape)


class MatrixExp(Op):
    """The exponential of a square matrix. Its gradient is a block of the exponential of a matrix twice as large."""

    formula = r"Y = e^{X} = \sum_k X^k / k!"
    gradient = {"x": r"\bar X = \left[\exp \begin{pmatrix} X^{H} & \bar Y \\ 0 & X^{H} \end{pmatrix}\right]_{12}"}
    keeps = ("x",)
    node_name = "LinalgMatrixExpBackward0"
    public = "linalg.matrix_exp"

    def forward(ctx, x: Any) -> Any:
        if not x.size:
            return x.copy()
        half = x.dtype.name == "float16"
        done = exponential(ctx.xp, x.astype("f4") if half else x)
        return done.astype("f2") if half else done

    def backward(ctx, grad: Any) -> Any:
        xp, n = ctx.xp, ctx.x.shape[-1]
        xh = transposed(ctx, ctx.x)
        top = xp.concatenate([xh, grad], axis=-1)
        bottom = xp.concatenate([xh * 0, xh], axis=-1)
        return ctx.call(MatrixExp, xp.concatenate([top, bottom], axis=-2))[..., :n, n:]
