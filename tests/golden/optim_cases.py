"""Cases for optimizers, schedulers and data loaders, written once and run twice: by real torch and by the engine.

`T` is the module under test. `make_optim.py` runs them with torch and writes down the answers.
"""

from __future__ import annotations

import warnings
from typing import Any

OPTIMIZERS: dict[str, list[dict[str, Any]]] = {
    "SGD": [
        {"lr": 0.1},
        {"lr": 0.02, "momentum": 0.9},
        {"lr": 0.02, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01},
        {"lr": 0.002, "momentum": 0.9, "dampening": 0.5, "maximize": True},
    ],
    "Adagrad": [{}, {"lr": 0.1, "lr_decay": 0.5, "weight_decay": 0.1, "initial_accumulator_value": 0.2}],
    "RMSprop": [{}, {"momentum": 0.5, "centered": True, "weight_decay": 0.1}],
    "Adadelta": [{}, {"rho": 0.95, "weight_decay": 0.9}],
    "Adam": [{}, {"lr": 0.1, "weight_decay": 0.1, "amsgrad": True}, {"betas": (0.5, 0.9), "maximize": True}],
    "AdamW": [{}, {"lr": 0.1, "weight_decay": 0.3, "amsgrad": True}],
    "Adamax": [{}, {"lr": 0.1, "weight_decay": 0.1}],
    "NAdam": [{}, {"weight_decay": 0.1, "momentum_decay": 6e-3, "decoupled_weight_decay": True}],
    "RAdam": [{}, {"lr": 0.1, "weight_decay": 0.1}, {"lr": 0.1, "weight_decay": 0.1, "decoupled_weight_decay": True}],
    "ASGD": [{}, {"lr": 0.1, "t0": 3, "weight_decay": 0.1}],
    "Rprop": [{}, {"lr": 0.02, "etas": (0.3, 1.4), "step_sizes": (2e-6, 0.1)}],
    "Adafactor": [{}, {"lr": 0.1, "weight_decay": 0.1, "d": 1.5}],
    "LBFGS": [{"lr": 0.5, "max_iter": 3}, {"line_search_fn": "strong_wolfe", "max_iter": 4}],
}
SCHEDULERS = """
L.StepLR(o, 3)
L.StepLR(o, step_size=2, gamma=0.5)
L.MultiStepLR(o, [2, 5, 5, 9], gamma=0.3)
L.ExponentialLR(o, 0.9)
L.ConstantLR(o, factor=0.25, total_iters=4)
L.LinearLR(o, start_factor=0.1, end_factor=0.8, total_iters=7)
L.PolynomialLR(o, total_iters=9, power=2.0)
L.LambdaLR(o, lambda epoch: 0.95 ** epoch)
L.LambdaLR(o, [lambda epoch: 1 / (1 + epoch), lambda epoch: 0.5])
L.MultiplicativeLR(o, lambda epoch: 0.93)
L.CosineAnnealingLR(o, T_max=5, eta_min=0.01)
L.CosineAnnealingWarmRestarts(o, 3, T_mult=2, eta_min=1e-3)
L.ReduceLROnPlateau(o, patience=1, cooldown=1)
L.ReduceLROnPlateau(o, mode="max", factor=0.5, patience=2, threshold=0.2, threshold_mode="abs", min_lr=[0.02, 0.001])
L.CyclicLR(o, 0.01, 0.2, step_size_up=3, mode="triangular2")
L.CyclicLR(o, 0.01, 0.2, 2, 4, mode="exp_range", gamma=0.95)
L.OneCycleLR(o, max_lr=0.5, total_steps=20)
L.OneCycleLR(o, max_lr=[0.3, 0.6], epochs=2, steps_per_epoch=10, anneal_strategy="linear", three_phase=True)
L.SequentialLR(o, [L.ConstantLR(o, 0.1, total_iters=4), L.ExponentialLR(o, gamma=0.9)], milestones=[6])
L.ChainedScheduler([L.ConstantLR(o, 0.1, total_iters=5), L.ExponentialLR(o, gamma=0.9)], optimizer=o)
T.optim.swa_utils.SWALR(o, [0.05, 0.02], anneal_epochs=5)
""".strip().splitlines()
LOADERS = """
D.DataLoader(data, batch_size=4, shuffle=True)
D.DataLoader(data, batch_size=3, shuffle=True, drop_last=True)
D.DataLoader(data, batch_size=4, shuffle=True, generator=T.Generator().manual_seed(7))
D.DataLoader(data, batch_size=8, sampler=D.RandomSampler(data, replacement=True, num_samples=40))
D.DataLoader(data, sampler=D.WeightedRandomSampler([0.1, 0.5] + [0.01] * 15, 9), batch_size=5)
D.DataLoader(data, sampler=D.SubsetRandomSampler([3, 5, 8, 9]), batch_size=3)
D.DataLoader(D.random_split(data, [0.5, 0.3, 0.2])[0], batch_size=5, shuffle=True)
D.DataLoader(D.ConcatDataset([data, data]), batch_size=9, shuffle=True)
D.DataLoader(data, batch_size=None, shuffle=True)
""".strip().splitlines()
ERRORS = r"""
T.optim.SGD([], lr=0.1)
T.optim.SGD(T.ones(2), lr=0.1)
T.optim.SGD([1.0], lr=0.1)
T.optim.SGD({T.ones(1)}, lr=0.1)
T.optim.SGD([T.ones(1, requires_grad=True) * 2], lr=0.1)
T.optim.SGD([p], lr=-1)
T.optim.SGD([p], lr=0.1, momentum=-0.5)
T.optim.SGD([p], lr=0.1, weight_decay=-0.5)
T.optim.SGD([p], lr=0.1, nesterov=True)
T.optim.SGD([p], lr=T.ones(2))
T.optim.SGD([{"params": [p]}, {"params": [p]}], lr=0.1)
T.optim.SGD([("a", p), q], lr=0.1)
T.optim.SGD([{"params": [("a", p)]}, {"params": [q]}], lr=0.1)
T.optim.SGD([p], lr=0.1).add_param_group([q])
T.optim.SGD([p], lr=0.1, fused=True, foreach=True)
T.optim.SGD([p], lr=0.1).load_state_dict(T.optim.SGD([{"params": [p]}, {"params": [q]}], lr=0.1).state_dict())
T.optim.SGD([p], lr=0.1).load_state_dict(T.optim.SGD([p, q], lr=0.1).state_dict())
T.optim.Adam([p], betas=(1.0, 0.9))
T.optim.Adam([p], betas=(0.9, -0.1))
T.optim.Adam([p], eps=-1)
T.optim.Adam([p], betas=(0, 0.9))
T.optim.Adam([p], lr=T.ones(2))
T.optim.Adam([p], lr=T.tensor(0.1), foreach=True)
T.optim.Adagrad([p], lr_decay=-1)
T.optim.RMSprop([p], momentum=-1.0)
T.optim.Adadelta([p], rho=1.5)
T.optim.NAdam([p], momentum_decay=-0.2)
T.optim.Rprop([p], etas=(1.0, 0.5))
T.optim.LBFGS([{"params": [p]}, {"params": [q]}])
T.optim.Adafactor([p], lr=-1)
T.optim.Muon([p])
L.StepLR(p, 1)
L.StepLR(o, 1, last_epoch=3)
L.LambdaLR(o, [len])
L.MultiplicativeLR(o, [1, 2])
L.ConstantLR(o, factor=2)
L.LinearLR(o, start_factor=0)
L.LinearLR(o, end_factor=2)
L.ReduceLROnPlateau(o, factor=1.0)
L.ReduceLROnPlateau(o, mode="best")
L.ReduceLROnPlateau(o, threshold_mode="best")
L.ReduceLROnPlateau(o, min_lr=[0.1])
L.CosineAnnealingWarmRestarts(o, 0)
L.CosineAnnealingWarmRestarts(o, 3, T_mult=0)
L.CyclicLR(o, 0.1, 0.2, mode="square")
L.CyclicLR(o, [0.1], 0.2)
L.CyclicLR(T.optim.Rprop([p]), 0.1, 0.2)
L.OneCycleLR(o, max_lr=0.1)
L.OneCycleLR(o, max_lr=0.1, total_steps=-1)
L.OneCycleLR(o, max_lr=0.1, total_steps=10, pct_start=2.0)
L.OneCycleLR(o, max_lr=0.1, total_steps=10, anneal_strategy="exp")
L.SequentialLR(o, [], [])
L.SequentialLR(o, [L.StepLR(o, 1)], [2])
L.SequentialLR(o, [1], [])
L.SequentialLR(o, [L.ReduceLROnPlateau(o)], [])
L.ChainedScheduler([])
D.TensorDataset(T.ones(3), T.ones(4))
D.ConcatDataset([])
D.StackDataset()
D.StackDataset(data, b=data)
D.StackDataset(data, [1])
D.random_split(data, [3, 4])
D.random_split(data, [1.5, -0.5])
D.Dataset()[0]
D.ConcatDataset([data])[-99]
D.BatchSampler([1], 0, False)
D.BatchSampler([1], 2, 1)
D.RandomSampler([])
D.RandomSampler(data, replacement=1)
D.WeightedRandomSampler([[1.0]], 2)
D.WeightedRandomSampler([1.0], 0)
D.DataLoader(data, num_workers=-1)
D.DataLoader(data, timeout=-1)
D.DataLoader(data, prefetch_factor=2)
D.DataLoader(data, persistent_workers=True)
D.DataLoader(data, sampler=[0], shuffle=True)
D.DataLoader(data, batch_sampler=[[0]], batch_size=3)
D.DataLoader(data, batch_size=None, drop_last=True)
D.DataLoader(data, multiprocessing_context="fork")
D.DataLoader(data, num_workers=1, multiprocessing_context="thread")
D.DataLoader([])[0]
setattr(D.DataLoader(data), "batch_size", 3)
D.default_collate([object()])
D.default_collate([[1], [1, 2]])
D.DistributedSampler(data, num_replicas=2, rank=2)
T.optim.swa_utils.SWALR(o, 0.1, anneal_strategy="exp")
T.optim.swa_utils.SWALR(o, 0.1, anneal_epochs=-1)
T.optim.swa_utils.get_ema_avg_fn(1.5)
""".strip().splitlines()


def problem(T: Any, dtype: Any) -> tuple[list[Any], Any]:
    """Three parameters, and a closure that computes a loss and its gradients by autograd."""
    w = T.tensor([[0.5, -1.0, 2.0], [1.5, 0.25, -0.75]], dtype=dtype, requires_grad=True)
    b = T.tensor([0.1, -0.2, 0.3], dtype=dtype, requires_grad=True)
    s = T.tensor(1.25, dtype=dtype, requires_grad=True)
    x = T.tensor([[1.0, 2.0], [-1.0, 0.5], [0.25, -0.5], [2.0, 1.0]], dtype=dtype)
    params = [w, b, s]

    def closure() -> Any:
        for p in params:
            p.grad = None
        loss = ((T.tanh(x @ w + b) * s - 0.5) ** 2).sum() + 0.01 * (w * w).sum()
        loss.backward()
        return loss

    return params, closure


def trajectory(T: Any, name: str, options: dict[str, Any], dtype: Any) -> list[Any]:
    """Loss before each of 10 steps, and the parameters after steps 1 and 10 (LBFGS, which steps several times: 3)."""
    params, closure = problem(T, dtype)
    optimizer = getattr(T.optim, name)(params, **options)
    out: list[Any] = []
    last = 2 if name == "LBFGS" else 9
    for step in range(last + 1):
        out.append(optimizer.step(closure).item())
        if step in (0, last):
            out.append([p.tolist() for p in params])
    return out


def form(T: Any, name: str, options: dict[str, Any]) -> Any:
    """How an optimizer prints, and the keys of its state_dict, in order."""
    params, closure = problem(T, T.float32)
    groups: list[Any] = [{"params": params[:1]}, {"params": params[1:], "lr": 0.25}]
    optimizer = getattr(T.optim, name)(params if name == "LBFGS" else groups, **options)
    optimizer.step(closure)
    state = optimizer.state_dict()
    keys = [list(group) for group in state["param_groups"]]
    return [repr(optimizer), keys, {str(k): list(v) for k, v in state["state"].items()}]


def schedule(T: Any, code: str) -> list[Any]:
    """Learning rates and momenta of two groups over 14 epochs; in the middle everything is saved and loaded."""

    def make() -> tuple[Any, Any]:
        p = [T.zeros(1, requires_grad=True), T.zeros(1, requires_grad=True)]
        o = T.optim.SGD([{"params": p[:1]}, {"params": p[1:], "lr": 0.05}], lr=0.1, momentum=0.9)
        return o, eval(code, {"T": T, "L": T.optim.lr_scheduler, "o": o})

    optimizer, scheduler = make()
    out = []
    for epoch in range(14):
        out.append([[float(g["lr"]) for g in optimizer.param_groups], [g["momentum"] for g in optimizer.param_groups]])
        if epoch == 7:
            saved = optimizer.state_dict(), scheduler.state_dict()
            optimizer, scheduler = make()
            optimizer.load_state_dict(saved[0])
            scheduler.load_state_dict(saved[1])
        optimizer.step()
        if "Plateau" in code:
            scheduler.step(1.0 / (1 + epoch // 4))
        else:
            scheduler.step()
    return [*out, sorted(key for key in scheduler.state_dict() if not key.startswith("_"))]


def order(T: Any, code: str) -> list[Any]:
    """Which samples a loader gives in two epochs, and the next number of the global generator."""
    T.manual_seed(20240607)
    data = T.utils.data.TensorDataset(T.arange(17), T.arange(17) * 10)
    loader = eval(code, {"T": T, "D": T.utils.data, "data": data})
    out: list[Any] = [[batch[0].tolist() for batch in loader] for _ in range(2)]
    return [*out, len(loader), T.rand(1).item()]


def mistake(T: Any, code: str) -> list[str]:
    """The class and the sentence of the exception that a wrong line raises."""
    p, q = T.ones(2, requires_grad=True), T.ones(3, requires_grad=True)
    names = {
        "T": T,
        "L": T.optim.lr_scheduler,
        "D": T.utils.data,
        "p": p,
        "q": q,
        "o": T.optim.SGD([{"params": [p]}, {"params": [q]}], lr=0.1),
        "data": T.utils.data.TensorDataset(T.arange(17)),
    }
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            eval(code, names)
        except Exception as error:  # noqa: BLE001 - whatever it is, is the answer
            return [type(error).__name__, str(error)]
    return ["nothing", ""]
