"""Exercises of the lesson on modules."""

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor_lessons.course.modules import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake, NotAttempted


def _networks():
    return (
        (nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)),),
        (nn.Linear(5, 2, bias=False),),
        (nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8)),),
    )


def _skip(answer, size):
    """What the learner's module answers, with weights that everybody has alike."""
    module = answer(size)
    if not list(module.parameters()):
        raise NotAttempted
    with torch.no_grad():
        for k, parameter in enumerate(module.parameters()):
            parameter.copy_((torch.arange(parameter.numel()).reshape(parameter.shape) * (0.3 + k)).sin())
    x = torch.linspace(-2, 2, 2 * size).reshape(2, size)
    result = module(x)
    return None if result is None or result is ... else (result, sorted(name for name, _ in module.named_parameters()))


def _frozen(answer, net):
    result = answer(net)
    return None if result is None or result is ... else [p.requires_grad for p in result.parameters()]


EXERCISES = (
    Exercise(
        key="count_parameters",
        solution=solutions.count_parameters,
        cases=_networks,
        why={
            "en": "parameters() walks through all pieces, however deep; numel() counts the elements of one tensor.",
            "zh": "parameters() 会走遍所有零件，不管嵌套多深；numel() 数出一个张量的元素个数。",
        },
        hints=(
            {"en": "module.parameters() gives all parameter tensors.", "zh": "module.parameters() 给出所有参数张量。"},
            {
                "en": "A tensor says with .numel() how many elements it has.",
                "zh": "张量的 .numel() 说明它有多少个元素。",
            },
            {"en": "sum(p.numel() for p in module.parameters())", "zh": "sum(p.numel() for p in module.parameters())"},
        ),
        mistakes=(
            Mistake(
                "tensors",
                wrong.count_tensors,
                {
                    "en": "You counted the parameter tensors. Each has many elements: .numel()",
                    "zh": "你数的是参数张量的个数。每个张量里有很多元素：.numel()",
                },
            ),
            Mistake(
                "weights",
                wrong.count_weights,
                {"en": "The biases are missing: they are parameters, too.", "zh": "漏了偏置：它们也是参数。"},
            ),
            Mistake(
                "rows",
                wrong.count_rows,
                {
                    "en": "len() of a tensor is the number of its rows. numel() counts all elements.",
                    "zh": "张量的 len() 只是行数。numel() 才数所有元素。",
                },
            ),
        ),
    ),
    Exercise(
        key="Skip",
        solution=solutions.Skip,
        cases=lambda: ((3,), (4,)),
        probe=_skip,
        why={
            "en": "The input takes a shortcut past the layer, so the gradient does, too: that is why very deep networks can learn (He et al., 2015).",
            "zh": "输入绕过这一层走了捷径，梯度也一样：所以很深的网络也能学习（He 等，2015）。",
        },
        hints=(
            {
                "en": "Make the piece in __init__: self.linear = nn.Linear(size, size).",
                "zh": "在 __init__ 里造零件：self.linear = nn.Linear(size, size)。",
            },
            {
                "en": "forward uses it: torch.relu(self.linear(x)).",
                "zh": "forward 里使用它：torch.relu(self.linear(x))。",
            },
            {
                "en": "And adds the input: return x + torch.relu(self.linear(x)).",
                "zh": "再加上输入：return x + torch.relu(self.linear(x))。",
            },
        ),
        mistakes=(
            Mistake(
                "no shortcut",
                wrong.SkipWithoutShortcut,
                {"en": "The shortcut is missing: add x to the result.", "zh": "少了捷径：把 x 加到结果上。"},
            ),
            Mistake(
                "relu of the sum",
                wrong.SkipReluOfSum,
                {
                    "en": "relu goes around the linear layer only; x is added afterwards.",
                    "zh": "relu 只套住线性层；x 在外面再加。",
                },
            ),
            Mistake(
                "no relu",
                wrong.SkipWithoutRelu,
                {"en": "relu is missing around the linear layer.", "zh": "线性层外面少了 relu。"},
            ),
            Mistake(
                "no super",
                wrong.SkipWithoutSuper,
                {
                    "en": "Keep the line super().__init__(): it prepares the place for the pieces.",
                    "zh": "别去掉 super().__init__() 那一行：它准备好登记零件的地方。",
                },
            ),
        ),
    ),
    Exercise(
        key="freeze",
        solution=solutions.freeze,
        cases=lambda: (
            (nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1)),),
            (nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 2), nn.Linear(2, 2)),),
        ),
        probe=_frozen,
        why={
            "en": "net[:-1] is a Sequential of all but the last piece. Without requires_grad no gradient is computed, so an optimizer leaves them alone.",
            "zh": "net[:-1] 是除最后一个零件之外的 Sequential。没有 requires_grad 就不计算梯度，优化器也就不会动它们。",
        },
        hints=(
            {
                "en": "A Sequential can be sliced like a list: net[:-1].",
                "zh": "Sequential 可以像列表一样切片：net[:-1]。",
            },
            {
                "en": "Go through its parameters() and set requires_grad = False.",
                "zh": "遍历它的 parameters()，设 requires_grad = False。",
            },
            {"en": "Do not forget return net.", "zh": "别忘了 return net。"},
        ),
        mistakes=(
            Mistake(
                "everything",
                wrong.freeze_everything,
                {
                    "en": "Now nothing can learn any more. The last piece must stay free.",
                    "zh": "这样什么都学不了了。最后一个零件要保持可学。",
                },
            ),
            Mistake(
                "the last",
                wrong.freeze_last,
                {
                    "en": "The other way round: the last piece is the one that shall learn.",
                    "zh": "反了：要学习的正是最后一个零件。",
                },
            ),
            Mistake(
                "eval",
                wrong.freeze_eval,
                {
                    "en": "eval() changes how Dropout and BatchNorm behave. Gradients are switched off by requires_grad.",
                    "zh": "eval() 改变的是 Dropout 和 BatchNorm 的行为。关掉梯度要用 requires_grad。",
                },
            ),
        ),
    ),
)
