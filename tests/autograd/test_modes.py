"""Grad mode: a context, a decorator, a generator's mode; and each thread's own."""

import threading

import pytest

import pytorch_tutor as torch


def recorded(x):
    return (x * 2).requires_grad


@pytest.fixture
def x():
    return torch.ones(2, requires_grad=True)


def test_contexts_nest_and_end_on_errors(x):
    with torch.no_grad():
        assert not recorded(x)
        with torch.enable_grad():
            assert recorded(x)
        assert not recorded(x)
    with pytest.raises(ZeroDivisionError), torch.no_grad():
        raise ZeroDivisionError
    assert recorded(x)


@pytest.mark.parametrize("switch", [torch.no_grad, torch.no_grad(), torch.inference_mode, torch.inference_mode()])
def test_decorators(x, switch):
    @switch
    def function(t):
        """Words."""
        return recorded(t)

    assert function(x) is False
    assert (function.__name__, function.__doc__) == ("function", "Words.")
    assert function(x) is False  # a switch serves many calls
    assert recorded(x)


def test_a_switch_can_be_entered_again(x):
    switch = torch.no_grad()
    with switch, switch:
        assert not recorded(x)
    assert recorded(x)


def test_set_grad_enabled(x):
    with torch.set_grad_enabled(False):
        assert not recorded(x)
    before = torch.is_grad_enabled()
    torch.set_grad_enabled(False)
    assert not recorded(x)
    torch.set_grad_enabled(before)

    @torch.set_grad_enabled(False)
    def function(t):
        return recorded(t)

    assert recorded(x)
    assert function(x) is False


def test_the_mode_holds_while_a_generator_runs_and_not_while_it_waits(x):
    closed = []

    @torch.no_grad()
    def generator():
        try:
            while True:
                got = yield recorded(x)
                closed.append(got)
        except ValueError:
            yield "thrown", recorded(x)
        finally:
            closed.append(("closed", recorded(x)))

    g = generator()
    assert next(g) is False
    assert recorded(x)
    assert g.send(7) is False
    assert g.throw(ValueError) == ("thrown", False)
    g.close()
    assert recorded(x)
    assert closed == [7, ("closed", False)]


def test_each_thread_has_its_own(x):
    found = []
    with torch.no_grad():
        thread = threading.Thread(target=lambda: found.append(recorded(x)))
        thread.start()
        thread.join()
    assert found == [True]


def test_threads_may_go_backward_at_once():
    def work(results):
        x = torch.ones(3, requires_grad=True)
        for _ in range(50):
            (x * x).sum().backward()
        results.append(x.grad.tolist())

    results = []
    threads = [threading.Thread(target=work, args=(results,)) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert results == [[100.0] * 3] * 4


def test_results_without_grad_mode_have_no_history_but_in_place_keeps_it(x):
    y = x * 2
    with torch.no_grad():
        y.add_(1)
    assert y.grad_fn.name() == "MulBackward0"
    y.sum().backward()
    assert x.grad.tolist() == [2, 2]
