"""A CIFAR-10 network: five convolutions with pooling and batch norm, two linear layers with dropout, Adam."""

from mnist_cnn import pictures


def main(torch):
    nn = torch.nn

    def block(inputs, outputs, pool):
        layers = [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]
        return layers + [nn.MaxPool2d(2)] if pool else layers

    torch.manual_seed(7)
    model = nn.Sequential(
        *block(3, 16, False),
        *block(16, 16, True),
        *block(16, 32, False),
        *block(32, 32, True),
        *block(32, 48, True),
        nn.Flatten(),
        nn.Linear(48 * 4 * 4, 64),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(64, 10),
    )
    print(model)
    images, labels = pictures(torch, 96, 3, 32, 10)
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(images, labels), batch_size=32, shuffle=True)
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    for epoch in range(2):
        model.train()
        running = 0.0
        for inputs, targets in loader:
            optimizer.zero_grad()
            loss = nn.functional.cross_entropy(model(inputs), targets)
            loss.backward()
            optimizer.step()
            running += loss.item()
        print(f"epoch {epoch + 1}: {running / len(loader):.3f}")
    model.eval()
    with torch.no_grad():
        print(model(images[:2]).argmax(1).tolist())
    print(model[1].num_batches_tracked)
