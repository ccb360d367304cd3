"""The distributions: their shape by statistics, their algorithms against slow and plain ones."""

import math

import numpy as np
import pytest

from pytorch_tutor.backends import draws, draws_normal, draws_rejection
from pytorch_tutor.backends.mt19937 import Mersenne

N = 20000


def close(sample: np.ndarray, mean: float, std: float) -> None:
    """The mean within five standard errors, the standard deviation within a tenth; the seeds are fixed."""
    sample = sample.astype(np.float64)
    assert abs(sample.mean() - mean) <= 5 * std / math.sqrt(len(sample))
    assert abs(sample.std() - std) <= 0.1 * std


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
@pytest.mark.parametrize("count", [15, 16, 40, N])
def test_normal(kind: str, count: int) -> None:
    sample = draws_normal.normal(Mersenne(2), count, kind, 3.0, 2.0)
    assert sample.shape == (count,)
    assert sample.dtype == ("float32" if kind == "bfloat16" else kind)
    if count == N:
        close(sample, 3.0, 2.0)


def test_normal_in_pairs_whatever_the_calls() -> None:
    whole, parts = Mersenne(4), Mersenne(4)
    once = draws_normal.one_by_one(whole, 9, 0.0, 1.0)
    several = [draws_normal.one_by_one(parts, n, 0.0, 1.0) for n in (1, 3, 0, 2, 3)]
    assert once.tolist() == np.concatenate(several).tolist()
    assert whole.state_bytes() == parts.state_bytes()


def test_the_last_sixteen_are_drawn_anew() -> None:
    sixteen, seventeen = (draws_normal.normal(Mersenne(4), n, "float32") for n in (16, 17))
    assert sixteen[0] == seventeen[0]
    assert (sixteen[1:] != seventeen[1:16]).all()


def test_float32_functions() -> None:
    x = np.linspace(1e-7, 1, 30001, dtype=np.float32)
    assert np.abs(draws_normal.log32(x) - np.log(x.astype(np.float64))).max() < 1e-6
    angle = np.linspace(0, 2 * math.pi, 30001, dtype=np.float32)
    sine, cosine = draws_normal.sincos32(angle)
    assert np.abs(sine - np.sin(angle.astype(np.float64))).max() < 1e-7
    assert np.abs(cosine - np.cos(angle.astype(np.float64))).max() < 1e-7


@pytest.mark.parametrize("count", [1, 2, 3, 10, 500, 3000])
def test_exchange_at_once_is_exchange_one_by_one(count: int) -> None:
    random = np.random.default_rng(count)
    for partners in (
        random.integers(np.arange(count), count),
        np.arange(count),
        np.full(count, count - 1),
        np.minimum(np.arange(count) + 1, count - 1),
    ):
        assert draws.exchange_at_once(partners).tolist() == draws.exchange_one_by_one(partners).tolist()


@pytest.mark.parametrize("count", [0, 1, 2, 999, 1000, 5000])
def test_permutation(count: int) -> None:
    order = draws.permutation(Mersenne(1), count)
    assert sorted(order.tolist()) == list(range(count))


def test_every_permutation_of_three_is_equally_likely() -> None:
    stream = Mersenne(1)
    orders = [tuple(draws.permutation(stream, 3).tolist()) for _ in range(6000)]
    counts = [orders.count(order) for order in set(orders)]
    assert len(counts) == 6
    assert all(abs(count - 1000) < 5 * math.sqrt(1000 * 5 / 6) for count in counts)


@pytest.mark.parametrize("kind", ["float16", "bfloat16", "float32", "float64"])
def test_uniform_stays_below_its_upper_bound(kind: str) -> None:
    sample = draws.uniform(Mersenne(0), N, kind, -2.0, 3.0)
    assert -2.0 <= sample.min() < sample.max() < 3.0
    close(sample, 0.5, 5 / math.sqrt(12))


@pytest.mark.parametrize(("low", "high"), [(0, 2), (-5, 6), (0, 2**28), (-(2**40), 2**41), (-(2**63), 2**63)])
def test_integers(low: int, high: int) -> None:
    sample = draws.integers(Mersenne(0), N, "int64", low, high)
    assert low <= int(sample.min()) < int(sample.max()) < high
    spread = high - low
    close((sample - np.float64(low)) / spread, (spread - 1) / 2 / spread, math.sqrt((spread**2 - 1) / 12) / spread)


def test_integers_in_floats_never_round_up_to_the_bound() -> None:
    sample = draws.integers(Mersenne(0), N, "float16", 0, 65504)
    assert sample.max() < 65504
    assert (sample == np.floor(sample)).all()


@pytest.mark.parametrize("p", [0.0, 0.3, 1.0])
def test_bernoulli(p: float) -> None:
    close(draws.bernoulli(Mersenne(0), N, p), p, math.sqrt(p * (1 - p)))
    close(draws.bernoulli_each(Mersenne(0), np.full(N, p, np.float32)), p, math.sqrt(p * (1 - p)))


def test_waiting_times() -> None:
    close(draws.exponential(Mersenne(0), N, "float32", 2.0), 0.5, 0.5)
    geometric = draws.geometric(Mersenne(0), N, "int64", 0.25)
    assert geometric.min() == 1
    close(geometric, 4.0, math.sqrt(0.75) / 0.25)
    assert abs(np.median(draws.cauchy(Mersenne(0), N, "float64", 3.0, 2.0)) - 3.0) < 0.1
    close(np.log(draws_normal.log_normal(Mersenne(0), N, "float64", 1.0, 0.5)), 1.0, 0.5)


@pytest.mark.parametrize("rate", [0.5, 3.0, 9.99, 10.0, 200.0])
def test_poisson(rate: float) -> None:
    close(draws_rejection.poisson(Mersenne(0), np.full(N // 10, rate), "float64"), rate, math.sqrt(rate))


@pytest.mark.parametrize(("count", "p"), [(10, 0.3), (10, 0.9), (100, 0.5), (1000, 0.97)])
def test_binomial(count: int, p: float) -> None:
    drawn = draws_rejection.binomial(Mersenne(0), np.full(N // 10, float(count)), np.full(N // 10, p), "float64")
    assert 0 <= drawn.min() <= drawn.max() <= count
    close(drawn, count * p, math.sqrt(count * p * (1 - p)))


def test_binomial_at_the_edges() -> None:
    counts, chances = np.array([5.0, 5, 0, -1, 5]), np.array([0.0, 1, 0.5, 0.5, math.nan])
    drawn = draws_rejection.binomial(Mersenne(0), counts, chances, "float64")
    assert drawn[:4].tolist() == [0, 5, 0, 0]
    assert math.isnan(drawn[4])


@pytest.mark.parametrize("shape", [0.3, 1.0, 5.0])
def test_gamma(shape: float) -> None:
    close(draws_rejection.gamma(Mersenne(0), np.full(N // 10, shape), "float64"), shape, math.sqrt(shape))


def test_categories() -> None:
    weights = np.array([[1.0, 0.0, 3.0], [0.0, 5.0, 0.0]], np.float32)
    drawn = draws.categories(Mersenne(0), weights, N)
    assert set(drawn[0].tolist()) == {0, 2}
    assert set(drawn[1].tolist()) == {1}
    close(drawn[0] == 2, 0.75, math.sqrt(0.75 * 0.25))


def test_distinct_categories() -> None:
    stream = Mersenne(0)
    weights = np.array([[1.0, 2.0, 0.0, 5.0]])
    drawn = np.array([draws.distinct_categories(stream, weights, 3, "float64")[0] for _ in range(2000)])
    assert all(sorted(row) == [0, 1, 3] for row in drawn.tolist())
    close(drawn[:, 0] == 3, 5 / 8, math.sqrt(15 / 64))
    # Given that 3 came first, 1 is twice as likely as 0 to come second.
    second = drawn[drawn[:, 0] == 3][:, 1]
    close(second == 1, 2 / 3, math.sqrt(2 / 9))
