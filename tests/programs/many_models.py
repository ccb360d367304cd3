"""torch.func on whole models: a gradient for each sample, an ensemble in one call, a skeleton on the meta device."""

import copy


def main(torch):
    nn = torch.nn
    F = nn.functional
    functional_call, grad, stack_module_state, vmap = (
        torch.func.functional_call, torch.func.grad, torch.func.stack_module_state, torch.func.vmap
    )  # fmt: skip
    torch.manual_seed(0)

    class Net(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(1, 3, 3)
            self.fc = nn.Linear(12, 4)

        def forward(self, x):
            return F.log_softmax(self.fc(F.max_pool2d(F.relu(self.conv(x)), 2).flatten(1)), dim=1)

    model, data, targets = Net(), torch.randn(5, 1, 6, 6), torch.randint(4, (5,))
    params = {name: p.detach() for name, p in model.named_parameters()}

    def loss(params, sample, target):
        return F.nll_loss(functional_call(model, params, (sample.unsqueeze(0),)), target.unsqueeze(0))

    each = vmap(grad(loss), in_dims=(None, 0, 0))(params, data, targets)
    for number in range(5):
        model.zero_grad()
        F.nll_loss(model(data[number : number + 1]), targets[number : number + 1]).backward()
        for name, p in model.named_parameters():
            assert torch.allclose(p.grad, each[name][number], atol=1e-5)
    print({name: g.shape for name, g in each.items()})

    models = [Net() for _ in range(3)]
    stacked, buffers = stack_module_state(models)
    skeleton = copy.deepcopy(models[0]).to("meta")
    print(skeleton.fc.weight.device, skeleton.fc.bias)

    def run(params, buffers, x):
        return functional_call(skeleton, (params, buffers), (x,))

    together = vmap(run, in_dims=(0, 0, None))(stacked, buffers, data)
    print(together.shape, torch.allclose(together, torch.stack([m(data) for m in models]), atol=1e-5))
    with torch.device("meta"):
        empty = Net()
        print(empty(torch.empty(2, 1, 6, 6)).shape, torch.ones(2))
    print(empty.load_state_dict(models[0].state_dict(), assign=True), empty.fc.bias.device)
    print(torch.equal(empty(data), models[0](data)), torch.ones(2).device)
