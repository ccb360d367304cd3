"""The twister's words, and the state as PyTorch writes it."""

import struct

import numpy as np
import pytest

from pytorch_tutor.backends.mt19937 import STATE_BYTES, WORDS, Mersenne


def test_reference_words_of_the_paper() -> None:
    # The ten thousandth word of the seed 5489 is part of the C++ standard (std::mt19937).
    assert int(Mersenne(5489).words(10000)[-1]) == 4123659995


def test_one_word_at_a_time_is_the_same_stream() -> None:
    together, apart = Mersenne(3), Mersenne(3)
    assert together.words(1300).tolist() == [apart.word() for _ in range(1300)]


@pytest.mark.parametrize("drawn", [0, 1, 3, 623, 624, 625, 1248, 2000])
def test_state_is_restored_anywhere_in_a_block(drawn: int) -> None:
    stream, other = Mersenne(11), Mersenne(99)
    stream.words(drawn)
    stream.spare_normal = 0.25
    other.set_state_bytes(stream.state_bytes())
    assert other.state_bytes() == stream.state_bytes()
    assert (other.seed, other.spare_normal) == (11, 0.25)
    assert other.words(700).tolist() == stream.words(700).tolist()


def test_layout_of_a_fresh_state() -> None:
    data = Mersenne(7).state_bytes()
    assert len(data) == STATE_BYTES
    assert struct.unpack("<QiiQ", data[:24]) == (7, 1, 1, 0)  # nothing left, nothing taken: PyTorch's fresh state
    assert struct.unpack("<Q", data[24:32]) == (7,)  # the first word of init_genrand is the seed itself
    assert not any(data[24 + 8 * WORDS :])


def test_damaged_state_is_refused_and_changes_nothing() -> None:
    stream = Mersenne(5)
    before = stream.state_bytes()
    with pytest.raises(ValueError, match="Invalid mt19937 state"):
        stream.set_state_bytes(bytes(STATE_BYTES))
    assert stream.state_bytes() == before


def test_a_copy_goes_on_alone() -> None:
    stream = Mersenne(5)
    stream.words(100)
    copy = stream.copy()
    assert copy.words(5).tolist() == stream.words(5).tolist()
    copy.words(1)
    assert copy.state_bytes() != stream.state_bytes()


@pytest.mark.parametrize("expected", [1, 300])
def test_tap_takes_exactly_what_is_used(expected: int) -> None:
    stream, plain = Mersenne(8), Mersenne(8)
    taken = stream.tap(lambda draw: [draw() for _ in range(1000)], expected)
    assert taken == plain.doubles(1000).tolist()
    assert stream.state_bytes() == plain.state_bytes()


def test_tap_rewinds_after_an_error() -> None:
    stream, plain = Mersenne(8), Mersenne(8)

    def fail(draw: object) -> None:
        draw()  # type: ignore[operator]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stream.tap(fail, 5000)
    plain.doubles(1)
    assert stream.words(3).tolist() == plain.words(3).tolist()


def test_chance_gives_different_seeds() -> None:
    stream = Mersenne()
    seeds = {stream.reseed_by_chance() for _ in range(5)}
    assert len(seeds) == 5
    assert stream.seed in seeds
    assert all(seed < 1 << 53 for seed in seeds)


def test_uniform_numbers_fill_their_bits() -> None:
    floats, doubles = Mersenne(1).floats(4000), Mersenne(1).doubles(4000)
    assert (floats.dtype, doubles.dtype) == (np.float32, np.float64)
    assert ((floats * 2**24) % 1 == 0).all()
    assert ((floats * 2**24) % 2 == 1).any()
    assert ((doubles * 2**53) % 2 == 1).any()
    assert 0 <= floats.min() < floats.max() < 1
