"""Typical wrong answers of the lesson on the CNN, each with what its author has in mind."""

import pytorch_tutor as torch


def output_size_no_first(n, k, stride, padding):
    return (n + 2 * padding - k) // stride


def output_size_one_side(n, k, stride, padding):
    return (n + padding - k) // stride + 1


def output_size_no_stride(n, k, stride, padding):
    return n + 2 * padding - k + 1


def output_size_fraction(n, k, stride, padding):
    return (n + 2 * padding - k) / stride + 1


def accuracy_count(logits, labels):
    return float((logits.argmax(dim=1) == labels).sum().item())


def accuracy_dim(logits, labels):
    return (logits.argmax(dim=0)[: len(labels)] == labels[: logits.shape[1]]).float().mean().item()


def accuracy_tensor(logits, labels):
    return (logits.argmax(dim=1) == labels).float().mean()


def confusion_turned(labels, said, classes):
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    for truth, answer in zip(labels.tolist(), said.tolist(), strict=True):
        counts[answer, truth] += 1
    return counts


def confusion_once(labels, said, classes):
    counts = torch.zeros(classes, classes, dtype=torch.int64)
    counts[labels, said] += 1
    return counts


def confusion_float(labels, said, classes):
    counts = torch.zeros(classes, classes)
    for truth, answer in zip(labels.tolist(), said.tolist(), strict=True):
        counts[truth, answer] += 1
    return counts
