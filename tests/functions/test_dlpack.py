"""DLPack: memory shared with other array libraries; NumPy stands for them all."""

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor.utils import dlpack

CONSUMED = (
    "from_dlpack received an invalid capsule. Note that DLTensor capsules can be consumed only once, so you might have "
    "already constructed a tensor from it once."
)


def test_numpy_reads_and_writes_our_memory():
    x = torch.arange(4.0)
    array = np.from_dlpack(x)
    array[0] = 9
    x[1] = 8
    assert x.tolist() == array.tolist() == [9, 8, 2, 3]
    assert x.__dlpack_device__() == (dlpack.DLDeviceType.kDLCPU, 0)
    assert np.from_dlpack(torch.arange(6).reshape(2, 3)[:, 1]).tolist() == [1, 4]
    assert np.from_dlpack(torch.tensor([True, False])).dtype == bool
    assert np.from_dlpack(torch.zeros(0, 3)).shape == (0, 3)


def test_we_read_and_write_numpys():
    a = np.arange(6).reshape(2, 3)
    x = torch.from_dlpack(a.T)
    x[0, 1] = 7
    assert a[1, 0] == 7
    assert x.stride() == (1, 3)
    assert x.dtype is torch.int64
    assert torch.from_dlpack(np.array([True])).dtype is torch.bool
    assert torch.from_dlpack(np.ones(2, "f2")).dtype is torch.float16
    copied = torch.from_dlpack(a, copy=True)
    copied[0, 0] = 99
    assert a[0, 0] == 0


def test_read_only_memory():
    a = np.arange(3)
    a.flags.writeable = False
    x = torch.from_dlpack(a)
    assert x.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        x[0] = 5
    assert torch.from_dlpack(a, copy=True).add_(1).tolist() == [1, 2, 3]


def test_capsules():
    x = torch.arange(3.0, requires_grad=True)
    capsule = dlpack.to_dlpack(x)
    y = dlpack.from_dlpack(capsule)
    y[0] = 5
    assert x.tolist() == [5, 1, 2]
    for unreadable in (capsule, 3, [1.0]):
        with pytest.raises(RuntimeError) as caught:
            torch.from_dlpack(unreadable)
        assert str(caught.value) == CONSUMED
    assert torch.from_dlpack(torch.ones(2).expand(3, 2)).stride() == (0, 1)
    assert torch.from_dlpack(dlpack.to_dlpack(torch.ones(2).expand(3, 2))).tolist() == [[1, 1]] * 3


def test_tensors_to_tensors():
    x = torch.ones(2, dtype=torch.bfloat16)
    assert torch.from_dlpack(x).data_ptr() == x.data_ptr()
    assert torch.from_dlpack(x, copy=True).data_ptr() != x.data_ptr()
    assert torch.from_dlpack(x).dtype is torch.bfloat16


@pytest.mark.parametrize(
    ("call", "kind", "said"),
    [
        (lambda: np.from_dlpack(torch.ones(2, requires_grad=True)), BufferError,
         "Can't export tensors that require gradient, use tensor.detach()"),
        (lambda: torch.ones(2, dtype=torch.bfloat16).__dlpack__(), RuntimeError, "Unsupported dtype in DLTensor."),
        (lambda: torch.eye(2).to_sparse().__dlpack__(), BufferError, "Can't export tensors with layout other than torch.strided"),
        (lambda: torch.ones(2, device="meta").__dlpack__(), BufferError, "Cannot pack tensors on meta"),
        (lambda: torch.ones(2, device="meta").__dlpack_device__(), ValueError, "Unknown device type meta for Dlpack"),
        (lambda: torch.ones(2).__dlpack__(stream="a"), TypeError, "stream must be ``int`` or ``none``"),
        (lambda: torch.ones(2).__dlpack__(stream=1), AssertionError, "stream should be None on cpu."),
    ],
)  # fmt: skip
def test_refused(call, kind, said):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == said


def test_sharing_with_real_pytorch():
    real = pytest.importorskip("torch", reason="shares memory with real PyTorch, which is not installed here")
    ours, theirs = torch.arange(3.0), real.arange(3.0)
    real.from_dlpack(ours)[0] = 9
    torch.from_dlpack(theirs)[0] = 8
    dlpack.from_dlpack(real.utils.dlpack.to_dlpack(theirs))[1] = 7
    real.utils.dlpack.from_dlpack(dlpack.to_dlpack(ours))[1] = 6
    assert ours.tolist() == [9, 6, 2]
    assert theirs.tolist() == [8, 7, 2]
