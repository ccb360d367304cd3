"""autograd.grad with create_graph: first, second and third derivatives, and a gradient penalty."""


def main(torch):
    x = torch.tensor([1.0, 2.0, 3.0], requires_grad=True)
    z = x**3 + torch.sin(x)
    first = torch.autograd.grad(outputs=z, inputs=x, grad_outputs=torch.ones_like(z), create_graph=True)[0]
    print(first)
    second = torch.autograd.grad(outputs=first, inputs=x, grad_outputs=torch.ones_like(first), create_graph=True)[0]
    print(second)
    third = torch.autograd.grad(second.sum(), x)[0]
    print(third)
    torch.manual_seed(0)
    critic = torch.nn.Sequential(torch.nn.Linear(2, 8), torch.nn.Tanh(), torch.nn.Linear(8, 1))
    points = torch.randn(5, 2, requires_grad=True)
    scores = critic(points)
    slopes = torch.autograd.grad(scores, points, torch.ones_like(scores), create_graph=True)[0]
    penalty = ((slopes.norm(2, dim=1) - 1) ** 2).mean()
    penalty.backward()
    print(f"{penalty.item():.6f}")
    print(critic[0].weight.grad)
