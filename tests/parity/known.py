"""What does not answer as PyTorch does, and why: the one list behind the tests of parity and docs/parity.md.

An entry without a tolerance that no longer differs fails its test, and so leaves the list. Rounding depends on the
processor: an entry with a tolerance must answer as PyTorch does within it.
"""

from typing import NamedTuple


class Reason(NamedTuple):
    """Why operations differ, in both languages of the documentation; by how much, where it is a matter of rounding."""

    en: str
    zh: str
    operations: tuple[str, ...]
    tolerance: float | None = None


class Measured(NamedTuple):
    """One line of the measurement against PyTorch."""

    en: str
    zh: str
    asked: str
    passed: str


REASONS = (
    Reason(
        "In `float16` and `bfloat16` PyTorch rounds some intermediate results; here the whole is computed in `float32` "
        "and rounded once. The last digits differ.",
        "在 `float16` 与 `bfloat16` 下,PyTorch 会对某些中间结果舍入;这里全部用 `float32` 计算,最后只舍入一次。末位不同。",
        (
            "logit",
            "native_batch_norm",
            "nn.functional.batch_norm",
            "nn.functional.bilinear",
            "nn.functional.conv_transpose1d",
            "nn.functional.conv_transpose2d",
            "nn.functional.conv_transpose3d",
            "nn.functional.grid_sample",
            "nn.functional.instance_norm",
            "nn.functional.interpolate/bicubic",
            "nn.functional.interpolate/bilinear",
            "nn.functional.upsample_bilinear",
            "special.ndtr",
        ),
        tolerance=3e-2,
    ),
    Reason(
        "In `float16` PyTorch's intermediate powers overflow to nan; here the result is finite. In `float32` the order of "
        "the products differs: last digits.",
        "在 `float16` 下,PyTorch 的中间乘幂溢出为 nan,这里得到有限的结果。在 `float32` 下乘积的次序不同,末位不同。",
        ("matrix_exp",),
    ),
    Reason(
        "Close to the poles PyTorch's `float32` trigamma is off by 2e-5; here it is computed in `float64` and rounded.",
        "在极点附近,PyTorch 的 `float32` trigamma 误差约 2e-5;这里用 `float64` 计算后再舍入。",
        tuple(f"polygamma/polygamma_n_{n}" for n in range(5)),
        tolerance=3e-5,
    ),
    Reason(
        "Sums of large terms that cancel, in another order: last digits.",
        "互相抵消的大数之和,相加次序不同:末位不同。",
        ("nn.functional.conv2d", "special.hermite_polynomial_he"),
        tolerance=2e-5,
    ),
    Reason(
        "There is no `complex32`: NumPy has no such type.",
        "没有 `complex32`:NumPy 没有这种类型。",
        ("chalf",),
    ),
)

MEASURED: tuple[Measured, ...] = ()

# operation -> the reason's place in the list
KNOWN = {operation: number for number, reason in enumerate(REASONS) for operation in reason.operations}
