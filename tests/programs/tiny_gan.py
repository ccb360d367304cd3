"""Two nets against each other: in-place leaky ReLUs after batch norm, transposed convolutions, labels refilled in place."""


def main(torch):
    nn = torch.nn
    torch.manual_seed(7)

    def prepare(module):
        kind = type(module).__name__
        if "Conv" in kind:
            nn.init.normal_(module.weight.data, 0.0, 0.1)
        elif "BatchNorm" in kind:
            nn.init.normal_(module.weight.data, 1.0, 0.1)
            nn.init.constant_(module.bias.data, 0)

    maker = nn.Sequential(
        nn.ConvTranspose2d(6, 8, 4, 1, 0, bias=False), nn.BatchNorm2d(8), nn.ReLU(True),
        nn.ConvTranspose2d(8, 1, 4, 2, 1, bias=False), nn.Tanh(),
    )  # fmt: skip
    judge = nn.Sequential(
        nn.Conv2d(1, 4, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(4, 8, 3, 1, 1, bias=False), nn.BatchNorm2d(8), nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(8, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
    )  # fmt: skip
    print(maker.apply(prepare), judge.apply(prepare))
    criterion = nn.BCELoss()
    steps = [torch.optim.Adam(net.parameters(), lr=2e-4, betas=(0.5, 0.999)) for net in (judge, maker)]
    real = torch.rand(8, 1, 8, 8).round() * 2 - 1
    for step in range(3):
        judge.zero_grad()
        label = torch.full((8,), 1.0)
        on_real = criterion(judge(real).view(-1), label)
        on_real.backward()
        fake = maker(torch.randn(8, 6, 1, 1))
        on_fake = criterion(judge(fake.detach()).view(-1), label.fill_(0.0))
        on_fake.backward()
        steps[0].step()
        maker.zero_grad()
        fooled = criterion(judge(fake).view(-1), label.fill_(1.0))
        fooled.backward()
        steps[1].step()
        print(f"[{step}] judge {(on_real + on_fake).item():.4f} maker {fooled.item():.4f}")
