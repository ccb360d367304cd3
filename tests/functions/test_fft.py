"""Fourier transforms: by the definition's sum, back again, and their gradients."""

import itertools
import math

import pytest

import pytorch_tutor as torch

double, complex128 = torch.float64, torch.complex128
REAL = torch.tensor([[0.3, -1.2, 2.0, 0.7, 0.1], [1.1, 0.4, -0.6, 0.9, -2.2]], dtype=double)
COMPLEX = torch.complex(REAL, REAL.flip(0) * 0.5)


@pytest.mark.parametrize("norm", ["backward", "forward", "ortho"])
def test_by_the_definition(norm):
    x = COMPLEX[0].tolist()
    n = len(x)
    factor = {"backward": 1, "forward": 1 / n, "ortho": n**-0.5}[norm]
    waves = [
        [math.cos(2 * math.pi * j * k / n) - 1j * math.sin(2 * math.pi * j * k / n) for j in range(n)] for k in range(n)
    ]
    expected = [factor * sum(a * w for a, w in zip(x, row, strict=True)) for row in waves]
    assert torch.fft.fft(COMPLEX[0], norm=norm).tolist() == pytest.approx(expected)


@pytest.mark.parametrize("norm", [None, "backward", "forward", "ortho"])
def test_there_and_back(norm):
    f = torch.fft
    assert torch.allclose(f.ifft(f.fft(COMPLEX, norm=norm), norm=norm), COMPLEX)
    assert torch.allclose(f.ifftn(f.fftn(COMPLEX, norm=norm), norm=norm), COMPLEX)
    assert torch.allclose(f.irfft(f.rfft(REAL, norm=norm), 5, norm=norm), REAL)
    assert torch.allclose(f.irfft2(f.rfft2(REAL, norm=norm), (2, 5), norm=norm), REAL)
    assert torch.allclose(f.hfft(f.ihfft(REAL, norm=norm), 5, norm=norm), REAL)
    assert torch.allclose(f.hfftn(f.ihfftn(REAL, norm=norm), (2, 5), norm=norm), REAL)


def test_half_spectra():
    full, half = torch.fft.fft(REAL), torch.fft.rfft(REAL)
    assert torch.allclose(full[:, :3], half)
    assert half.shape == (2, 3)
    assert torch.fft.rfft(REAL.float()).dtype is torch.complex64
    assert torch.fft.irfft(half).shape == (2, 4)


CALLS = [
    lambda x: torch.fft.fft(x, 4), lambda x: torch.fft.fft(x, 7, norm="ortho"), lambda x: torch.fft.ifft(x, dim=0),
    lambda x: torch.fft.fftn(x), lambda x: torch.fft.ifft2(x, (3, 4)),
]  # fmt: skip
REAL_CALLS = [
    lambda x: torch.fft.rfft(x), lambda x: torch.fft.rfft(x, 4), lambda x: torch.fft.rfftn(x, norm="forward"),
    lambda x: torch.fft.irfft(x), lambda x: torch.fft.irfft(x, 7), lambda x: torch.fft.irfftn(x, (2, 6)),
    lambda x: torch.fft.hfft(x), lambda x: torch.fft.ihfft(x), lambda x: torch.fft.fft(x),
]  # fmt: skip


@pytest.mark.parametrize(("place", "x"), [*itertools.product(range(len(CALLS)), [REAL, COMPLEX])])
def test_gradients(place, x):
    compare_slopes(CALLS[place], x)


@pytest.mark.parametrize("place", range(len(REAL_CALLS)))
def test_gradients_of_real_signals(place):
    compare_slopes(REAL_CALLS[place], REAL)


def test_gradient_of_half_a_spectrum():
    compare_slopes(lambda x: torch.fft.irfft(x, 8), COMPLEX)
    compare_slopes(lambda x: torch.fft.hfft(x), COMPLEX)


def compare_slopes(function, x):
    """The gradient of a fixed weighting of the results against finite differences in one direction."""
    x = x.clone().requires_grad_()

    def total(x):
        y = function(x)
        y = torch.view_as_real(y) if y.is_complex() else y
        return (y * torch.arange(y.numel(), dtype=double).reshape(y.shape).cos()).sum()

    total(x).backward()
    for step in (1, 1j) if x.is_complex() else (1,):
        for place in range(x.numel()):
            nudge = torch.zeros(x.numel(), dtype=x.dtype)
            nudge[place] = 1e-6 * step
            nudge = nudge.reshape(x.shape)
            with torch.no_grad():
                slope = (total(x + nudge) - total(x - nudge)).item() / 2e-6
            grad = x.grad.reshape(-1)[place].item()
            part = grad.imag if step == 1j else grad.real if x.is_complex() else grad
            assert part == pytest.approx(slope, abs=1e-7)


def test_twice():
    x = REAL.clone().requires_grad_()
    (slope,) = torch.autograd.grad((torch.fft.irfft(torch.fft.rfft(x) ** 2, 5) ** 2).sum(), x, create_graph=True)
    (second,) = torch.autograd.grad(slope[0, 0], x)
    with torch.no_grad():
        nudge = torch.zeros_like(REAL)
        nudge[0, 0] = 1e-5
    ends = []
    for sign in (1, -1):
        z = (REAL + sign * nudge).requires_grad_()
        ends.append(torch.autograd.grad((torch.fft.irfft(torch.fft.rfft(z) ** 2, 5) ** 2).sum(), z)[0])
    assert torch.allclose(second, (ends[0] - ends[1]) / 2e-5, atol=1e-5)


def test_frequencies():
    assert torch.fft.fftfreq(5, 0.5).tolist() == pytest.approx([0.0, 0.4, 0.8, -0.8, -0.4])
    assert torch.fft.rfftfreq(5, 0.5).tolist() == pytest.approx([0.0, 0.4, 0.8])
    x = torch.arange(6).reshape(2, 3)
    assert torch.fft.fftshift(x).tolist() == [[5, 3, 4], [2, 0, 1]]
    assert torch.equal(torch.fft.ifftshift(torch.fft.fftshift(x)), x)


def test_refusals():
    with pytest.raises(RuntimeError, match="expects a real input tensor"):
        torch.fft.rfft(COMPLEX)
    with pytest.raises(RuntimeError, match="Invalid number of data points"):
        torch.fft.fft(REAL, 0)
    with pytest.raises(RuntimeError, match="Invalid normalization mode"):
        torch.fft.fft(REAL, norm="none")
