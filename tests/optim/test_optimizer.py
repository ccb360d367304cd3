"""What all optimizers share: groups, zeroing, hooks, closures, saving, own rules; and what a reader relies on."""

import copy
import pickle
import warnings

import numpy as np
import pytest

import pytorch_tutor as torch


def leaf(*values):
    return torch.tensor(values, requires_grad=True)


def with_grad(*values):
    p = leaf(*values)
    p.grad = torch.ones_like(p).detach()
    return p


ALL = [
    "SGD",
    "Adagrad",
    "RMSprop",
    "Adadelta",
    "Adam",
    "AdamW",
    "Adamax",
    "NAdam",
    "RAdam",
    "ASGD",
    "Rprop",
    "Adafactor",
]


@pytest.mark.parametrize("name", ALL)
def test_lowers_a_loss_and_records_no_graph(name):
    p = leaf(3.0, -2.0)
    optimizer = getattr(torch.optim, name)([p], lr=0.1)
    losses = []
    for _ in range(30):
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0]
    assert p.is_leaf
    assert p.requires_grad
    assert not any(v.requires_grad for v in optimizer.state[p].values())


@pytest.mark.parametrize("name", ALL)
def test_writes_in_place(name):
    """A NumPy array that shares a parameter's memory sees the step, and the version counter counts it."""
    p = with_grad(1.0, 2.0)
    memory, version = p.detach().numpy(), p._version
    getattr(torch.optim, name)([p], lr=0.1).step()
    assert not np.array_equal(memory, [1.0, 2.0])
    assert p._version > version


def test_step_makes_an_old_graph_invalid():
    p = leaf(1.0)
    loss = (p**2).sum()
    loss.backward(retain_graph=True)
    torch.optim.SGD([p], lr=0.1).step()
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        loss.backward()


def test_a_parameter_without_gradient_is_left_alone():
    p, q = with_grad(1.0), leaf(1.0)
    optimizer = torch.optim.Adam([p, q])
    optimizer.step()
    assert q.item() == 1.0
    assert q not in optimizer.state


def test_groups_have_options_of_their_own():
    p, q = with_grad(1.0), with_grad(1.0)
    torch.optim.SGD([{"params": [p]}, {"params": [q], "lr": 0.5}], lr=0.25).step()
    assert (p.item(), q.item()) == (0.75, 0.5)


def test_names():
    optimizer = torch.optim.SGD([("weight", leaf(1.0)), ("bias", leaf(2.0))], lr=0.1)
    assert optimizer.state_dict()["param_groups"][0]["param_names"] == ["weight", "bias"]


def test_duplicates_warn():
    p = leaf(1.0)
    with pytest.warns(UserWarning, match="duplicate parameters"):
        torch.optim.SGD([p, p], lr=0.1)


def test_zero_grad():
    p = with_grad(1.0, 2.0)
    optimizer = torch.optim.SGD([p], lr=0.1)
    kept = p.grad
    optimizer.zero_grad(set_to_none=False)
    assert p.grad is kept
    assert kept.tolist() == [0.0, 0.0]
    optimizer.zero_grad()
    assert p.grad is None


def test_closure_runs_with_gradients_on_and_its_loss_is_returned():
    p = leaf(3.0)
    optimizer = torch.optim.SGD([p], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        return loss

    with torch.no_grad():
        assert optimizer.step(closure).item() == 9.0
    assert p.item() == 1.5


def test_hooks_run_in_order_and_can_be_removed():
    seen = []
    optimizer = torch.optim.SGD([with_grad(1.0)], lr=0.1)
    handles = [
        optimizer.register_step_pre_hook(lambda opt, args, kwargs: seen.append("before")),
        optimizer.register_step_post_hook(lambda opt, args, kwargs: seen.append("after")),
        torch.optim.optimizer.register_optimizer_step_pre_hook(lambda opt, args, kwargs: seen.append("all before")),
        torch.optim.optimizer.register_optimizer_step_post_hook(lambda opt, args, kwargs: seen.append("all after")),
    ]
    optimizer.step()
    for handle in handles:
        handle.remove()
    optimizer.step()
    assert seen == ["all before", "before", "after", "all after"]


def test_hooks_run_once_where_a_subclass_calls_super():
    class Twice(torch.optim.SGD):
        def step(self, closure=None):
            super().step()
            return super().step(closure)

    seen = []
    p = with_grad(1.0)
    optimizer = Twice([p], lr=0.25)
    optimizer.register_step_post_hook(lambda *_: seen.append(p.item()))
    optimizer.step()
    assert seen == [0.5]


def test_pre_hook_changes_the_arguments():
    p = with_grad(1.0)
    optimizer = torch.optim.SGD([p], lr=0.1)
    optimizer.register_step_pre_hook(lambda opt, args, kwargs: ((opt, lambda: "from the hook"), {}))
    assert optimizer.step() == "from the hook"
    optimizer.register_step_pre_hook(lambda opt, args, kwargs: 3)
    with pytest.raises(RuntimeError, match=r"must return None or a tuple of \(new_args, new_kwargs\), but got 3"):
        optimizer.step()


def test_state_dict_hooks():
    optimizer = torch.optim.SGD([leaf(1.0)], lr=0.1)
    optimizer.register_state_dict_pre_hook(lambda opt: opt.param_groups[0].update(lr=0.2))
    optimizer.register_state_dict_post_hook(lambda opt, state: {**state, "extra": 1})
    assert optimizer.state_dict()["extra"] == 1
    assert optimizer.state_dict()["param_groups"][0]["lr"] == 0.2
    optimizer.register_load_state_dict_pre_hook(
        lambda opt, state: {**state, "param_groups": [{"lr": 7.0, "params": [0]}]}
    )
    seen = []
    optimizer.register_load_state_dict_post_hook(lambda opt: seen.append(opt.param_groups[0]["lr"]))
    optimizer.load_state_dict(optimizer.state_dict())
    assert seen == [7.0]


@pytest.mark.parametrize("name", ALL)
def test_a_loaded_optimizer_goes_on_as_if_nothing_had_happened(name):
    def run(interrupted):
        p = leaf(1.0, -2.0, 0.5)
        optimizer = getattr(torch.optim, name)([p], lr=0.1)
        for step in range(6):
            if interrupted and step == 3:
                saved = copy.deepcopy(optimizer.state_dict())
                optimizer = getattr(torch.optim, name)([p], lr=0.7)
                optimizer.load_state_dict(saved)
            optimizer.zero_grad()
            (p**2).sum().backward()
            optimizer.step()
        return p.tolist()

    assert run(True) == run(False)


def test_loading_casts_to_the_parameter_but_keeps_the_counter():
    source = torch.optim.Adam([with_grad(1.0)])
    source.step()
    target = torch.optim.Adam([torch.tensor([1.0], dtype=torch.float64, requires_grad=True)])
    target.load_state_dict(source.state_dict())
    (state,) = target.state.values()
    assert state["exp_avg"].dtype is torch.float64
    assert state["step"].dtype is torch.float32


def test_old_checkpoints_with_plain_counters():
    p = with_grad(1.0)
    optimizer = torch.optim.Adam([p])
    optimizer.step()
    state = optimizer.state_dict()
    state["state"][0]["step"] = 1
    for option in ("maximize", "fused", "decoupled_weight_decay"):
        del state["param_groups"][0][option]
    optimizer.load_state_dict(state)
    optimizer.step()
    assert optimizer.state[p]["step"].item() == 2


def test_pickle():
    optimizer = torch.optim.Adam([with_grad(1.0)])
    optimizer.step()
    again = pickle.loads(pickle.dumps(optimizer))
    assert repr(again) == repr(optimizer)
    again.step()


def test_an_own_rule_in_pytorchs_manner():
    class Own(torch.optim.Optimizer):
        def __init__(self, params, lr=torch.optim.optimizer.required):
            super().__init__(params, {"lr": lr})

        @torch.no_grad()
        def step(self, closure=None):
            for group in self.param_groups:
                for p in group["params"]:
                    p -= group["lr"] * p.grad

    p = with_grad(1.0)
    Own([p], lr=0.25).step()
    assert p.item() == 0.75
    with pytest.raises(ValueError, match="didn't specify a value of required optimization parameter lr"):
        Own([p])


def test_learning_rate_as_a_tensor():
    p, lr = with_grad(1.0), torch.tensor(0.5)
    optimizer = torch.optim.SGD([p], lr=lr)
    lr.fill_(0.25)
    optimizer.step()
    assert p.item() == 0.75


def test_differentiable_step():
    """The derivative of the loss after one step by the learning rate: d/dlr (w - lr g)^2 = -2 (w - lr g) g."""
    w = torch.tensor(1.0, requires_grad=True)
    lr = torch.tensor(0.1, requires_grad=True)
    p = w.clone()
    p.grad = torch.tensor(2.0)
    torch.optim.SGD([p], lr=lr, differentiable=True).step()
    (p**2).backward()
    assert lr.grad.item() == pytest.approx(-2 * 0.8 * 2.0)
    assert w.grad.item() == pytest.approx(2 * 0.8)


def test_capturable_is_refused_on_a_cpu():
    with pytest.raises(AssertionError, match="If capturable=True, params and state_steps must be on supported devices"):
        torch.optim.Adam([with_grad(1.0)], capturable=True).step()


def test_complex_parameters_are_pairs_of_real_ones():
    z = torch.tensor([1.0 + 2.0j], requires_grad=True)
    z.grad = torch.tensor([0.5 - 1.0j])
    x = leaf(1.0, 2.0)
    x.grad = torch.tensor([0.5, -1.0])
    torch.optim.Adam([z], lr=0.1).step()
    torch.optim.Adam([x], lr=0.1).step()
    np.testing.assert_allclose([z.real.item(), z.imag.item()], x.tolist(), rtol=1e-6)


def test_lbfgs_solves_a_quadratic_and_refuses_other_searches():
    p = leaf(3.0, -1.0)

    def closure():
        optimizer.zero_grad()
        loss = ((p - torch.tensor([1.0, 2.0])) ** 2 * torch.tensor([1.0, 10.0])).sum()
        loss.backward()
        return loss

    optimizer = torch.optim.LBFGS([p], line_search_fn="strong_wolfe")
    optimizer.step(closure)
    np.testing.assert_allclose(p.tolist(), [1.0, 2.0], atol=1e-5)
    p = leaf(3.0, -1.0)
    optimizer = torch.optim.LBFGS([p], line_search_fn="backtracking")
    with pytest.raises(RuntimeError, match="only 'strong_wolfe' is supported"):
        optimizer.step(closure)


def test_muon_makes_the_step_orthogonal():
    g = torch.tensor([[2.0, 0.0], [0.0, 0.01]])
    step = torch.optim.muon.orthogonalize(g, (3.4445, -4.7750, 2.0315), 5, 1e-7).float()
    singular = np.linalg.svd(step.numpy(), compute_uv=False)
    assert np.all((singular > 0.5) & (singular < 1.3))
    p = torch.zeros(2, 2, requires_grad=True)
    p.grad = g
    torch.optim.Muon([p], lr=0.1, nesterov=False, momentum=0.5).step()
    assert p[0, 0].item() == pytest.approx(-0.1, rel=0.4)


def test_every_error_teaches():
    with pytest.raises(ValueError, match="Invalid learning rate: -1") as caught:
        torch.optim.SGD([leaf(1.0)], lr=-1)
    assert any("try" in note for note in caught.value.__notes__)


def test_interrupt_in_a_closure_leaves_the_optimizer_usable():
    p = leaf(1.0)
    optimizer = torch.optim.Adam([p])

    def closure():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        optimizer.step(closure)
    assert torch.is_grad_enabled()
    (p**2).sum().backward()
    optimizer.step()
    assert p.item() < 1.0


def test_no_warnings_in_an_ordinary_step():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        torch.optim.Adam([with_grad(1.0)]).step()
