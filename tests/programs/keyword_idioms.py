"""Names and spellings that courses use beside the usual ones: each prints what it gives."""


def main(torch):
    x = torch.arange(12.0).reshape(1, 3, 4)
    print(x.sum(axis=-1, keepdims=True), x.argmax(axis=2), torch.softmax(x, axis=-1)[0, 0])
    print(x.squeeze(dim=0).shape, torch.stack([x, x], axis=1).shape, torch.zeros(size=(2, 2)), torch.ones(size=[2]))
    print(torch.LongTensor(range(4)), torch.FloatTensor(2, 3).shape, torch.Tensor([1, 2]).type())
    near_zero = torch.arange(-5.0, 5.0, 0.1)  # the place of 0 is not 0 in single precision
    print(near_zero[48:53], torch.arange(-1.0, 1.0, 0.1, dtype=torch.float64)[10])
    print(torch.linspace(-1, 1, 7), (torch.linspace(0, 1, 11) * 1e7).tolist())
    torch.manual_seed(0)
    queries, weight = torch.randn(2, 3, 4), torch.randn(4, 2, requires_grad=True)
    print((queries @ weight).grad_fn.name(), (queries @ queries.transpose(1, 2) @ queries @ weight).grad_fn.name())
    layer = torch.nn.Linear(4, 2)
    print(layer(queries).grad_fn.name(), layer(queries.transpose(0, 1)).grad_fn.name())
    points = torch.tensor([[4.0, 1.0], [5.0, 3.0]])
    points.untyped_storage()
    points.storage()[1] = 7.0
    print(points, points.t().stride())
    print(torch.nn.GRU(2, 3)._flat_weights_names)
    losses = torch.tensor([35.7, 55.9, 58.2, 81.9, 56.3, 48.9, 33.9, 21.8, 48.4, 60.4, 68.4])
    print(losses.pow(2).mean().item(), losses.sum().item(), torch.nn.functional.mse_loss(losses, losses.sqrt()).item())
