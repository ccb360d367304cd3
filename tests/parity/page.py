"""Writes docs/parity.md and docs/parity.zh.md from the lists that the tests use. Run: python -m tests.parity.page"""

from collections.abc import Iterable
from pathlib import Path

from pytorch_tutor import absent
from tests.parity.known import DIFFERENCES, MEASURED, REASONS

DOCS = Path(__file__).parents[2] / "docs"

# The reasons of the table `absent`, and what to use instead where that is not just a name.
ZH = {
    "programs are not turned into graphs to run elsewhere": "程序不会被转换成可在别处运行的图",
    "torch.save(model.state_dict(), path), then real PyTorch": "`torch.save(model.state_dict(), path)`，再用真正的 PyTorch",
    "there is no symbolic tracing": "没有符号追踪",
    "pytorch_tutor_widgets shows the graph that a run has made": "pytorch_tutor_widgets 显示一次运行所生成的图",
    "there is no compiler below this engine: every operation runs at once": "引擎之下没有编译器：每个运算立即执行",
    "there is no ahead-of-time autograd": "没有提前编译的自动求导",
    "no C++ or CUDA code is compiled": "不编译 C++ 或 CUDA 代码",
    "torch.autograd.Function, or torch.library.custom_op, in Python": "用 Python 写 `autograd.Function` 或 `library.custom_op`",
    "the prototype of custom operations": "自定义运算的原型接口",
    "there are no quantised tensors": "没有量化张量",
    "tensor.to(torch.bfloat16), or torch.autocast": "`tensor.to(torch.bfloat16)` 或 `torch.autocast`",
    "there are no nested tensors": "没有嵌套张量",
    "torch.nn.utils.rnn.pad_sequence and a mask": "`torch.nn.utils.rnn.pad_sequence` 加掩码",
    "there are no masked tensors": "没有掩码张量",
    "torch.where, masked_fill, masked_select": "`torch.where`、`masked_fill`、`masked_select`",
    "training runs in one process": "训练在一个进程中进行",
    "there is no asynchronous engine": "没有异步引擎",
    "there are no counters of the C++ engine": "没有 C++ 引擎的计数器",
    "operations are not counted here": "这里不统计运算次数",
    "there is no such report": "没有这种报告",
    "DLPack's capsules are not made": "不生成 DLPack 胶囊",
    "tensor.numpy() and torch.from_numpy(array)": "`tensor.numpy()` 与 `torch.from_numpy(array)`",
    "functions cannot be replaced from outside": "不能从外部替换函数",
    "a subclass of torch.Tensor, or torch.library": "`torch.Tensor` 的子类，或 `torch.library`",
    "detection and segmentation models are not here": "没有检测与分割模型",
    "torchvision.models.resnet50() as a backbone": "以 `torchvision.models.resnet50()` 作主干网络",
    "there is no video and no optical flow": "没有视频与光流",
    "torchvision.datasets and torchvision.models for pictures": "图片用的 `torchvision.datasets` 与 `torchvision.models`",
}

# Entries of PyTorch's database of samples that are not asked, since no program calls them by a public name.
PRIVATE = """_native_batch_norm_legit _batch_norm_with_update _upsample_bilinear2d_aa max_pool2d_with_indices_backward
torch.ops.aten._safe_softmax.default _unsafe_masked_index _unsafe_masked_index_put_accumulate _chunk_cat""".split()

TEXT = {
    "en": """# How far this is PyTorch

**[中文](parity.zh.md)**

The engine is held against PyTorch 2.13 on a CPU, and this page says where the two differ and why. It is written by
`python -m tests.parity.page` from the lists that the tests use, and a test fails when it is out of date.

## How it is held

- `tests/parity` replays PyTorch's own samples of every public operation (as a function, as a method, in place, backwards,
  and with wrong input) against PyTorch's recorded answers: values, dtype, shape, error class and sentence. It needs no
  PyTorch. Where PyTorch is installed, the same samples are also asked of it afresh.
- `tests/golden` holds PyTorch's recorded answers for modules, losses, optimizers, schedulers, random numbers, printing,
  error sentences, dtypes, checkpoints, and whole programs.

## Measured

{measured}

## Operations that answer otherwise

{operations}

PyTorch's database of samples also asks for names that are no public interface, steps of its own compiler and kernels;
they are not here: {private}.

## Other differences

{differences}

## Random numbers

The same seed gives PyTorch's numbers. Where PyTorch's own numbers depend on the processor, so do the last digits here:
`randn` of 16 and more float32 elements is computed in PyTorch by vector instructions, and two processors differ by up to
2e-6. Here such numbers agree with PyTorch as closely as PyTorch agrees with itself. On processors where PyTorch
draws `bernoulli_` and `exponential_` by a vendor's library, its numbers are other ones; here they are those of the others.

## What has no place here

Each of these names raises an error that says so and names the nearest thing.

{absent}
""",
    "zh": """# 与 PyTorch 相同到什么程度

**[English](parity.md)**

引擎以 CPU 上的 PyTorch 2.13 为准。本页说明两者在哪里不同，以及为什么。它由 `python -m tests.parity.page`
根据测试所用的清单写成；一旦过时，就有测试失败。

## 如何保证

- `tests/parity` 用 PyTorch 自己给每个公开运算准备的样例（函数、方法、原地、反向、错误输入）与记录下来的 PyTorch 的回答逐一比较：
  数值、dtype、形状、异常的类和语句。这不需要安装 PyTorch；装了 PyTorch 时，还会当场再问它一遍。
- `tests/golden` 保存着 PyTorch 对模块、损失、优化器、学习率调度、随机数、打印、错误语句、dtype、检查点以及完整程序的回答。

## 测得的结果

{measured}

## 回答不同的运算

{operations}

PyTorch 的样例库还会用到一些并非公开接口的名称（它的编译器与内核的中间步骤）；这里没有它们：{private}。

## 其他不同

{differences}

## 随机数

同一个种子给出 PyTorch 的随机数。PyTorch 自己的数值随处理器而变的地方，这里的末位也会不同：元素不少于 16 个的
float32 `randn` 在 PyTorch 中用向量指令计算，两种处理器之间最多相差 2e-6；这里与 PyTorch 的接近程度，与 PyTorch
同它自己的接近程度相同。在某些处理器上 PyTorch 用厂商的库抽取
`bernoulli_` 与 `exponential_`，数值会不同；这里给出的是其余处理器上的数值。

## 这里不收的部分

下面每个名称都会引发一个错误，说明原因，并指出最接近的替代。

{absent}
""",
}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["--"] * len(head), *map(list, rows)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def names(found: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in found)


def operations(lang: str) -> str:
    """The operations that differ, by reason."""
    if not REASONS:
        return {"en": "None that the samples show.", "zh": "样例中没有发现。"}[lang]
    head = {"en": ("Operations", "What differs, and why"), "zh": ("运算", "有何不同，为什么")}[lang]
    return table(head, ((names(r.operations), r.en if lang == "en" else r.zh) for r in REASONS))


def without_place(lang: str) -> str:
    """The names of the table `absent`, grouped by reason."""
    groups: dict[absent.Absent, list[str]] = {}
    for space, held in (("torch", absent.TORCH), ("torchvision", absent.TORCHVISION)):
        for name, entry in held.items():
            groups.setdefault(entry, []).append(f"{space}.{name}")
    head = {"en": ("Names", "Why", "Instead"), "zh": ("名称", "原因", "替代")}[lang]
    return table(
        head,
        (
            (names(found), e.reason if lang == "en" else ZH[e.reason], instead(e.instead, lang))
            for e, found in groups.items()
        ),
    )


def differences(lang: str) -> str:
    return "\n".join(f"- {d.en if lang == 'en' else d.zh}" for d in DIFFERENCES)


def instead(text: str, lang: str) -> str:
    """What to use instead: a name as code, a sentence in the page's language."""
    if " " not in text.removesuffix(")"):
        return f"`{text}`"
    return text if lang == "en" else ZH[text]


def page(lang: str) -> str:
    head = {"en": ("What", "Asked", "As PyTorch"), "zh": ("内容", "样例", "与 PyTorch 相同")}[lang]
    rows = ((m.en if lang == "en" else m.zh, m.asked, m.passed) for m in MEASURED)
    return TEXT[lang].format(
        measured=table(head, rows),
        operations=operations(lang),
        private=names(PRIVATE),
        differences=differences(lang),
        absent=without_place(lang),
    )


PAGES = {"en": "parity.md", "zh": "parity.zh.md"}

if __name__ == "__main__":
    for lang, file in PAGES.items():
        (DOCS / file).write_text(page(lang), encoding="utf-8")
