"""Learning from a memory of moves: deques, gather, a slow copy of the net, in-place operators, policy gradients."""

import random
from collections import deque


def main(torch):
    nn = torch.nn
    F = nn.functional
    torch.manual_seed(0)
    chance = random.Random(0)
    policy = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 2))
    slow = nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.Linear(16, 2))
    print(slow.load_state_dict(policy.state_dict()))
    optimizer = torch.optim.AdamW(policy.parameters(), lr=1e-2, amsgrad=True)
    memory = deque(maxlen=64)
    for number in range(48):
        state = torch.tensor([[chance.uniform(-1, 1) for _ in range(3)]])
        action = torch.tensor([[chance.randrange(2)]])
        after = None if number % 6 == 5 else state + 0.1
        memory.append((state, action, after, torch.tensor([1.0 if (state[0, 0] > 0) == bool(action) else -1.0])))
    for step in range(6):
        states, actions, afters, rewards = zip(*chance.sample(memory, 16), strict=True)
        goes_on = torch.tensor(tuple(s is not None for s in afters))
        chosen = policy(torch.cat(states)).gather(1, torch.cat(actions))
        ahead = torch.zeros(16)
        with torch.no_grad():
            ahead[goes_on] = slow(torch.cat([s for s in afters if s is not None])).max(1).values
        loss = nn.SmoothL1Loss()(chosen, (ahead * 0.9 + torch.cat(rewards)).unsqueeze(1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(policy.parameters(), 100)
        optimizer.step()
        kept, new = slow.state_dict(), policy.state_dict()
        for key in new:
            kept[key] = new[key] * 0.1 + kept[key] * 0.9
        slow.load_state_dict(kept)
        print(f"{step} {loss.item():.4f}")
    returns = deque()
    total = 0.0
    for reward in (1.0, 0.0, 2.0):
        total = reward + 0.5 * total
        returns.appendleft(total)
    values = torch.tensor(returns)
    same = values
    values -= values.mean()
    values **= 2
    values %= 1.5
    print(values, same is values, values._version)
    spread = torch.distributions.Categorical(F.softmax(policy(torch.ones(2, 3)), dim=1))
    action = spread.sample()
    (-spread.log_prob(action) * values[:2]).sum().backward()
    print(action, spread.entropy(), type(values), type(policy[0].weight))
