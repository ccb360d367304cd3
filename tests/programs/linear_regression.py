"""A line through points: nn.Linear(1, 1), SGD, the loss every ten epochs."""


def main(torch):
    torch.manual_seed(0)
    x = torch.randn(100, 1)
    y = 30.0 * x + 5.0 * torch.randn(100, 1)
    x = (x - x.mean()) / x.std()
    y = (y - y.mean()) / y.std()
    model = torch.nn.Linear(1, 1)
    criterion = torch.nn.MSELoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for epoch in range(100):
        prediction = model(x)
        loss = criterion(prediction, y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if (epoch + 1) % 10 == 0:
            print(f"epoch [{epoch + 1}/100], loss: {loss.item():.4f}")
    print(model.weight, model.bias)
