"""Writes docs/operations.md and its Chinese twin: every operation's formula and gradient. Run: python -m tests.ops.page

The formulas are those of the classes in `pytorch_tutor.ops`, the calls those of the table of samples.
"""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

from pytorch_tutor.ops.base import Op
from tests.ops.table import R

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = {"en": "operations.md", "zh": "operations.zh.md"}

# The files of pytorch_tutor/ops from simple to complex, and what each is about, in Chinese; the English sentence is
# the first one of the file itself.
FILES = {
    "arithmetic": "两个张量的逐元素运算：先读 Add，再读 Mul。",
    "unary": "一个张量的逐元素函数：先读 Exp。",
    "clamp": "把数值限制在一个范围内：先读 Clamp；其余几个的界限是张量。",
    "comparison": "比较与逻辑：结果只有真和假，梯度不会从中通过。",
    "reduction": "归约：许多元素变成少数几个，梯度再散回到所有参与者。",
    "shape": "形状：同样的元素，换一种看法或排法；梯度再排回去。",
    "strided": "用尺寸和步长看内存：最一般的视图。",
    "indexing": "索引：取出元素，并把梯度放回同样的位置。",
    "slices": "沿一个维度按下标整片写入、按展平后的位置取元素、矩阵的迹。",
    "matrix": "矩阵乘积：先读 Mm，其余是同一条规则配上别的形状。",
    "weighted": "乘积加到别的量上：β B + α X Y，各种形状。先读 matrix.py 里的 Addmm。",
    "activation": "激活函数：线性层之间的弯折。先读 Relu，再读 LeakyRelu，然后是光滑的那些。",
    "loss": "在 PyTorch 中作为一个运算的损失：预测离目标有多远。先读 MseLoss。",
    "ctc": "连接时序分类：一个标签序列的概率，对它在时间上的所有拉伸求和。",
    "normalization": "归一化：平移并缩放，使一组数的均值为 0、方差为 1。先读 NativeLayerNorm。",
    "conv": "卷积与转置卷积：互为对方的梯度，因此两个类加上权重的一个类就说完了。",
    "pooling": "池化：窗口缩成它的最大值或平均值。先读 AvgPool2D。",
    "padding": "填充：用常数，或用图像自身镜像、重复的值围上一圈。",
    "vision": "重排和重采样图像：像素重组、展开、插值。",
    "grid_sample": "在网格给出的位置上，于像素之间读取图像（空间变换网络）。",
    "embedding": "查表取行：查找的梯度就是加到被查到的行上。",
    "recurrent": "整个 LSTM 层作为一个运算：前向走完所有时间步，反向再沿时间走回去。",
    "attention": "缩放点积注意力作为一个运算：查询与键的相似度、softmax、值的混合。",
    "dropout": "Dropout 抽取一个掩码；乘上它就是全部，所以它的节点是一个乘法。",
    "random": "作为运算的随机数：结果重新抽取，不依赖输入，因此梯度为 0。",
    "reparameterized": "Gamma 与 Dirichlet 随机数：虽然由试探得到，仍对参数有梯度。",
    "complex": "复数：共轭、实部与虚部，以及由它们合成。",
    "number": "看数的内部：符号、二进制位、公约数。",
    "special": "特殊函数：先读 Digamma，它是 Lgamma 的导数。",
    "incomplete": "不完全伽马函数：Γ 的积分在一个界限之下和之上的份额；以及艾里函数。",
    "distance": "行与行之间的距离，以及差的范数。",
    "linalg": "线性代数：逆、行列式、方程组、向量积。先读 Inverse。",
    "cholesky": "Cholesky：正定矩阵的三角根，以及用它求解。",
    "triangular": "三角矩阵的方程组：逐个代入求解。先读 `substitute`。",
    "lu": "留作后用的高斯消元：A = P L U，交换行使每个主元尽可能大。",
    "ldl": "不必正定的对称矩阵：A = L D Lᵀ，D 由一行或两行的小块组成。",
    "householder": "反射：Householder 矩阵 H = I - τ v vᴴ，以及它们连成的因子 Q。先读 reflect。",
    "spectral": "特征值与奇异值，连同它们的向量。先读 Eigh，其余是变体。",
    "lobpcg": "只求几个最大或最小的特征值，从猜测的向量出发迭代。",
    "least_squares": "没有逆的矩阵：伪逆，以及方程太多或太少的方程组。",
    "matrix_exp": "矩阵的指数：一个尽可能短的多项式，先减半几次，再平方几次。",
    "fft": "傅里叶变换：波的和，因此它的梯度就是波反向行进的变换。",
    "sparse": "稀疏数组上的运算：位置和数值。梯度流向数值，位置不动。",
}

TEXT = {
    "en": """# The operations

**[中文](operations.zh.md)**

Every operation of the engine, with its formula and its gradient, from simple to complex: a table of derivatives, and an
index to the classes in `pytorch_tutor/ops`. A bar marks a gradient: $`\\bar x`$ is the derivative of the loss by $`x`$; what
comes back from later operations is the gradient of the result, and each rule says what is sent on to the inputs. $`[c]`$
is 1 where $`c`$ holds and 0 elsewhere. The class named `Exp` makes the node `ExpBackward0`. This page is written by
`python -m tests.ops.page` from the classes themselves, and a test fails when it is out of date.
""",
    "zh": """# 运算一览

**[English](operations.md)**

引擎的每一个运算，连同公式和梯度，由简到繁：既是一张导数表，也是 `pytorch_tutor/ops` 中各个类的索引。横线表示梯度：
$`\\bar x`$ 是损失对 $`x`$ 的导数；从后面的运算传回来的是结果的梯度，每条规则说明向各个输入传出什么。$`[c]`$ 在 $`c`$ 成立处为
1，其余为 0。名为 `Exp` 的类生成节点 `ExpBackward0`。本页由 `python -m tests.ops.page` 根据这些类写成，过期时测试会失败。
""",
}
OPERATOR = r"\\mathop{\\mathrm{\1}}"
HEADS = {"en": ("Class", "For example", "Formula", "Gradient"), "zh": ("类", "例如", "公式", "梯度")}


def operations(file: str) -> Iterator[type[Op]]:
    """The operations of a file in the order in which they are written: those with a formula of their own."""
    module = importlib.import_module(f"pytorch_tutor.ops.{file}")
    for value in vars(module).values():
        if isinstance(value, type) and issubclass(value, Op) and value.__module__ == module.__name__ and value.formula:
            yield value


def examples() -> dict[str, str]:
    """For each class, the shortest call in the table of samples that runs it."""
    calls: dict[str, list[str]] = {}
    for row in R:
        calls.setdefault(row.ops.split()[0], []).append(row.call.removeprefix("torch.manual_seed(0); "))
    return {name: min(those, key=len) for name, those in calls.items()}


def math(formula: str) -> str:
    """A formula as Markdown that a table can hold, where a bar would end the cell, with macros that GitHub allows."""
    bars = formula.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return f"$`{re.sub(r'.operatorname{(.*?)}', OPERATOR, bars)}`$"


def line(operation: type[Op], example: str) -> str:
    """One row of a table."""
    rules = "<br>".join(math(rule) for rule in operation.gradient.values() if rule)
    call = f"`{example}`" if example and "|" not in example else ""
    return f"| `{operation.__name__}` | {call} | {math(operation.formula)} | {rules or '–'} |"


def page(lang: str) -> str:
    """The whole page."""
    calls = examples()
    parts = [TEXT[lang]]
    for file, chinese in FILES.items():
        path = f"pytorch_tutor/ops/{file}.py"
        module = importlib.import_module(f"pytorch_tutor.ops.{file}")
        english = (module.__doc__ or "").split("\n")[0].replace("``", "`")
        parts.append(f"## [{file}.py](../{path})\n\n{chinese if lang == 'zh' else english}\n")
        rows = [line(operation, calls.get(operation.__name__, "")) for operation in operations(file)]
        parts.append("\n".join([f"| {' | '.join(HEADS[lang])} |", "| -- | -- | -- | -- |", *rows]) + "\n")
    return "\n".join(parts)


def main() -> None:
    """Write both pages."""
    for lang, name in PAGES.items():
        (DOCS / name).write_text(page(lang), encoding="utf-8")


if __name__ == "__main__":
    main()
