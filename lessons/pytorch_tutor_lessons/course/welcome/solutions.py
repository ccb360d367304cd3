"""Solutions of the first lesson, written as a learner would write them."""

bigger_step = "explodes"


def double_plus_one(x):
    return 2 * x + 1


def line_loss(w, b, x, y):
    return ((w * x + b - y) ** 2).mean()
