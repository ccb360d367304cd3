"""Typical wrong answers of the lesson on optimizers, each with what its author has in mind."""

import pytorch_tutor as torch

largest_lr_half = 0.05
largest_lr_twice = 0.2


def descend_uphill(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            p += lr * p.grad
            p.grad = None


def descend_keeps_grad(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            p -= lr * p.grad


def descend_new_tensors(parameters, lr):
    with torch.no_grad():
        for p in parameters:
            p = p - lr * p.grad


def descend_recorded(parameters, lr):
    for p in parameters:
        p -= lr * p.grad
        p.grad = None


def momentum_old_velocity(parameter, gradient, velocity, lr, momentum):
    return parameter - lr * velocity, momentum * velocity + gradient


def momentum_gradient_only(parameter, gradient, velocity, lr, momentum):
    velocity = momentum * velocity + gradient
    return parameter - lr * gradient, velocity


def momentum_average(parameter, gradient, velocity, lr, momentum):
    velocity = momentum * velocity + (1 - momentum) * gradient
    return parameter - lr * velocity, velocity


def step_lr_every_epoch(start, epoch, step_size, gamma):
    return start * gamma**epoch


def step_lr_once(start, epoch, step_size, gamma):
    return start * gamma if epoch >= step_size else start


def step_lr_fraction(start, epoch, step_size, gamma):
    return start * gamma ** (epoch / step_size)
