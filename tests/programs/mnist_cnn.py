"""The MNIST network: two convolutions with pooling, two linear layers, SGD with momentum, batches of 64."""


def pictures(torch, count, channels, size, classes):
    """Noise with a bright square whose place tells the class: learnable, and the same on every machine."""
    images = torch.randn(count, channels, size, size) * 0.3
    labels = torch.randint(0, classes, (count,))
    for i in range(count):
        row, column = divmod(int(labels[i]), 4)
        top, left = 2 + row * (size // 4), 1 + column * (size // 4)
        images[i, :, top : top + 4, left : left + 4] += 1.0
    return images, labels


def main(torch):
    nn, functional = torch.nn, torch.nn.functional

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv1 = nn.Conv2d(1, 32, kernel_size=3, padding=1)
            self.conv2 = nn.Conv2d(32, 64, kernel_size=3, padding=1)
            self.pool = nn.MaxPool2d(2, 2)
            self.fc1 = nn.Linear(64 * 7 * 7, 128)
            self.fc2 = nn.Linear(128, 10)

        def forward(self, x):
            x = self.pool(functional.relu(self.conv1(x)))
            x = self.pool(functional.relu(self.conv2(x)))
            x = x.view(-1, 64 * 7 * 7)
            return self.fc2(functional.relu(self.fc1(x)))

    torch.manual_seed(0)
    dataset = torch.utils.data.TensorDataset(*pictures(torch, 256, 1, 28, 10))
    loader = torch.utils.data.DataLoader(dataset, batch_size=64, shuffle=True)
    model = Net()
    print(model)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    for epoch in range(2):
        for step, (images, labels) in enumerate(loader):
            optimizer.zero_grad()
            loss = criterion(model(images), labels)
            loss.backward()
            optimizer.step()
            print(f"epoch {epoch + 1}, step {step + 1}: {loss.item():.4f}")
    model.eval()
    with torch.no_grad():
        correct = sum((model(images).argmax(1) == labels).sum().item() for images, labels in loader)
    print(f"{correct} of {len(dataset)} correct")
