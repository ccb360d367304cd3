"""Exercises of the first lesson."""

import pytorch_tutor as torch
from pytorch_tutor_lessons.course.welcome import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake


def _lines():
    x, y = torch.tensor([0.0, 1.0, 2.0]), torch.tensor([1.0, 3.0, 4.0])
    return (torch.tensor([0.0]), torch.tensor([0.0]), x, y), (torch.tensor([2.0]), torch.tensor([-1.0]), x, y)


def _kept(answer, *arguments):
    """The loss together with its kind, so that a plain number is told from a tensor."""
    result = answer(*arguments)
    return None if result is None or result is ... else (hasattr(result, "backward"), result)


EXERCISES = (
    Exercise(
        key="double_plus_one",
        solution=solutions.double_plus_one,
        cases=lambda: ((0,), (3,), (-1.5,)),
        why={
            "en": "Multiplication binds stronger than addition, so no brackets are needed.",
            "zh": "乘法先于加法，所以不需要括号。",
        },
        hints=(
            {"en": "Twice x is 2 * x.", "zh": "x 的两倍是 2 * x。"},
            {"en": "return 2 * x + 1", "zh": "return 2 * x + 1"},
        ),
        mistakes=(
            Mistake(
                "brackets",
                wrong.double_plus_one_brackets,
                {
                    "en": "You add the one first and double afterwards. Double x, then add one.",
                    "zh": "你先加了一再翻倍。应该先把 x 翻倍，再加一。",
                },
            ),
        ),
    ),
    Exercise(
        key="line_loss",
        solution=solutions.line_loss,
        cases=_lines,
        probe=_kept,
        why={
            "en": "The square makes every error positive, and the mean makes the loss independent of how many points there are.",
            "zh": "平方让每个误差都是正数，平均让损失与点的个数无关。",
        },
        hints=(
            {
                "en": "The line's answers are w * x + b. How far are they from y?",
                "zh": "直线的回答是 w * x + b。它们离 y 有多远？",
            },
            {"en": "Square the differences (** 2), then take .mean().", "zh": "把差平方（** 2），再取 .mean()。"},
            {"en": "The training loop above has exactly this line.", "zh": "上面的训练循环里就有这一行。"},
        ),
        mistakes=(
            Mistake(
                "sum",
                wrong.line_loss_sum,
                {
                    "en": "That is the sum of the squares. The mean is asked for: .mean()",
                    "zh": "这是平方和。题目要的是平均：.mean()",
                },
            ),
            Mistake(
                "signed",
                wrong.line_loss_signed,
                {
                    "en": "Without squaring, errors above and below the line cancel each other.",
                    "zh": "不平方的话，直线上方和下方的误差会互相抵消。",
                },
            ),
            Mistake(
                "absolute",
                wrong.line_loss_absolute,
                {
                    "en": "That is the mean absolute distance. Here the distances are squared.",
                    "zh": "这是距离绝对值的平均。这里要的是距离的平方。",
                },
            ),
            Mistake(
                "number",
                wrong.line_loss_number,
                {
                    "en": "The number is right, but .item() made a Python number of it: backward() would no longer work. Return the tensor.",
                    "zh": "数值对，但 .item() 把它变成了 Python 的数，就不能再 backward() 了。请返回张量。",
                },
            ),
        ),
    ),
    Exercise(
        key="bigger_step",
        solution=solutions.bigger_step,
        why={
            "en": "The step jumps over the lowest point and lands higher on the other side, each time more: the loss grows.",
            "zh": "这一步跨过了最低点，落在另一边更高的地方，一次比一次高：损失越来越大。",
        },
        hints=(
            {
                "en": "Picture a ball in a bowl. What if each jump is longer than the bowl is wide?",
                "zh": "想象碗里的小球。如果每次跳得比碗还宽，会怎样？",
            },
            {
                "en": "Change 0.1 to 1.5 in both lines of the loop and run the cell again.",
                "zh": "把循环里两行的 0.1 都改成 1.5，再运行一次。",
            },
        ),
        mistakes=(
            Mistake(
                "faster",
                wrong.bigger_step_faster,
                {
                    "en": "A somewhat larger step is faster, but this one is so large that it jumps over the goal. Try it above.",
                    "zh": "稍大一点的步子会更快，但这么大就跳过目标了。到上面试一试。",
                },
            ),
            Mistake(
                "slower",
                wrong.bigger_step_slower,
                {
                    "en": "Small steps are slow. This one is large: where does it land? Try it above.",
                    "zh": "小步才慢。这一步很大：它会落在哪里？到上面试一试。",
                },
            ),
        ),
    ),
)
