"""Special functions: PyTorch's values, the gradients' and their gradients' finite differences."""

import math

import pytest

import pytorch_tutor as torch

SMOOTH = {
    "torch.lgamma": (
        [-2.5, 0.1, 0.9, 3.0, 50.0],
        [-0.056243716497674, 2.25271265173421, 0.066376239734743, 0.693147180559945, 144.565743946345],
    ),
    "torch.digamma": (
        [-2.5, 0.1, 1.0, 3.0, 50.0],
        [1.10315664064524, -10.4237549404111, -0.577215664901533, 0.922784335098467, 3.90198967342789],
    ),
    "torch.erfinv": (
        [-0.999, -0.3, 1e-09, 0.5, 0.9],
        [-2.32675376551352, -0.272462714726754, 8.86226925452758e-10, 0.47693627620447, 1.16308715367667],
    ),
    "torch.special.erfcx": (
        [-2.0, 0.0, 1.0, 2.6, 40.0],
        [108.940904389978, 1.0, 0.427583576155807, 0.203613247356709, 0.0141003359833778],
    ),
    "torch.special.ndtr": (
        [-8.0, -1.0, 0.0, 0.5, 3.0],
        [6.10622663543836e-16, 0.158655253931457, 0.5, 0.691462461274013, 0.99865010196837],
    ),
    "torch.special.log_ndtr": (
        [-40.0, -1.5, -0.5, 2.0],
        [-804.608442013754, -2.70594440082389, -1.17591176159362, -0.0230129093289635],
    ),
    "torch.special.ndtri": (
        [1e-12, 0.1, 0.3, 0.9],
        [-7.03448382530113, -1.2815515655446, -0.524400512708041, 1.2815515655446],
    ),
    "torch.special.entr": ([0.2, 0.7, 1.3], [0.32188758248682, 0.249672460757113, -0.341073543807738]),
    "torch.i0": ([-3.0, 0.4, 2.0, 30.0], [4.88079258586502, 1.04040178222934, 2.27958530233607, 781672297823.978]),
    "torch.special.i0e": (
        [-3.0, 0.4, 2.0, 30.0],
        [0.243000354161825, 0.697402170559533, 0.308508322553671, 0.0731459464822373],
    ),
    "torch.special.i1": (
        [-3.0, 0.4, 2.0, 30.0],
        [-3.95337021740261, 0.204026755733571, 1.59063685463733, 768532038938.957],
    ),
    "torch.special.i1e": (
        [-3.0, 0.4, 2.0, 30.0],
        [-0.196826713297301, 0.136763224295829, 0.215269289248938, 0.0719163305986475],
    ),
}
FLAT = {  # no gradient passes
    "torch.special.bessel_j0": (
        [0.3, 2.0, 9.0, 30.0],
        [0.977626246538296, 0.223890779141244, -0.0903336106423104, -0.0863679835810403],
    ),
    "torch.special.bessel_j1": (
        [0.3, 2.0, 9.0, 30.0],
        [0.148318816273104, 0.57672480775688, 0.245311786121141, -0.118751062616623],
    ),
    "torch.special.bessel_y0": (
        [0.3, 2.0, 9.0, 30.0],
        [-0.80727357780452, 0.510375672649774, 0.249936698488878, -0.117295731686664],
    ),
    "torch.special.bessel_y1": (
        [0.3, 2.0, 9.0, 30.0],
        [-2.29310513838853, -0.107032431540935, 0.104314576395789, 0.0844255706617471],
    ),
    "torch.special.modified_bessel_i0": (
        [0.3, 2.0, 9.0, 30.0],
        [1.0226268793516, 2.27958530233607, 1093.58835451137, 781672297823.978],
    ),
    "torch.special.modified_bessel_i1": (
        [0.3, 2.0, 9.0, 30.0],
        [0.151693840003593, 1.59063685463733, 1030.91472251696, 768532038938.957],
    ),
    "torch.special.modified_bessel_k0": (
        [0.3, 2.0, 9.0, 30.0],
        [1.3724600605443, 0.113893872749533, 5.08813129564592e-05, 2.13247749646306e-14],
    ),
    "torch.special.modified_bessel_k1": (
        [0.3, 2.0, 9.0, 30.0],
        [3.05599203345733, 0.139865881816522, 5.36370163794519e-05, 2.16773200189155e-14],
    ),
    "torch.special.scaled_modified_bessel_k0": (
        [0.3, 2.0, 9.0, 30.0],
        [1.85262730077201, 0.841568215070771, 0.412295549231418, 0.227886665616254],
    ),
    "torch.special.scaled_modified_bessel_k1": (
        [0.3, 2.0, 9.0, 30.0],
        [4.12515776224447, 1.03347684706869, 0.434625245347435, 0.231654129377712],
    ),
    "torch.special.airy_ai": (
        [-12.0, -3.0, -0.5, 0.0, 0.9, 2.5],
        [
            -0.06655517505437396,
            -0.3788142883304339,
            0.4757280916105395,
            0.3550280538878172,
            0.1518868036405442,
            0.015725923380470484,
        ],
    ),
    "torch.special.spherical_bessel_j0": (
        [0.3, 2.0, 9.0, 30.0],
        [0.985067355537799, 0.454648713412841, 0.0457909428046396, -0.0329343874697621],
    ),
}
POLYNOMIALS = {  # of degree 5 at 0.25 and 0.75
    "chebyshev_polynomial_t": [0.953125, -0.890625],
    "chebyshev_polynomial_u": [1.03125, -1.40625],
    "chebyshev_polynomial_v": [0.71875, -0.71875],
    "chebyshev_polynomial_w": [1.34375, -2.09375],
    "shifted_chebyshev_polynomial_t": [-0.5, 0.5],
    "shifted_chebyshev_polynomial_u": [0.0, 0.0],
    "shifted_chebyshev_polynomial_v": [1.0, 1.0],
    "shifted_chebyshev_polynomial_w": [-0.999999999999999, -0.999999999999999],
    "hermite_polynomial_h": [27.53125, 30.09375],
    "hermite_polynomial_he": [3.5947265625, 7.2685546875],
    "laguerre_polynomial_l": [0.0372639973958333, -0.5766845703125],
    "legendre_polynomial_p": [0.3397216796875, -0.4163818359375],
}
double = torch.float64


@pytest.mark.parametrize("name", [*SMOOTH, *FLAT])
def test_values(name):
    arguments, expected = {**SMOOTH, **FLAT}[name]
    function = eval(name)
    assert function(torch.tensor(arguments, dtype=double)).tolist() == pytest.approx(
        expected, rel=2e-8, abs=1e-12
    )  # PyTorch's Bessel functions are this exact
    single = function(torch.tensor(arguments))
    assert single.dtype is torch.float32
    assert single.tolist() == pytest.approx(expected, rel=1e-4)
    assert function(torch.tensor([1])).dtype is torch.float32


@pytest.mark.parametrize("name", SMOOTH)
def test_gradients(name):
    x = torch.tensor([v for v in SMOOTH[name][0] if 1e-6 < abs(v) < 10], dtype=double, requires_grad=True)
    assert torch.autograd.gradcheck(eval(name), (x,))
    assert torch.autograd.gradgradcheck(eval(name), (x,))


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_polynomials(name):
    x = torch.tensor([0.25, 0.75], dtype=double)
    function = getattr(torch.special, name)
    assert function(x, 5).tolist() == pytest.approx(POLYNOMIALS[name], abs=1e-12)
    degrees = function(x[0], torch.tensor([-1, 0, 5]))
    assert degrees.tolist() == pytest.approx([0.0, 1.0, POLYNOMIALS[name][0]], abs=1e-12)


def test_of_two_arguments():
    s, q = torch.tensor([2.0, 3.5], dtype=double), torch.tensor([0.5, 4.0], dtype=double, requires_grad=True)
    assert torch.special.zeta(s, q).tolist() == pytest.approx([4.93480220054468, 0.0169621763654187], rel=1e-12)
    assert torch.autograd.gradcheck(torch.special.zeta, (s, q))
    x = torch.tensor([0.3, 1.5], dtype=double, requires_grad=True)
    assert torch.autograd.gradcheck(torch.special.xlog1py, (x, q))
    for n in (1, 2, 3):
        assert torch.autograd.gradcheck(lambda x, n=n: torch.polygamma(n, x), (q,))
    assert torch.autograd.gradcheck(lambda x: torch.mvlgamma(x, 2), (q + 2,))
    with pytest.raises(NotImplementedError):
        torch.special.zeta(x + 1, q).sum().backward()


def test_shares_of_the_gamma_function():
    a = torch.tensor([0.3, 1.0, 4.0, 4.0, 60.0], dtype=double)
    x = torch.tensor([0.1, 2.0, 1.5, 9.0, 55.0], dtype=double, requires_grad=True)
    below = [0.5459128495917965, 0.8646647167633873, 0.06564245437845008, 0.9787735136970911, 0.2673009075695676]
    assert torch.igamma(a, x).tolist() == pytest.approx(below, rel=1e-12)  # PyTorch has nine digits of the last
    assert torch.special.gammaincc(a, x).tolist() == pytest.approx([1 - p for p in below], rel=1e-12)
    assert torch.autograd.gradcheck(torch.igamma, (a, x))
    assert torch.autograd.gradcheck(torch.igammac, (a, x))
    assert torch.autograd.gradgradcheck(torch.igamma, (a, x))
    with pytest.raises(NotImplementedError, match="the derivative for 'igammac: input' is not implemented"):
        torch.igammac(x, a).sum().backward()
    with pytest.raises(NotImplementedError, match="\"igamma_cpu\" not implemented for 'Long'"):
        torch.igamma(a.long(), a.long())
    nan, inf = math.nan, math.inf
    edges = torch.tensor([1.0, 0.0, inf, 2.0]), torch.tensor([0.0, 1.0, 1.0, inf])
    assert torch.igamma(*edges).tolist() == [0.0, 1.0, 0.0, 1.0]
    assert torch.isnan(torch.igamma(torch.tensor([-1.0, nan, 0.0]), torch.tensor([1.0, 1.0, 0.0]))).all()


def test_edges():
    inf, nan = math.inf, math.nan
    assert torch.lgamma(torch.tensor([0.0, -3.0, inf, 1.0])).tolist() == [inf, inf, inf, 0.0]
    assert torch.digamma(torch.tensor([0.0, inf])).tolist() == [-inf, inf]
    assert torch.erfinv(torch.tensor([-1.0, 1.0, 0.0])).tolist() == [-inf, inf, 0.0]
    assert torch.special.ndtri(torch.tensor([0.0, 1.0])).tolist() == [-inf, inf]
    assert torch.special.entr(torch.tensor([0.0, -1.0])).tolist() == [0.0, -inf]
    assert torch.special.bessel_y0(torch.tensor([0.0])).tolist() == [-inf]
    for function in (torch.lgamma, torch.digamma, torch.erfinv, torch.i0, torch.special.ndtri, torch.special.entr):
        assert torch.isnan(function(torch.tensor([nan]))).all()


def test_parts_of_numbers():
    x = torch.tensor([6.0, -0.75], requires_grad=True)
    mantissa, exponent = torch.frexp(x)
    assert (mantissa.tolist(), exponent.tolist()) == ([0.75, -0.75], [3, 0])
    assert exponent.dtype is torch.int32
    mantissa.sum().backward()
    assert x.grad.tolist() == [0.125, 1.0]
    assert torch.nextafter(torch.tensor(1.0), torch.tensor(2.0)).item() == 1 + 2**-23
    y = torch.tensor([1.0, 2.0], requires_grad=True)
    torch.nextafter(y, torch.tensor([1.0, 3.0])).sum().backward()
    assert y.grad.tolist() == [0.0, 1.0]
