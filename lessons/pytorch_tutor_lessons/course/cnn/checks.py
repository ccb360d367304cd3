"""Exercises of the lesson on the CNN."""

import pytorch_tutor as torch
from pytorch_tutor_lessons.course.cnn import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake


def _with_kind(answer, *arguments):
    """The result together with its kind: a tensor is no float, and counts are whole numbers."""
    result = answer(*arguments)
    if result is None or result is ...:
        return None
    return type(result).__name__, str(getattr(result, "dtype", "")), result


def _with_type(answer, *arguments):
    result = answer(*arguments)
    return None if result is None or result is ... else (type(result).__name__, result)


EXERCISES = (
    Exercise(
        key="output_size",
        solution=solutions.output_size,
        cases=lambda: ((32, 3, 1, 1), (32, 5, 1, 0), (28, 3, 2, 1), (7, 2, 2, 0)),
        probe=_with_type,
        why={
            "en": "n + 2·padding pixels, the first window takes k of them; every further stride pixels give one more window. // drops a window that would hang over the edge.",
            "zh": "共有 n + 2·padding 个像素，第一扇窗占去 k 个；之后每 stride 个像素多一扇窗。// 会舍去伸出边缘的那一扇。",
        },
        hints=(
            {"en": "How many pixels are there with padding on both sides?", "zh": "两侧都补上之后，一共有多少像素？"},
            {
                "en": "After the first window n + 2*padding - k pixels are left.",
                "zh": "第一扇窗之后还剩 n + 2*padding - k 个像素。",
            },
            {"en": "(n + 2*padding - k) // stride + 1", "zh": "(n + 2*padding - k) // stride + 1"},
        ),
        mistakes=(
            Mistake(
                "no first",
                wrong.output_size_no_first,
                {"en": "One too few: the first window counts, too (+ 1).", "zh": "少了一个：第一扇窗也要算（+ 1）。"},
            ),
            Mistake(
                "one side",
                wrong.output_size_one_side,
                {"en": "Padding is added at both sides: 2 * padding.", "zh": "两侧都要补：2 * padding。"},
            ),
            Mistake(
                "no stride",
                wrong.output_size_no_stride,
                {
                    "en": "The stride is missing: with stride 2 there are half as many windows.",
                    "zh": "漏了步长：步长为 2 时窗的个数减半。",
                },
            ),
            Mistake(
                "fraction",
                wrong.output_size_fraction,
                {"en": "A width is a whole number: divide with //.", "zh": "宽度是整数：用 // 来除。"},
            ),
        ),
    ),
    Exercise(
        key="accuracy",
        solution=solutions.accuracy,
        cases=lambda: (
            (torch.tensor([[2.0, 1.0], [0.0, 3.0], [5.0, 1.0]]), torch.tensor([0, 1, 1])),
            (torch.tensor([[0.1, 0.2, 0.9], [1.0, 0.0, 0.0]]), torch.tensor([2, 0])),
        ),
        probe=_with_type,
        why={
            "en": "argmax over the classes gives the answer; the mean of right (1) and wrong (0) is the share of right ones.",
            "zh": "对类别取 argmax 得到回答；对（1）与错（0）的平均就是正确的比例。",
        },
        hints=(
            {"en": "logits.argmax(dim=1) is what the network says.", "zh": "logits.argmax(dim=1) 就是网络的回答。"},
            {"en": "Compare with ==, turn it into floats, take the mean.", "zh": "用 == 比较，变成浮点数，取平均。"},
            {"en": ".item() makes a Python number of it.", "zh": ".item() 把它变成 Python 的数。"},
        ),
        mistakes=(
            Mistake(
                "count",
                wrong.accuracy_count,
                {
                    "en": "That is how many are right. The share is asked for: divide by their number.",
                    "zh": "这是答对的个数。题目要比例：除以总数。",
                },
            ),
            Mistake(
                "dim",
                wrong.accuracy_dim,
                {
                    "en": "argmax over dim=0 compares the pictures. The classes stand in dim=1.",
                    "zh": "在 dim=0 上取 argmax 是在比较图片。类别在 dim=1。",
                },
            ),
            Mistake(
                "tensor",
                wrong.accuracy_tensor,
                {
                    "en": "Nearly: it is still a tensor. .item() makes a float of it.",
                    "zh": "差一点：它还是张量。.item() 把它变成 float。",
                },
            ),
        ),
    ),
    Exercise(
        key="confusion",
        solution=solutions.confusion,
        cases=lambda: (
            (torch.tensor([0, 1, 1, 2, 1]), torch.tensor([0, 1, 2, 2, 2]), 3),
            (torch.tensor([1, 1, 1]), torch.tensor([0, 0, 1]), 2),
        ),
        probe=_with_kind,
        why={
            "en": "One count for each picture, in the row of the truth and the column of the answer.",
            "zh": "每张图片计一次，行是事实，列是回答。",
        },
        hints=(
            {
                "en": "Begin with torch.zeros(classes, classes, dtype=torch.int64).",
                "zh": "从 torch.zeros(classes, classes, dtype=torch.int64) 开始。",
            },
            {
                "en": "Go through pairs of truth and answer: zip(labels.tolist(), said.tolist()).",
                "zh": "成对遍历事实和回答：zip(labels.tolist(), said.tolist())。",
            },
            {"en": "counts[truth, answer] += 1", "zh": "counts[truth, answer] += 1"},
        ),
        mistakes=(
            Mistake(
                "turned",
                wrong.confusion_turned,
                {
                    "en": "Rows and columns are swapped: the row is what it really is.",
                    "zh": "行列反了：行应是实际类别。",
                },
            ),
            Mistake(
                "once",
                wrong.confusion_once,
                {
                    "en": "counts[labels, said] += 1 counts each pair only once, however often it occurs. Go through the pictures one by one.",
                    "zh": "counts[labels, said] += 1 对同一对只加一次，不管出现几次。要一张一张地数。",
                },
            ),
            Mistake(
                "float",
                wrong.confusion_float,
                {
                    "en": "The right counts, but as floats: dtype=torch.int64.",
                    "zh": "计数对了，但类型是浮点：dtype=torch.int64。",
                },
            ),
        ),
    ),
)
