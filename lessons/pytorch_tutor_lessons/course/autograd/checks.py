"""Exercises of the lesson on autograd."""

import pytorch_tutor as torch
from pytorch_tutor_lessons.course.autograd import solutions, wrong
from pytorch_tutor_lessons.exercise import Exercise, Mistake

EXERCISES = (
    Exercise(
        key="predicted",
        solution=solutions.predicted,
        why={
            "en": "y reaches z on two paths, and their contributions are added: (x + y) by one, y by the other.",
            "zh": "y 沿两条路径到达 z，两份贡献相加：一条给出 (x + y)，另一条给出 y。",
        },
        hints=(
            {
                "en": "In how many places does y occur in z = (x + y) * y?",
                "zh": "在 z = (x + y) * y 中，y 出现在几个地方？",
            },
            {
                "en": "Step through the picture: the leaf y receives two contributions. Which numbers?",
                "zh": "在图中逐步走一遍：叶子 y 收到两份贡献，分别是多少？",
            },
            {"en": "Product rule: dz/dy = 1 * y + (x + y) * 1.", "zh": "乘积法则：dz/dy = 1 * y + (x + y) * 1。"},
        ),
        mistakes=(
            Mistake(
                "one path",
                wrong.predicted_one_path,
                {
                    "en": "5 is the contribution of the second factor alone. y also sits inside the sum.",
                    "zh": "5 只是乘积中第二个因子的贡献。y 还出现在和里面。",
                },
            ),
            Mistake(
                "the value",
                wrong.predicted_product,
                {
                    "en": "15 is z itself. The question is how fast z changes when y changes.",
                    "zh": "15 是 z 本身的值。问题是 y 变化时 z 变化得多快。",
                },
            ),
        ),
    ),
    Exercise(
        key="derivative",
        solution=solutions.derivative,
        cases=lambda: ((2.0,), (-1.0,), (0.5,)),
        why={
            "en": "A tensor that requires grad is watched; backward() walks back through what happened to it and leaves "
            "the derivative in .grad.",
            "zh": "requires_grad 的张量会被记录；backward() 沿着它经历的运算走回去，把导数留在 .grad 里。",
        },
        hints=(
            {
                "en": "Make a tensor of x with requires_grad=True first.",
                "zh": "先用 requires_grad=True 把 x 做成张量。",
            },
            {"en": "Compute y from it, then call y.backward().", "zh": "用它算出 y，然后调用 y.backward()。"},
            {
                "en": "The derivative is then x.grad; .item() makes a number of it.",
                "zh": "导数就在 x.grad 里；.item() 把它变成数。",
            },
        ),
        mistakes=(
            Mistake(
                "the value",
                wrong.derivative_of_value,
                {
                    "en": "That is the function's value. The derivative is in x.grad after y.backward().",
                    "zh": "这是函数的值。导数在 y.backward() 之后的 x.grad 里。",
                },
            ),
            Mistake(
                "lost term",
                wrong.derivative_lost_constant,
                {
                    "en": "That is the derivative of x**3 alone. Let backward() do it: it forgets no term.",
                    "zh": "这只是 x**3 的导数。让 backward() 来算：它不会漏掉任何一项。",
                },
            ),
        ),
    ),
    Exercise(
        key="two_steps",
        solution=solutions.two_steps,
        cases=lambda: (
            (torch.tensor([1.0, 2.0], requires_grad=True),),
            (torch.tensor([-3.0], requires_grad=True),),
        ),
        why={
            "en": "backward() adds to .grad. Without x.grad = None the second result would contain the first.",
            "zh": "backward() 是往 .grad 里累加。不先写 x.grad = None，第二次的结果里就混着第一次的。",
        },
        hints=(
            {"en": "What is in x.grad after the first backward()?", "zh": "第一次 backward() 之后 x.grad 里是什么？"},
            {
                "en": "Gradients are added to what is there. Empty it in between.",
                "zh": "梯度会加到已有的值上。中间要清空它。",
            },
            {"en": "x.grad = None between the two backward calls.", "zh": "在两次 backward 之间写 x.grad = None。"},
        ),
        mistakes=(
            Mistake(
                "accumulated",
                wrong.two_steps_accumulated,
                {
                    "en": "Both gradients were added up: .grad was not emptied between the two backward passes.",
                    "zh": "两个梯度被加在一起了：两次 backward 之间没有清空 .grad。",
                },
            ),
            Mistake(
                "first only",
                wrong.two_steps_first_only,
                {
                    "en": "That is the gradient of the first loss. The second one is asked for.",
                    "zh": "这是第一个损失的梯度。题目要的是第二个。",
                },
            ),
        ),
    ),
    Exercise(
        key="frozen_update",
        solution=solutions.frozen_update,
        probe=lambda answer, w, rate: _numbers(answer(w, rate)),
        cases=lambda: (
            (torch.tensor([1.0, -2.0], requires_grad=True), 0.1),
            (torch.tensor([4.0], requires_grad=True), 0.25),
        ),
        why={
            "en": "The update is no part of the loss: inside no_grad() it is not recorded, so it may change the leaf.",
            "zh": "更新不属于损失的计算：在 no_grad() 里它不会被记录，所以可以直接改叶子。",
        },
        hints=(
            {
                "en": "w is a leaf that requires grad: it may be changed only where nothing is recorded.",
                "zh": "w 是需要梯度的叶子：只有在不记录的地方才能改它。",
            },
            {"en": "with torch.no_grad(): and then the update.", "zh": "先写 with torch.no_grad():，再写更新。"},
            {"en": "w -= learning_rate * w.grad goes downhill.", "zh": "w -= learning_rate * w.grad 就是往下走。"},
        ),
        mistakes=(
            Mistake(
                "recorded",
                wrong.update_recorded,
                {
                    "en": "The update was recorded as if it belonged to the loss. Put it inside  with torch.no_grad():",
                    "zh": "更新被当成损失的一部分记录了。把它放进 with torch.no_grad(): 里。",
                },
            ),
            Mistake(
                "uphill",
                wrong.update_uphill,
                {
                    "en": "This goes uphill: the gradient points where the loss grows, so subtract it.",
                    "zh": "这是往上走：梯度指向损失增大的方向，所以要减去它。",
                },
            ),
        ),
    ),
)


def _numbers(w):
    return None if w is None or w is ... else w.detach().tolist()
