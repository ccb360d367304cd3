"""StepLR(step_size=30, gamma=0.1): the learning rate over a hundred epochs."""


def main(torch):
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=30, gamma=0.1)
    x, y = torch.randn(20, 3), torch.randn(20, 1)
    for epoch in range(100):
        optimizer.zero_grad()
        loss = ((model(x) - y) ** 2).mean()
        loss.backward()
        optimizer.step()
        scheduler.step()
        if epoch % 10 == 9:
            print(f"epoch {epoch + 1}: lr {scheduler.get_last_lr()[0]:.6f}, loss {loss.item():.5f}")
