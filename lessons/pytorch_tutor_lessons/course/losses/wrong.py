"""Typical wrong answers of the lesson on losses, each with what its author has in mind."""

import pytorch_tutor as torch

clueless_probability = 0.01
clueless_ten = 2.3
clueless_log10 = 2.0


def mse_absolute(prediction, target):
    return (prediction - target).abs().mean()


def mse_sum(prediction, target):
    return ((prediction - target) ** 2).sum()


def mse_root(prediction, target):
    return ((prediction - target) ** 2).mean().sqrt()


def column_mse_broadcast(prediction, target):
    return ((prediction - target) ** 2).mean()


def cross_entropy_plus(logits, labels):
    return torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()


def cross_entropy_no_log(logits, labels):
    return -torch.softmax(logits, dim=1)[torch.arange(len(labels)), labels].mean()


def cross_entropy_wrong_dim(logits, labels):
    return -torch.log_softmax(logits, dim=0)[torch.arange(len(labels)), labels].mean()


def cross_entropy_sum(logits, labels):
    return -torch.log_softmax(logits, dim=1)[torch.arange(len(labels)), labels].sum()


def cross_entropy_all_columns(logits, labels):
    return -torch.log_softmax(logits, dim=1)[:, labels].mean()
