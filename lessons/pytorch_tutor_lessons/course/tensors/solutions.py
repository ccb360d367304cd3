"""Solutions of the lesson on tensors, written as a learner would write them."""

# b is a view of a, so writing to b writes to a; c is a copy, so writing to c does not.
shared = [0.0, 0.0, 5.0, 5.0]


def corner(matrix):
    return matrix[::2, -2:]


def standardize(matrix):
    return (matrix - matrix.mean(dim=0)) / matrix.std(dim=0)


def distances(points, centres):
    difference = points.unsqueeze(1) - centres.unsqueeze(0)
    return (difference**2).sum(dim=2)
