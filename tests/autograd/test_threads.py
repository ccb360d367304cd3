"""Grad mode and its kin belong to each thread; anomaly detection holds for all."""

import threading

import pytorch_tutor as torch
from pytorch_tutor.autograd.graph import saved_tensors_hooks


def elsewhere(function):
    """What the function gives in another thread."""
    found = []
    thread = threading.Thread(target=lambda: found.append(function()))
    thread.start()
    thread.join()
    return found[0]


def test_modes_are_not_inherited():
    with torch.no_grad():
        assert elsewhere(torch.is_grad_enabled)
    with torch.inference_mode():
        assert not elsewhere(torch.is_inference_mode_enabled)
    with torch.autograd.set_detect_anomaly(True, check_nan=False):
        assert elsewhere(torch.is_anomaly_enabled)
        assert not elsewhere(torch.is_anomaly_check_nan_enabled)


def test_a_mode_set_elsewhere_stays_there():
    elsewhere(lambda: torch.set_grad_enabled(False))
    assert torch.is_grad_enabled()


def test_saved_tensor_hooks_are_not_inherited():
    seen = []
    x = torch.ones(2, requires_grad=True)
    with saved_tensors_hooks(lambda t: seen.append(t) or t, lambda t: t):
        elsewhere(lambda: x.exp())
        assert not seen
        x.exp()
    assert len(seen) == 1


def test_many_threads_add_to_one_leaf():
    x = torch.zeros(3, requires_grad=True)
    lock = threading.Lock()

    def work():
        y = (x * 2).sum()
        with lock:
            y.backward()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert x.grad.tolist() == [16.0, 16.0, 16.0]
