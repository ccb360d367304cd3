"""Windows against PyTorch's numbers, and their repetition against a constant."""

import pytest

import pytorch_tutor as torch

GOLDEN = {
    "hann(5)": [0.0, 0.5, 1.0, 0.5, 0.0],
    "hamming(4, sym=False)": [0.08, 0.54, 1.0, 0.54],
    "blackman(5)": [-1.38777878e-17, 0.34, 1.0, 0.34, -1.38777878e-17],
    "nuttall(4, sym=False)": [0.0003628, 0.2269824, 1.0, 0.2269824],
    "bartlett(4)": [0.0, 0.666666667, 0.666666667, 0.0],
    "cosine(4)": [0.382683432, 0.923879533, 0.923879533, 0.382683432],
    "cosine(4, sym=False)": [0.309016994, 0.809016994, 1.0, 0.809016994],
    "exponential(4, tau=2.0)": [0.472366553, 0.778800783, 0.778800783, 0.472366553],
    "gaussian(5, std=1.5)": [0.411112291, 0.800737403, 1.0, 0.800737403, 0.411112291],
    "gaussian(4, sym=False)": [0.135335283, 0.60653066, 1.0, 0.60653066],
    "kaiser(5, beta=8.0)": [0.00233883051, 0.368972723, 1.0, 0.368972723, 0.00233883051],
    "kaiser(4, sym=False)": [5.27734413e-05, 0.215672745, 1.0, 0.215672745],
    "general_cosine(4, a=[0.3, 0.4, 0.3])": [0.2, 0.35, 0.35, 0.2],
}


@pytest.mark.parametrize("call", GOLDEN)
def test_values(call):
    window = eval(f"torch.signal.windows.{call}")
    assert window.dtype is torch.float32
    assert window.tolist() == pytest.approx(GOLDEN[call], abs=1e-6)


@pytest.mark.parametrize("name", ["hann", "hamming", "bartlett", "blackman"])
def test_periodic_windows_overlap_to_a_constant(name):
    window = getattr(torch, f"{name}_window")(16, dtype=torch.float64)
    total = sum(torch.roll(window, shift) for shift in range(0, 16, 4))
    assert torch.allclose(total, total[0])
    assert getattr(torch, f"{name}_window")(16, periodic=False).flip(0).tolist() == pytest.approx(
        getattr(torch, f"{name}_window")(16, periodic=False).tolist(), abs=1e-6
    )


def test_edges():
    for name in ("hann", "cosine", "kaiser", "gaussian", "exponential"):
        window = getattr(torch.signal.windows, name)
        assert window(0).shape == (0,)
        assert window(1).tolist() == [1.0]
        with pytest.raises(ValueError, match="non-negative window length"):
            window(-1)
    with pytest.raises(RuntimeError, match="hann_window requires non-negative window_length"):
        torch.hann_window(-1)
    with pytest.raises(ValueError, match="expects float32 or float64"):
        torch.signal.windows.cosine(4, dtype=torch.int64)
