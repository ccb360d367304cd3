"""Devices: a clear sentence where there is no GPU, and a gradient that travels back from where the copy went."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor.backends import to_device
from pytorch_tutor.dispatch import apply
from pytorch_tutor.ops.shape import ToDevice

without_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="this computer has a GPU: nothing is refused")


@without_gpu
@pytest.mark.parametrize("move", [lambda x: x.cuda(), lambda x: x.to("cuda"), lambda x: x.to(torch.device("cuda:0"))])
def test_without_a_gpu_the_sentence_is_pytorchs_and_says_what_to_do(move):
    with pytest.raises(AssertionError, match="Torch not compiled with CUDA enabled") as caught:
        move(torch.ones(2))
    assert str(caught.value) == "Torch not compiled with CUDA enabled"  # the lesson stands in the notes
    assert any("pytorch-tutor[cuda]" in note for note in caught.value.__notes__)


@without_gpu
def test_without_a_gpu_questions_have_answers():
    assert torch.cuda.device_count() == 0
    assert torch.cuda.memory_allocated() == 0
    assert torch.accelerator.current_accelerator() is None
    torch.cuda.manual_seed_all(0)
    torch.cuda.empty_cache()


def test_the_gradient_of_a_copy_comes_back():
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    copied = apply(ToDevice, x, target=torch.device("cpu"), move=to_device)
    (copied * copied).sum().backward()
    assert copied.grad_fn.name() == "ToCopyBackward0"
    assert x.grad.tolist() == [2.0, 4.0]
