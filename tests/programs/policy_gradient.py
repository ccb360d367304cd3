"""A policy learns to walk right, by REINFORCE with an environment of its own: sampling, log_prob, returns."""


class Corridor:
    """Seven fields; the right end pays 1, and every walk ends after twelve steps."""

    def reset(self):
        self.place, self.time = 3, 0
        return [self.place / 6, self.time / 12]

    def step(self, action):
        self.place, self.time = self.place + (1 if action == 1 else -1), self.time + 1
        done = self.place in (0, 6) or self.time == 12
        return [self.place / 6, self.time / 12], float(self.place == 6), done


def main(torch):
    torch.manual_seed(7)
    nn = torch.nn
    policy = nn.Sequential(nn.Linear(2, 16), nn.Tanh(), nn.Linear(16, 2))
    optimizer = torch.optim.Adam(policy.parameters(), lr=0.02)
    world = Corridor()
    for episode in range(12):
        state, done, log_probs, rewards = world.reset(), False, [], []
        while not done:
            choice = torch.distributions.Categorical(logits=policy(torch.tensor([state])))
            action = choice.sample()
            log_probs.append(choice.log_prob(action))
            state, reward, done = world.step(action.item())
            rewards.append(reward)
        returns, total = [], 0.0
        for reward in reversed(rewards):
            total = reward + 0.9 * total
            returns.insert(0, total)
        loss = -(torch.cat(log_probs) * torch.tensor(returns)).sum()
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(policy.parameters(), 0.5)
        optimizer.step()
        print(f"{episode} steps {len(rewards)} return {returns[0]:.4f} loss {loss.item():.4f} norm {norm:.4f}")
    print(torch.softmax(policy(torch.tensor([[0.5, 0.0]])), dim=-1))
