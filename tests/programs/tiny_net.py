"""Net(2 -> 3 -> 1) with ReLU on rand(100, 2): MSE, SGD, a thousand epochs."""


def main(torch):
    nn = torch.nn

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.fc1 = nn.Linear(2, 3)
            self.fc2 = nn.Linear(3, 1)

        def forward(self, x):
            return self.fc2(torch.relu(self.fc1(x)))

    torch.manual_seed(42)
    x = torch.rand(100, 2)
    y = (x[:, 0] + x[:, 1]).unsqueeze(1)
    net = Net()
    print(net)
    criterion = nn.MSELoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    for epoch in range(1000):
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
        if (epoch + 1) % 100 == 0:
            print(f"Epoch [{epoch + 1}/1000], Loss: {loss.item():.4f}")
    for name, parameter in net.named_parameters():
        print(name, parameter.data)
