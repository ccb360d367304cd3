"""Three wrong programs that circulate; each is to fail with PyTorch's own sentence."""


def flattened_wrongly(torch):
    """64 * 6 * 6 features declared, 64 * 7 * 7 are what two poolings leave of a 28 x 28 picture."""
    nn = torch.nn
    model = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 6 * 6, 128),
    )
    model(torch.zeros(64, 1, 28, 28))


def module_for_tensor(torch):
    """The layer itself is passed on instead of its result."""
    layer = torch.nn.Linear(4, 4)
    torch.nn.functional.relu(layer)


def integer_gradient(torch):
    """Integers cannot have gradients."""
    x = torch.tensor([1, 2, 3])
    z = x * x
    torch.autograd.grad(outputs=z, inputs=x, grad_outputs=torch.ones_like(z), create_graph=True)


MISTAKES = (flattened_wrongly, module_for_tensor, integer_gradient)


def main(torch):
    for mistake in MISTAKES:
        try:
            mistake(torch)
        except Exception as error:  # noqa: BLE001 - which one it is, is what is printed
            print(f"{mistake.__name__}: {type(error).__name__}: {error}")
