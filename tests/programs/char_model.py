"""A model of letters with causal attention, tied weights and two groups of parameters; then text drawn from it."""


def main(torch):
    nn = torch.nn
    F = nn.functional
    torch.manual_seed(1337)
    text = "the cat sat on the mat, the rat ate the oat. " * 8
    letters = sorted(set(text))
    data = torch.tensor([letters.index(c) for c in text])
    window = 12

    def batch():
        start = torch.randint(len(data) - window, (8,))
        return torch.stack([data[i : i + window] for i in start]), torch.stack(
            [data[i + 1 : i + 1 + window] for i in start]
        )

    class Attention(nn.Module):
        def __init__(self, width, heads):
            super().__init__()
            self.heads = heads
            self.into = nn.Linear(width, 3 * width, bias=False)
            self.out = nn.Linear(width, width, bias=False)
            self.register_buffer("seen", torch.tril(torch.ones(window, window)).view(1, 1, window, window))

        def forward(self, x):
            b, t, c = x.size()
            parts = [p.view(b, t, self.heads, c // self.heads).transpose(1, 2) for p in self.into(x).split(c, dim=2)]
            q, k, v = parts
            scores = (q @ k.transpose(-2, -1)) * (c // self.heads) ** -0.5
            scores = F.softmax(scores.masked_fill(self.seen[:, :, :t, :t] == 0, float("-inf")), dim=-1)
            by_hand = scores @ v
            fused = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            assert torch.allclose(by_hand, fused, atol=1e-5)
            return self.out(by_hand.transpose(1, 2).contiguous().view(b, t, c))

    class Model(nn.Module):
        def __init__(self, width=16):
            super().__init__()
            self.parts = nn.ModuleDict(
                {
                    "token": nn.Embedding(len(letters), width),
                    "place": nn.Embedding(window, width),
                    "blocks": nn.ModuleList(
                        [nn.ModuleList([nn.LayerNorm(width), Attention(width, 2)]) for _ in range(2)]
                    ),
                    "norm": nn.LayerNorm(width),
                }
            )
            self.head = nn.Linear(width, len(letters), bias=False)
            self.parts["token"].weight = self.head.weight
            self.apply(self.start)

        def start(self, module):
            if isinstance(module, (nn.Linear, nn.Embedding)):
                nn.init.normal_(module.weight, mean=0.0, std=0.1)

        def forward(self, idx, targets=None):
            x = self.parts.token(idx) + self.parts.place(torch.arange(idx.size(1)))
            for norm, attention in self.parts.blocks:
                x = x + attention(norm(x))
            logits = self.head(self.parts.norm(x))
            loss = None if targets is None else F.cross_entropy(logits.view(-1, logits.size(-1)), targets.view(-1))
            return logits, loss

    model = Model()
    print(model)
    print(sum(p.numel() for p in model.parameters()), "parameters")
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}], lr=1e-2
    )
    for step in range(20):
        _, loss = model(*batch())
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        if step % 5 == 4:
            print(f"{step} {loss.item():.3f}")
    model.eval()
    idx = torch.zeros((1, 1), dtype=torch.long)
    with torch.no_grad():
        for _ in range(30):
            logits = model(idx[:, -window:])[0][:, -1, :] / 0.8
            best, _ = torch.topk(logits, 5)
            logits[logits < best[:, [-1]]] = -float("inf")
            idx = torch.cat((idx, torch.multinomial(F.softmax(logits, dim=-1), num_samples=1)), dim=1)
    print("".join(letters[i] for i in idx[0].tolist()))
