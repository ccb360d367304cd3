"""A small generative adversarial network: a critic with gradient penalty, a generator with batch normalisation."""


def penalty(torch, critic, real, fake):
    mix = torch.rand(len(real), 1)
    between = (mix * real + (1 - mix) * fake).requires_grad_(True)
    scores = critic(between)
    slope = torch.autograd.grad(
        outputs=scores, inputs=between, grad_outputs=torch.ones_like(scores), create_graph=True, retain_graph=True
    )[0]
    return ((slope.norm(2, dim=1) - 1) ** 2).mean()


def main(torch):
    nn = torch.nn
    torch.manual_seed(5)
    generator = nn.Sequential(
        nn.Linear(3, 16), nn.BatchNorm1d(16), nn.LeakyReLU(0.2, inplace=True), nn.Linear(16, 6), nn.Tanh()
    )
    critic = nn.Sequential(nn.Linear(6, 16), nn.LeakyReLU(0.2, inplace=True), nn.Linear(16, 1))
    for part in (generator, critic):
        for module in part.modules():
            if isinstance(module, nn.Linear):
                nn.init.orthogonal_(module.weight, gain=nn.init.calculate_gain("leaky_relu", 0.2))
                nn.init.zeros_(module.bias)
    print(generator, critic)
    g = torch.optim.Adam(generator.parameters(), lr=1e-3, betas=(0.5, 0.9))
    c = torch.optim.RMSprop(critic.parameters(), lr=1e-3, eps=1e-2)
    for step in range(4):
        real = torch.randn(8, 6).clamp(-1, 1)
        fake = generator(torch.randn(8, 3)).detach()
        loss = critic(fake).mean() - critic(real).mean() + 10 * penalty(torch, critic, real, fake)
        c.zero_grad()
        loss.backward()
        c.step()
        made = -critic(generator(torch.randn(8, 3))).mean()
        g.zero_grad()
        made.backward()
        g.step()
        print(f"{step} critic {loss.item():.4f} generator {made.item():.4f}")
    print(generator[1].running_mean[:4], generator[1].num_batches_tracked)
