"""Typical wrong answers of the lesson on autograd, each with what its author has in mind."""

import pytorch_tutor as torch

predicted_one_path = 5.0
predicted_product = 15.0


def derivative_of_value(x):
    return x**3 - 2 * x


def derivative_lost_constant(x):
    return 3 * x**2


def two_steps_accumulated(x):
    (x**2).sum().backward()
    (3 * x).sum().backward()
    return x.grad


def two_steps_first_only(x):
    (x**2).sum().backward()
    return x.grad


def update_recorded(w, learning_rate):
    loss = (w**2).sum()
    loss.backward()
    w -= learning_rate * w.grad
    return w


def update_uphill(w, learning_rate):
    (w**2).sum().backward()
    with torch.no_grad():
        w += learning_rate * w.grad
    return w
