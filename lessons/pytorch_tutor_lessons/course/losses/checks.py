"""Exercises of the lesson on losses."""

import pytorch_tutor as torch
from pytorch_tutor_lessons.course.losses import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake

EXERCISES = (
    Exercise(
        key="mse",
        solution=solutions.mse,
        cases=lambda: (
            (torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 0.0, 6.0])),
            (torch.tensor([[0.5, -1.0]]), torch.tensor([[0.0, 1.0]])),
        ),
        why={
            "en": "Difference, square, mean: read it from the inside to the outside.",
            "zh": "差、平方、平均：从里往外读。",
        },
        hints=(
            {"en": "Begin with the difference prediction - target.", "zh": "从差 prediction - target 开始。"},
            {"en": "Square it with ** 2, then .mean().", "zh": "用 ** 2 平方，再 .mean()。"},
        ),
        mistakes=(
            Mistake(
                "absolute",
                wrong.mse_absolute,
                {
                    "en": "That is L1, the absolute error. Square the differences.",
                    "zh": "这是 L1，绝对误差。要把差平方。",
                },
            ),
            Mistake(
                "sum",
                wrong.mse_sum,
                {"en": "The sum of the squares. M stands for mean.", "zh": "这是平方和。M 代表平均。"},
            ),
            Mistake(
                "root",
                wrong.mse_root,
                {
                    "en": "That is the root of the MSE (RMSE). Leave the root away.",
                    "zh": "这是 MSE 的平方根（RMSE）。去掉开方。",
                },
            ),
        ),
    ),
    Exercise(
        key="column_mse",
        solution=solutions.column_mse,
        cases=lambda: (
            (torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1.0, 2.0, 5.0])),
            (torch.tensor([[0.0], [4.0]]), torch.tensor([1.0, 1.0])),
        ),
        why={
            "en": "With equal shapes nothing broadcasts, and each prediction meets its own target.",
            "zh": "形状相同就不会广播，每个预测只遇到自己的目标。",
        },
        hints=(
            {"en": "Give both the same shape before you subtract.", "zh": "相减之前先让两者形状相同。"},
            {
                "en": "prediction.squeeze(1) has shape (n,), target.unsqueeze(1) has shape (n, 1). Either will do.",
                "zh": "prediction.squeeze(1) 形状 (n,)，target.unsqueeze(1) 形状 (n, 1)。用哪个都行。",
            },
        ),
        mistakes=(
            Mistake(
                "broadcast",
                wrong.column_mse_broadcast,
                {
                    "en": "You walked into the trap: (n, 1) minus (n,) gives (n, n). Print the shape of the difference.",
                    "zh": "掉进陷阱了：(n, 1) 减 (n,) 得到 (n, n)。打印一下差的形状。",
                },
            ),
        ),
    ),
    Exercise(
        key="cross_entropy",
        solution=solutions.cross_entropy,
        cases=lambda: (
            (torch.tensor([[2.0, 1.0, -1.0], [0.0, 3.0, 0.5]]), torch.tensor([0, 2])),
            (torch.tensor([[0.0, 0.0], [1.0, -1.0], [5.0, 2.0]]), torch.tensor([1, 1, 0])),
        ),
        why={
            "en": "The loss is minus the log of the probability given to the right class: logits[range, labels] picks one entry per row.",
            "zh": "损失就是给正确类别的概率取对数再取负：logits[行号, 标签] 每行挑一项。",
        },
        hints=(
            {
                "en": "torch.log_softmax(logits, dim=1) does softmax and log in one safe step.",
                "zh": "torch.log_softmax(logits, dim=1) 一步完成 softmax 和取对数，而且不会溢出。",
            },
            {
                "en": "Pick with two lists of indices: values[torch.arange(n), labels].",
                "zh": "用两组下标挑选：values[torch.arange(n), labels]。",
            },
            {"en": "Mean, and a minus in front.", "zh": "取平均，前面加负号。"},
        ),
        mistakes=(
            Mistake(
                "plus",
                wrong.cross_entropy_plus,
                {
                    "en": "The sign: logs of probabilities are negative, a loss is positive.",
                    "zh": "符号：概率的对数是负数，损失应是正数。",
                },
            ),
            Mistake(
                "no log",
                wrong.cross_entropy_no_log,
                {"en": "The logarithm is missing: use log_softmax.", "zh": "少了对数：用 log_softmax。"},
            ),
            Mistake(
                "wrong dim",
                wrong.cross_entropy_wrong_dim,
                {
                    "en": "softmax over dim=0 mixes the samples. The classes stand in dim=1.",
                    "zh": "在 dim=0 上做 softmax 会把样本混在一起。类别在 dim=1。",
                },
            ),
            Mistake(
                "sum",
                wrong.cross_entropy_sum,
                {
                    "en": "That is the sum over the samples. The mean is asked for.",
                    "zh": "这是对样本求和。题目要的是平均。",
                },
            ),
            Mistake(
                "all columns",
                wrong.cross_entropy_all_columns,
                {
                    "en": "[:, labels] takes these columns from every row. Give a row number with each label: [torch.arange(n), labels].",
                    "zh": "[:, labels] 会从每一行都取这些列。给每个标签配上行号：[torch.arange(n), labels]。",
                },
            ),
        ),
    ),
    Exercise(
        key="clueless",
        solution=solutions.clueless,
        tolerance=4e-3,
        why={
            "en": "All classes get probability 1/100, and -ln(1/100) = ln 100 = 4.61.",
            "zh": "每个类别的概率都是 1/100，-ln(1/100) = ln 100 = 4.61。",
        },
        hints=(
            {
                "en": "Which probability does each class get from a network that knows nothing?",
                "zh": "什么都不会的网络，给每个类别多大的概率？",
            },
            {"en": "The loss is minus the natural logarithm of it.", "zh": "损失就是它的自然对数取负。"},
        ),
        mistakes=(
            Mistake(
                "probability",
                wrong.clueless_probability,
                {
                    "en": "That is the probability of one class. The loss is minus its logarithm.",
                    "zh": "这是一个类别的概率。损失是它的对数取负。",
                },
            ),
            Mistake(
                "ten", wrong.clueless_ten, {"en": "That is the value for 10 classes.", "zh": "这是 10 个类别时的值。"}
            ),
            Mistake(
                "log10",
                wrong.clueless_log10,
                {
                    "en": "That is the logarithm to base 10. Cross entropy uses the natural one.",
                    "zh": "这是以 10 为底的对数。交叉熵用自然对数。",
                },
            ),
        ),
    ),
)
