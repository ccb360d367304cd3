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
        "在 `float16` 与 `bfloat16` 下，PyTorch 会对某些中间结果舍入；这里全部用 `float32` 计算，最后只舍入一次。末位不同。",
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
        "在 `float16` 下，PyTorch 的中间乘幂溢出为 nan，这里得到有限的结果。在 `float32` 下乘积的次序不同，末位不同。",
        ("matrix_exp",),
    ),
    Reason(
        "Close to the poles PyTorch's `float32` trigamma is off by 2e-5; here it is computed in `float64` and rounded.",
        "在极点附近，PyTorch 的 `float32` trigamma 误差约 2e-5；这里用 `float64` 计算后再舍入。",
        tuple(f"polygamma/polygamma_n_{n}" for n in range(5)),
        tolerance=3e-5,
    ),
    Reason(
        "Sums of large terms that cancel, in another order: last digits.",
        "互相抵消的大数之和，相加次序不同：末位不同。",
        ("nn.functional.conv2d", "special.hermite_polynomial_he"),
        tolerance=2e-5,
    ),
    Reason(
        "There is no `complex32`: NumPy has no such type.",
        "没有 `complex32`：NumPy 没有这种类型。",
        ("chalf",),
    ),
)

# By a harness beside the project that asks real PyTorch 2.13 and the engine the same, 21 November 2026.
MEASURED = (
    Measured("operations: PyTorch's samples", "运算：PyTorch 的样例", "17,727", "17,530 (98.9 %)"),
    Measured("operations with a public name, in full", "公开名称的运算，全部通过", "592", "590 (99.7 %)"),
    Measured("modules", "模块", "1,022", "1,022"),
    Measured("optimizers and schedulers", "优化器与学习率调度", "479", "475 (99.2 %)"),
    Measured("random numbers", "随机数", "138", "136 (98.6 %)"),
    Measured("printing", "打印", "297", "297"),
    Measured("error sentences", "错误语句", "140", "140"),
)


class Difference(NamedTuple):
    """Something that a program may notice, beside the operations' samples."""

    en: str
    zh: str


DIFFERENCES = (
    Difference(
        "`optim.LBFGS` on a small tanh network: after 7 steps of 20 iterations the weights differ by 4e-6. PyTorch differs from "
        "itself by 2e-6 there, when one number of the start is changed in its sixteenth digit, and by 2e-2 two steps later: the "
        "path magnifies every rounding. The first difference is one of 1e-16, in the second evaluation, and PyTorch's own "
        "lbfgs.py on the engine's tensors drifts as far. Four samples of the 479 fail for this.",
        "小型 tanh 网络上的 `optim.LBFGS`：每步 20 次迭代，7 步之后权重相差 4e-6。"
        "起点的一个数在第十六位改动一下，PyTorch 与自身此时也相差 2e-6，"
        "再过两步相差 2e-2：这条轨迹会放大每一次舍入。最初的差别出现在第二次求值，为 1e-16；"
        "把 PyTorch 自己的 lbfgs.py 用在本引擎的张量上，偏离同样大。479 个样例中有四个因此不同。",
    ),
    Difference(
        "`nn.init.orthogonal_` and `gumbel_softmax` differ in the last digit: LAPACK's QR, and logarithms, are not the same.",
        "`nn.init.orthogonal_` 与 `gumbel_softmax` 末位不同：所用的 LAPACK QR 分解与对数函数不同。",
    ),
    Difference(
        "Sums of 32,768 and more elements (but not over the rows of up to 64 columns), softmax, variances, `exp`, `tanh`, and "
        "in Adam square roots, may differ in the last digit; training a Transformer or a GAN then drifts apart by about 1e-7 to "
        "1e-3 in a few dozen steps. The steps of SGD are PyTorch's to the last bit.",
        "32768 个以上元素的求和（不超过 64 列时按行求和除外）、softmax、方差、`exp`、`tanh` 以及 Adam 中的平方根可能末位不同；"
        "训练 Transformer 或 GAN 几十步后会有约 1e-7 到 1e-3 的偏离。SGD 的每一步与 PyTorch 逐位相同。",
    ),
    Difference(
        "The names of some nodes: `quantile`, `nanquantile`, `trapezoid`, `stft`, `combinations`, `slice_scatter`, "
        "`select_scatter`, `diagonal_scatter`, the real part of a complex tensor. Functions that PyTorch computes in one step "
        "may be several here, of which the last bears PyTorch's name: `std_mean`, `mode`, `renorm`, `weight_norm`.",
        "某些节点的名称：`quantile`、`nanquantile`、`trapezoid`、`stft`、`combinations`、`slice_scatter`、`select_scatter`、"
        "`diagonal_scatter`，以及复数张量的实部。PyTorch 一步完成的函数这里可能分成几步，由最后一步使用 PyTorch 的名称："
        "`std_mean`、`mode`、`renorm`、`weight_norm`。",
    ),
    Difference(
        "`torch.vmap` calls the function once for each example: the same results, without the speed. Randomness, nesting and "
        "`chunk_size` are as in PyTorch.",
        "`torch.vmap` 对每个样例各调用一次函数：结果相同，但不更快。随机性、嵌套与 `chunk_size` 同 PyTorch。",
    ),
    Difference(
        "`torch.compile` and `torch.jit` run the Python code as it stands. `torch.jit.save` stores a module by its class's name "
        "and its tensors, a function by its name: the program that loads it has the class, or has scripted the function.",
        "`torch.compile` 与 `torch.jit` 直接运行 Python 代码。`torch.jit.save` 只存模块的类名与张量，函数只存名称："
        "读取文件的程序须已有该类，或已对该函数调用过 `torch.jit.script`。",
    ),
    Difference(
        "Sparse tensors: COO, and the basics of CSR; no CSC, BSR or `hspmm`.",
        "稀疏张量：COO 以及 CSR 的基本功能；没有 CSC、BSR 与 `hspmm`。",
    ),
    Difference(
        "LU, LDL and Householder products are loops over NumPy, 20 to 40 times slower than LAPACK at n = 300.",
        "LU、LDL 与 Householder 乘积是 NumPy 循环，n = 300 时比 LAPACK 慢 20 到 40 倍。",
    ),
    Difference(
        "`torch.save` stores an instance of a subclass of `Tensor` as a plain tensor, and `__torch_dispatch__` is not asked.",
        "`torch.save` 把 `Tensor` 子类的实例存为普通张量；不调用 `__torch_dispatch__`。",
    ),
    Difference(
        "`torch.profiler` lists the engine's own operations; composed ones such as `aten::linear` do not appear.",
        "`torch.profiler` 列出引擎自己的运算；`aten::linear` 之类的组合运算不会出现。",
    ),
)

# operation -> the reason's place in the list
KNOWN = {operation: number for number, reason in enumerate(REASONS) for operation in reason.operations}
