"""Learning to learn a sine in one step (MAML): the gradient of a loss after a step of gradient descent."""

import math


def forward(torch, x, weights):
    hidden = torch.tanh(x @ weights[0] + weights[1])
    return hidden @ weights[2] + weights[3]


def main(torch):
    torch.manual_seed(3)
    shapes = [(1, 12), (12,), (12, 1), (1,)]
    weights = [(0.5 * torch.randn(shape)).requires_grad_() for shape in shapes]
    optimizer = torch.optim.Adam(weights, lr=0.01)
    for step in range(5):
        total = 0.0
        for _task in range(3):
            height, phase = torch.rand(2) * torch.tensor([4.0, math.pi])
            x = torch.rand(10, 1) * 6 - 3
            y = height * torch.sin(x + phase)
            inner = torch.nn.functional.mse_loss(forward(torch, x[:5], weights), y[:5])
            slopes = torch.autograd.grad(inner, weights, create_graph=True)
            adapted = [w - 0.05 * slope for w, slope in zip(weights, slopes, strict=True)]
            total = total + torch.nn.functional.mse_loss(forward(torch, x[5:], adapted), y[5:])
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
        print(f"{step} {total.item():.5f} {weights[0].grad.norm().item():.5f}")
    curve = torch.func.vmap(torch.func.grad(lambda v: forward(torch, v.reshape(1, 1), weights).sum()))
    print(curve(torch.tensor([-1.0, 0.0, 1.0])).detach())
