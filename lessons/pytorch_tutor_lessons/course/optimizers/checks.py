"""Exercises of the lesson on optimizers."""

import pytorch_tutor as torch
from pytorch_tutor_lessons.course.optimizers import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake, NotAttempted


def _descended(answer, values, gradients, lr):
    """The parameters and their gradients after the learner's step."""
    parameters = [torch.tensor(v, requires_grad=True) for v in values]
    for p, g in zip(parameters, gradients, strict=True):
        p.grad = torch.tensor(g)
    answer(parameters, lr)
    untouched = all(p.detach().tolist() == v for p, v in zip(parameters, values, strict=True))
    if untouched and answer.__code__.co_code == _EMPTY.__code__.co_code:
        raise NotAttempted
    return [p.detach() for p in parameters], [p.grad is None for p in parameters]


def _EMPTY(parameters, lr): ...


EXERCISES = (
    Exercise(
        key="descend",
        solution=solutions.descend,
        cases=lambda: (
            ([[1.0, 2.0], [3.0]], [[0.5, -1.0], [2.0]], 0.1),
            ([[4.0]], [[1.0]], 0.5),
        ),
        probe=_descended,
        why={
            "en": "In place, so that the network itself changes; in no_grad(), so that the step is not recorded; and the gradients are emptied, because they add up.",
            "zh": "原地修改，网络本身才会变；放在 no_grad() 里，这一步才不被记录；清空梯度，因为它会累加。",
        },
        hints=(
            {"en": "Everything inside with torch.no_grad():", "zh": "全部放在 with torch.no_grad(): 里。"},
            {"en": "for p in parameters: p -= lr * p.grad", "zh": "for p in parameters: p -= lr * p.grad"},
            {"en": "And afterwards p.grad = None.", "zh": "之后写 p.grad = None。"},
        ),
        mistakes=(
            Mistake(
                "uphill",
                wrong.descend_uphill,
                {"en": "This goes uphill. Subtract the gradient.", "zh": "这是往上走。应减去梯度。"},
            ),
            Mistake(
                "keeps grad",
                wrong.descend_keeps_grad,
                {"en": "The step is right, but .grad was not emptied.", "zh": "步子对了，但没有清空 .grad。"},
            ),
            Mistake(
                "new tensors",
                wrong.descend_new_tensors,
                {
                    "en": "p = p - ... makes a new tensor and leaves the parameter as it was. p -= ... changes the parameter itself.",
                    "zh": "p = p - ... 造了新张量，参数本身没变。p -= ... 才是修改参数本身。",
                },
            ),
            Mistake(
                "recorded",
                wrong.descend_recorded,
                {
                    "en": "The step was recorded. Put it inside  with torch.no_grad():",
                    "zh": "这一步被记录了。把它放进 with torch.no_grad(): 里。",
                },
            ),
        ),
    ),
    Exercise(
        key="momentum_step",
        solution=solutions.momentum_step,
        cases=lambda: (
            (torch.tensor([1.0, 2.0]), torch.tensor([0.5, -1.0]), torch.tensor([0.0, 0.0]), 0.1, 0.9),
            (torch.tensor([1.0]), torch.tensor([2.0]), torch.tensor([3.0]), 0.5, 0.5),
        ),
        why={
            "en": "The velocity is a sum of past gradients in which older ones count less and less.",
            "zh": "速度是过去梯度的和，越久远的分量越小。",
        },
        hints=(
            {
                "en": "First the new velocity: momentum * velocity + gradient.",
                "zh": "先算新速度：momentum * velocity + gradient。",
            },
            {
                "en": "Then the parameter minus lr times the new velocity; return both.",
                "zh": "再用参数减去 lr 乘新速度；两个都返回。",
            },
        ),
        mistakes=(
            Mistake(
                "old velocity",
                wrong.momentum_old_velocity,
                {
                    "en": "You stepped with the old velocity. Compute the new one first.",
                    "zh": "你用旧速度走了一步。应先算出新速度。",
                },
            ),
            Mistake(
                "gradient only",
                wrong.momentum_gradient_only,
                {
                    "en": "The step uses the gradient alone. Use the new velocity.",
                    "zh": "这一步只用了梯度。要用新速度。",
                },
            ),
            Mistake(
                "average",
                wrong.momentum_average,
                {
                    "en": "That is a moving average, as Adam uses it. Momentum adds the whole gradient.",
                    "zh": "这是滑动平均，是 Adam 的做法。动量法加的是整个梯度。",
                },
            ),
        ),
    ),
    Exercise(
        key="largest_lr",
        solution=solutions.largest_lr,
        why={
            "en": "|1 - 20 lr| = 1 at lr = 0.1: w jumps to -w and back forever. Above it grows.",
            "zh": "lr = 0.1 时 |1 - 20 lr| = 1：w 永远在 w 和 -w 之间跳。再大就越来越远。",
        },
        hints=(
            {"en": "Put a = 10 into 1 - 2 a lr. When is it -1?", "zh": "把 a = 10 代入 1 - 2 a lr。什么时候等于 -1？"},
            {"en": "1 - 20 lr = -1.", "zh": "1 - 20 lr = -1。"},
        ),
        mistakes=(
            Mistake(
                "half",
                wrong.largest_lr_half,
                {
                    "en": "At 0.05 the factor is 0: one step reaches the goal. It may still be larger.",
                    "zh": "0.05 时因子是 0：一步就到目标。还可以更大。",
                },
            ),
            Mistake(
                "twice",
                wrong.largest_lr_twice,
                {
                    "en": "At 0.2 the factor is -3: w grows. The limit comes earlier.",
                    "zh": "0.2 时因子是 -3：w 会变大。界限更早。",
                },
            ),
        ),
    ),
    Exercise(
        key="step_lr",
        solution=solutions.step_lr,
        cases=lambda: ((0.1, 0, 30, 0.1), (0.1, 29, 30, 0.1), (0.1, 30, 30, 0.1), (1.0, 75, 20, 0.5)),
        tolerance=1e-7,
        why={
            "en": "epoch // step_size counts the full periods that have passed; gamma is multiplied once for each.",
            "zh": "epoch // step_size 数出已经过去的完整周期，每个周期乘一次 gamma。",
        },
        hints=(
            {
                "en": "How often has the rate been multiplied by gamma until this epoch?",
                "zh": "到这个 epoch 为止，学习率乘了几次 gamma？",
            },
            {"en": "Whole periods: epoch // step_size.", "zh": "完整周期数：epoch // step_size。"},
        ),
        mistakes=(
            Mistake(
                "every epoch",
                wrong.step_lr_every_epoch,
                {
                    "en": "That multiplies after every epoch. Only after every step_size epochs.",
                    "zh": "这是每个 epoch 都乘。应该每 step_size 个 epoch 乘一次。",
                },
            ),
            Mistake(
                "once",
                wrong.step_lr_once,
                {
                    "en": "That multiplies only once. After 2 · step_size epochs it happens again.",
                    "zh": "这样只乘一次。过了 2 · step_size 个 epoch 还要再乘。",
                },
            ),
            Mistake(
                "fraction",
                wrong.step_lr_fraction,
                {
                    "en": "That falls smoothly. Steps come from whole periods: //",
                    "zh": "这样是平滑下降。阶梯来自整除：//",
                },
            ),
        ),
    ),
)
