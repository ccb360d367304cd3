"""Training is interrupted and goes on from a checkpoint: it must continue as if nothing had happened."""

import io


def build(torch):
    model = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Dropout(0.2), torch.nn.ReLU(), torch.nn.Linear(8, 3))
    optimizer = torch.optim.AdamW(
        [{"params": model[0].parameters(), "lr": 0.02}, {"params": model[3].parameters()}], lr=0.05, weight_decay=0.1
    )
    scheduler = torch.optim.lr_scheduler.SequentialLR(
        optimizer,
        [
            torch.optim.lr_scheduler.LinearLR(optimizer, 0.1, total_iters=2),
            torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 6),
        ],
        milestones=[2],
    )
    return model, optimizer, scheduler


def train(torch, model, optimizer, scheduler, epochs):
    for epoch in epochs:
        optimizer.zero_grad(set_to_none=True)
        for _micro in range(2):  # two small batches make one step
            x = torch.randn(6, 4)
            loss = torch.nn.functional.cross_entropy(model(x), x.argmax(1) % 3, label_smoothing=0.1) / 2
            loss.backward()
        optimizer.step()
        scheduler.step()
        print(epoch, f"{loss.item():.5f}", [f"{rate:.5f}" for rate in scheduler.get_last_lr()])


def main(torch):
    torch.manual_seed(11)
    parts = build(torch)
    train(torch, *parts, range(3))
    memory = io.BytesIO()
    torch.save({"parts": [part.state_dict() for part in parts], "random": torch.get_rng_state()}, memory)
    train(torch, *parts, range(3, 6))
    memory.seek(0)
    checkpoint = torch.load(memory)
    again = build(torch)
    for part, state in zip(again, checkpoint["parts"], strict=True):
        print(part.load_state_dict(state))
    torch.set_rng_state(checkpoint["random"])
    train(torch, *again, range(3, 6))
    print(all(torch.equal(a, b) for a, b in zip(parts[0].parameters(), again[0].parameters(), strict=True)))
    try:
        torch.nn.Linear(3, 2).load_state_dict({"weight": torch.zeros(2, 4), "scale": torch.zeros(1)})
    except RuntimeError as error:
        print(error)
    print(again[1])
