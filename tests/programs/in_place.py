"""What in-place operations do to the graph: their own input is remembered as it was, what others kept is not."""


def main(torch):
    F = torch.nn.functional
    start = [[0.3, -0.6, 1.5], [-2.0, 0.9, -0.1]]
    weights = torch.arange(6.0).view(2, 3)
    steps = {
        "sin_": lambda x: x.sin_(), "pow_": lambda x: x.pow_(3), "clamp_": lambda x: x.clamp_(-0.5, 0.5),
        "abs_": lambda x: torch.abs_(x), "atan2_": lambda x: x.atan2_(weights + 1), "part": lambda x: x[0].cos_(),
        "leaky": lambda x: F.leaky_relu(x, 0.2, inplace=True), "elu": lambda x: F.elu(x, inplace=True),
        "silu": lambda x: F.silu(x, inplace=True), "hardswish": lambda x: F.hardswish(x, inplace=True),
        "hardtanh": lambda x: F.hardtanh(x, inplace=True), "selu": lambda x: F.selu(x, inplace=True),
    }  # fmt: skip
    for name, step in steps.items():
        w = torch.tensor(start, requires_grad=True)
        x = w * 1.1
        step(x)
        (x * weights).sum().backward()
        print(name, w.grad, x.grad_fn.name().rsplit("::", 1)[-1])
    w = torch.ones(2, requires_grad=True)
    x = w * 2
    y = x * x
    x.add_(1)
    try:
        y.sum().backward()
    except RuntimeError as error:
        print(str(error).partition(";")[0])
    try:
        torch.exp_(w)
    except RuntimeError as error:
        print(error)
