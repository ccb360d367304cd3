"""A Sequential MLP on three classes, with accuracy, state_dict and a prediction."""


def main(torch):
    nn = torch.nn
    torch.manual_seed(1)
    x = torch.randn(150, 4)
    y = x[:, :3].argmax(dim=1)
    model = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 3))
    print(model)
    print(sum(p.numel() for p in model.parameters()), "parameters")
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(60):
        loss = nn.functional.cross_entropy(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if epoch % 10 == 9:
            accuracy = (model(x).argmax(dim=1) == y).float().mean().item()
            print(f"epoch {epoch + 1}: loss {loss.item():.4f}, accuracy {accuracy:.2%}")
    model.eval()
    with torch.no_grad():
        print(nn.functional.softmax(model(x[:2]), dim=1))
    print(list(model.state_dict()))
