"""Typical wrong answers of the lesson on tensors, each with what its author has in mind."""

shared_copy = [0.0, 0.0, 0.0, 0.0]
shared_clone = [9.0, 0.0, 5.0, 5.0]
shared_one = [0.0, 5.0, 0.0, 0.0]


def corner_first_columns(matrix):
    return matrix[::2, :2]


def corner_odd_rows(matrix):
    return matrix[1::2, -2:]


def corner_last_column(matrix):
    return matrix[::2, -1:]


def standardize_rows(matrix):
    return (matrix - matrix.mean(dim=1, keepdim=True)) / matrix.std(dim=1, keepdim=True)


def standardize_everything(matrix):
    return (matrix - matrix.mean()) / matrix.std()


def standardize_variance(matrix):
    return (matrix - matrix.mean(dim=0)) / matrix.var(dim=0)


def distances_root(points, centres):
    return ((points.unsqueeze(1) - centres.unsqueeze(0)) ** 2).sum(dim=2) ** 0.5


def distances_turned(points, centres):
    return ((points.unsqueeze(0) - centres.unsqueeze(1)) ** 2).sum(dim=2)


def distances_not_summed(points, centres):
    return (points.unsqueeze(1) - centres.unsqueeze(0)) ** 2
