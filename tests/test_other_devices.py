"""Devices that this engine does not use: a program that asks for them goes on, one that takes them hears so."""

import pytest

import pytorch_tutor as torch


@pytest.mark.parametrize("kind", ["xpu", "mps", "mtia"])
def test_asking(kind):
    place = getattr(torch, kind)
    assert place.is_available() is False
    assert place.device_count() == 0
    assert place.manual_seed(3) is None
    assert torch.device(kind if place.is_available() else "cpu") == torch.device("cpu")


def test_xpu_has_no_memory():
    assert torch.xpu.memory_allocated() == torch.xpu.max_memory_allocated() == torch.xpu.memory_reserved() == 0
    assert torch.xpu.empty_cache() is None
    for call in (torch.xpu.synchronize, torch.xpu.current_device, torch.xpu.get_device_name, torch.xpu.mem_get_info):
        with pytest.raises(AssertionError, match="Torch not compiled with XPU enabled"):
            call()


def test_mtia_has_no_device():
    for call, name in ((torch.mtia.synchronize, "getCurrentDevice"), (torch.mtia.empty_cache, "emptyCache")):
        with pytest.raises(RuntimeError, match=rf"Cannot execute {name}\(\) without MTIA backend\."):
            call()


@pytest.mark.parametrize(
    ("kind", "error", "sentence"),
    [
        ("xpu", AssertionError, "Torch not compiled with XPU enabled"),
        ("mtia", AssertionError, "Torch not compiled with MTIA enabled"),
        ("mps", RuntimeError, "PyTorch is not linked with support for mps devices"),
        ("vulkan", RuntimeError, "PyTorch is not linked with support for vulkan devices"),
    ],
)
def test_taking(kind, error, sentence):
    for take in (
        lambda: torch.ones(2).to(kind),
        lambda: torch.tensor([1.0], device=kind),
        lambda: torch.nn.Linear(1, 1).to(kind),
    ):
        with pytest.raises(error, match=sentence):
            take()
