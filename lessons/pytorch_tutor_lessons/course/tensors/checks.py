"""Exercises of the lesson on tensors."""

import pytorch_tutor as torch
from pytorch_tutor_lessons.course.tensors import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake

EXERCISES = (
    Exercise(
        key="corner",
        solution=solutions.corner,
        cases=lambda: ((torch.arange(20).reshape(5, 4),), (torch.arange(18).reshape(6, 3),)),
        why={
            "en": "::2 takes every second row from the first on; -2: means from the last but one to the end.",
            "zh": "::2 从第一行起隔行取；-2: 表示从倒数第二列到最后。",
        },
        hints=(
            {
                "en": "Rows and columns are given in one pair of brackets: matrix[rows, columns].",
                "zh": "行和列写在同一对方括号里：matrix[行, 列]。",
            },
            {"en": "A slice may have a step: start:end:step.", "zh": "切片可以带步长：开始:结束:步长。"},
            {"en": "Rows ::2, columns -2:.", "zh": "行用 ::2，列用 -2:。"},
        ),
        mistakes=(
            Mistake(
                "first columns",
                wrong.corner_first_columns,
                {
                    "en": "The rows are right; these are the first two columns, not the last two.",
                    "zh": "行是对的；但这是前两列，不是最后两列。",
                },
            ),
            Mistake(
                "odd rows",
                wrong.corner_odd_rows,
                {
                    "en": "You began with the second row. Begin with the first: ::2",
                    "zh": "你从第二行开始取了。应从第一行开始：::2",
                },
            ),
            Mistake(
                "last column",
                wrong.corner_last_column,
                {"en": "Only the last column. -2: gives two.", "zh": "只有最后一列。-2: 才是两列。"},
            ),
        ),
    ),
    Exercise(
        key="standardize",
        solution=solutions.standardize,
        cases=lambda: (
            (torch.tensor([[1.0, 10.0], [2.0, 30.0], [6.0, 20.0]]),),
            (torch.tensor([[0.0, 1.0, 4.0], [2.0, 5.0, 4.5], [1.0, 0.0, 9.0], [5.0, 2.0, 7.0]]),),
        ),
        why={
            "en": "mean(dim=0) lets the rows disappear: one mean per column, of shape (columns,), which broadcasts over all rows.",
            "zh": "mean(dim=0) 让行消失：每列一个平均值，形状 (列数,)，正好对所有行广播。",
        },
        hints=(
            {
                "en": "Which dimension must disappear to get one number per column?",
                "zh": "要得到每列一个数，哪个维度该消失？",
            },
            {"en": "matrix.mean(dim=0) and matrix.std(dim=0).", "zh": "matrix.mean(dim=0) 和 matrix.std(dim=0)。"},
            {"en": "Subtract the one, divide by the other.", "zh": "减去前者，除以后者。"},
        ),
        mistakes=(
            Mistake(
                "rows",
                wrong.standardize_rows,
                {
                    "en": "You standardised each row. For columns the rows must disappear: dim=0.",
                    "zh": "你标准化的是每一行。对列来说，应让行消失：dim=0。",
                },
            ),
            Mistake(
                "everything",
                wrong.standardize_everything,
                {
                    "en": "One mean for the whole matrix. Each column needs its own: dim=0.",
                    "zh": "整个矩阵只用了一个平均值。每列要有自己的：dim=0。",
                },
            ),
            Mistake(
                "variance",
                wrong.standardize_variance,
                {
                    "en": "That divides by the variance. The standard deviation is its root: std.",
                    "zh": "你除以了方差。标准差是它的平方根：std。",
                },
            ),
        ),
    ),
    Exercise(
        key="shared",
        solution=solutions.shared,
        why={
            "en": "reshape gave a view: writing to b writes to a. clone gave a copy: writing to c does not.",
            "zh": "reshape 给出视图：写 b 就是写 a。clone 给出副本：写 c 不影响 a。",
        },
        hints=(
            {"en": "Which of b and c share their memory with a?", "zh": "b 和 c 中，谁和 a 共用内存？"},
            {"en": "b[1] is the second row of b: two elements.", "zh": "b[1] 是 b 的第二行：两个元素。"},
        ),
        mistakes=(
            Mistake(
                "copy",
                wrong.shared_copy,
                {
                    "en": "b is no copy: reshape gives a view where it can.",
                    "zh": "b 不是副本：reshape 在可能时给出视图。",
                },
            ),
            Mistake(
                "clone",
                wrong.shared_clone,
                {
                    "en": "Nearly: but c is a clone, with memory of its own.",
                    "zh": "差一点：c 是 clone 出来的，有自己的内存。",
                },
            ),
            Mistake(
                "one",
                wrong.shared_one,
                {
                    "en": "b has two rows of two. b[1] = 5 sets the whole second row.",
                    "zh": "b 有两行两列。b[1] = 5 设置的是整个第二行。",
                },
            ),
        ),
    ),
    Exercise(
        key="distances",
        solution=solutions.distances,
        cases=lambda: (
            (torch.tensor([[0.0, 0.0], [3.0, 4.0], [1.0, 1.0]]), torch.tensor([[0.0, 0.0], [1.0, 0.0]])),
            (torch.tensor([[1.0, 2.0]]), torch.tensor([[2.0, 0.0], [0.0, 0.0], [1.0, 2.0]])),
        ),
        why={
            "en": "(n, 1, 2) minus (1, m, 2) broadcasts to (n, m, 2): every point meets every centre. The sum lets the 2 disappear.",
            "zh": "(n, 1, 2) 减 (1, m, 2) 广播成 (n, m, 2)：每个点都遇到每个中心。求和让那个 2 消失。",
        },
        hints=(
            {"en": "unsqueeze(dim) adds a dimension of size 1.", "zh": "unsqueeze(dim) 增加一个长度为 1 的维度。"},
            {
                "en": "points.unsqueeze(1) has shape (n, 1, 2), centres.unsqueeze(0) has (1, m, 2).",
                "zh": "points.unsqueeze(1) 形状 (n, 1, 2)，centres.unsqueeze(0) 形状 (1, m, 2)。",
            },
            {"en": "Square the difference and sum over the last dimension.", "zh": "把差平方，再对最后一个维度求和。"},
        ),
        mistakes=(
            Mistake(
                "root",
                wrong.distances_root,
                {
                    "en": "These are the distances. The squared distances are asked for: no root.",
                    "zh": "这是距离。题目要的是距离的平方：不用开方。",
                },
            ),
            Mistake(
                "turned",
                wrong.distances_turned,
                {
                    "en": "The right numbers, but rows and columns are swapped: rows belong to the points.",
                    "zh": "数都对，但行列反了：行应该对应点。",
                },
            ),
            Mistake(
                "not summed",
                wrong.distances_not_summed,
                {
                    "en": "x and y are still apart: sum over the last dimension.",
                    "zh": "x 和 y 还是分开的：对最后一个维度求和。",
                },
            ),
        ),
    ),
)
