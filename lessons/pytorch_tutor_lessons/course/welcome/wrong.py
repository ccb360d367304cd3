"""Typical wrong answers of the first lesson, each with what its author has in mind."""

bigger_step_faster = "faster"
bigger_step_slower = "slower"


def double_plus_one_brackets(x):
    return 2 * (x + 1)


def double_plus_one_printed(x):
    print(2 * x + 1)


def line_loss_sum(w, b, x, y):
    return ((w * x + b - y) ** 2).sum()


def line_loss_signed(w, b, x, y):
    return (w * x + b - y).mean()


def line_loss_number(w, b, x, y):
    return ((w * x + b - y) ** 2).mean().item()


def line_loss_absolute(w, b, x, y):
    return (w * x + b - y).abs().mean()
