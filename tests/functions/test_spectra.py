"""Short-time Fourier transforms: PyTorch's numbers, gradients, the way back, and what is refused."""

import pytest

import pytorch_tutor as torch

double = torch.float64
SIGNAL = torch.linspace(-1, 1, 12, dtype=double) ** 3 + torch.sin(torch.arange(12, dtype=double))
WINDOW = torch.hann_window(6, dtype=double)


def test_values_and_gradient():
    x = SIGNAL.clone().requires_grad_()
    found = torch.stft(x, 6, 2, window=WINDOW, return_complex=True, normalized=True)
    parts = torch.view_as_real(found)
    assert parts.shape == (4, 7, 2)
    expected = [
        [-0.5585683226155194, 0.0],
        [0.47596882412995667, -0.3492139094888853],
        [-0.19658310689887626, 0.1847655089316423],
        [-0.00020311184664144162, 0.0],
    ]
    assert torch.allclose(parts[:, 2], torch.tensor(expected, dtype=double))
    (parts**2).sum().backward()
    expected = [
        -1.2699568873653126, 0.7799776101105416, 0.6735240617963789, -0.054050218300506325, -1.1017417688466686,
        -1.303673804891629, -0.3533137616904785, 0.9615601236060023, 1.6536237332369979, 1.6340859803725694,
        0.32213298520617556, 0.2511969884055692,
    ]  # fmt: skip
    assert torch.allclose(x.grad, torch.tensor(expected, dtype=double))


def test_a_narrow_window_stands_in_the_middle():
    found = torch.stft(SIGNAL, 6, 3, 4, torch.ones(4, dtype=double), center=False, onesided=False, return_complex=True)
    assert found.shape == (6, 3)
    expected = [-1.3381556694512033, 0.031321931492343136, 0.2510815596285653, 0.7733486872093865]
    assert found[:4, 1].real.tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("replicate", [-2.7062375050493537, 0.0, -1.2937624949506463]),
        ("circular", [-0.7025403326321767, 1.0036873789678804, -1.2900849094320628]),
    ],
)
def test_ends_of_the_signal(mode, expected):
    ones = torch.ones(4, dtype=double)
    found = torch.stft(SIGNAL, 4, 2, window=ones, pad_mode=mode, return_complex=True)
    assert found[:, 0].real.tolist() == pytest.approx(expected, abs=1e-12)


def test_back_and_forth():
    for onesided in (True, False):
        spectra = torch.stft(SIGNAL, 6, 2, window=WINDOW, return_complex=True, onesided=onesided)
        back = torch.istft(spectra, 6, 2, window=WINDOW, onesided=onesided, length=12)
        assert torch.allclose(back, SIGNAL)
    batch = torch.stack([SIGNAL, SIGNAL.flip(0)])
    spectra = torch.stft(batch, 6, 2, window=WINDOW, return_complex=True)
    assert torch.allclose(torch.istft(spectra, 6, 2, window=WINDOW), batch)


def test_gradients():
    def there(x):
        return torch.view_as_real(torch.stft(x, 4, 2, window=WINDOW[1:5], return_complex=True))

    def back(x):
        return torch.istft(torch.view_as_complex(x), 4, 1, window=WINDOW[1:5])

    x = SIGNAL[:8].clone().requires_grad_()
    assert torch.autograd.gradcheck(there, (x,))
    y = torch.stack([SIGNAL, SIGNAL.cos()], 1).reshape(3, 4, 2).requires_grad_()
    assert torch.autograd.gradcheck(back, (y,))


def test_refusals():
    x = torch.ones(10)
    with pytest.raises(RuntimeError, match="stft requires the return_complex parameter be given for real inputs"):
        torch.stft(x, 4)
    with pytest.raises(RuntimeError, match=r"expected 0 < n_fft < 10, but got n_fft=40"):
        torch.stft(x, 40, center=False, return_complex=True)
    with pytest.raises(RuntimeError, match="window overlap add min: 1"):
        torch.istft(torch.ones(3, 5) + 0j, 4, window=torch.zeros(4))
    with pytest.warns(UserWarning, match="spectral leakage"):
        torch.stft(x, 4, return_complex=True)
    with pytest.warns(UserWarning, match="padded with zeros in the tail"):
        torch.istft(torch.ones(3, 5) + 0j, 4, window=torch.ones(4), length=12)
