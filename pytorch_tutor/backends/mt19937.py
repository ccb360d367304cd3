"""The Mersenne Twister as PyTorch runs it on the CPU: the same seed gives the same stream of 32-bit words.

Everything random in the engine is a function of this stream. NumPy runs the same twister (MT19937), so the words come
from NumPy at full speed; what is PyTorch's own, and lives here, is how a seed becomes a state, how a state is written
into the 5056 bytes of `torch.get_rng_state()`, and the one spare normal number that a generator carries between calls.

Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), 3-30.
"""

from __future__ import annotations

import secrets
import struct
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

DEFAULT_SEED = 67280421310721
"""The seed of a generator that nobody has seeded yet (PyTorch's default_rng_seed_val)."""

STATE_BYTES = 5056
WORDS = 624

# seed, words left, seeded?, next word | 624 words | normal_x, normal_y, normal_rho, valid? | float32 normal, valid?
_LAYOUT = struct.Struct(f"<Qii Q {WORDS}Q ddd i4x f?3x")

UintArray = npt.NDArray[np.uint64]


class Mersenne:
    """A stream of random words, with the seed it began from.

    >>> from pytorch_tutor.backends.mt19937 import Mersenne
    >>> [int(word) for word in Mersenne(0).words(2)]
    [2357136044, 2546248239]
    """

    __slots__ = ("_bits", "_fresh", "seed", "spare_normal")

    seed: int
    spare_normal: float | None
    """Box-Muller makes normal numbers in pairs; when one was asked for, the other waits here."""

    def __init__(self, seed: int = DEFAULT_SEED) -> None:
        # NumPy wants a seed of its own first; giving one spares it a visit to the operating system.
        self._bits = np.random.MT19937(0)
        self.reseed(seed)

    def reseed(self, seed: int) -> None:
        """Begin the stream of `seed` (0 to 2**64 - 1; the twister itself sees the lower 32 bits, as in PyTorch)."""
        np.random.RandomState(self._bits).seed(seed & 0xFFFFFFFF)  # NumPy's old interface seeds by init_genrand, too
        self.seed = seed
        self.spare_normal = None
        self._fresh = True

    def reseed_by_chance(self) -> int:
        """Begin at a seed that the operating system draws, and return it (53 bits, as PyTorch takes)."""
        seed = secrets.randbits(53)
        self.reseed(seed)
        return seed

    # -- the stream ---------------------------------------------------------------------------------------------------

    def words(self, count: int) -> UintArray:
        """The next `count` words: integers below 2**32, held as uint64."""
        self._fresh = self._fresh and count == 0
        return self._bits.random_raw(count)

    def word(self) -> int:
        """The next word alone."""
        self._fresh = False
        return self._bits.random_raw()

    def long_words(self, count: int) -> UintArray:
        """The next `count` integers below 2**64: two words each, the first one above the second."""
        pairs = self.words(2 * count)
        return (pairs[0::2] << np.uint64(32)) | pairs[1::2]

    def doubles(self, count: int) -> npt.NDArray[np.float64]:
        """The next `count` numbers of [0, 1) with 53 random bits each."""
        integers = self.long_words(count)
        integers &= np.uint64((1 << 53) - 1)
        return np.multiply(integers.view(np.int64), 2.0**-53)

    def floats(self, count: int) -> npt.NDArray[np.float32]:
        """The next `count` numbers of [0, 1) with 24 random bits each: one word, its upper 8 bits unused."""
        integers = self.words(count)
        integers &= np.uint64((1 << 24) - 1)
        out = integers.view(np.int64).astype(np.float32)
        out *= np.float32(2.0**-24)
        return out

    def double(self) -> float:
        """The next number of [0, 1) with 53 random bits."""
        high = self.word()
        return ((high << 32 | self.word()) & ((1 << 53) - 1)) * 2.0**-53

    def tap(self, run: Callable[[Callable[[], float]], Any], expected: int) -> Any:
        """Call `run(next_double)` and take from the stream exactly the doubles that it asked for.

        A rejection method does not know beforehand how many numbers it will use. Drawing one at a time is slow, so a
        long run draws in blocks and then rewinds to just behind the last number used.
        """
        if expected < 200:
            return run(self.double)
        before, used, block = self._bits.state, 0, iter(self.doubles(expected).tolist())

        def next_double() -> float:
            nonlocal used, block
            used += 1
            value: float | None = next(block, None)
            if value is None:
                block = iter(self.doubles(expected).tolist())
                value = next(block)
            return value

        try:
            return run(next_double)
        finally:
            self._bits.state = before
            self.words(2 * used)

    # -- the state ----------------------------------------------------------------------------------------------------

    def state_bytes(self) -> bytes:
        """The state in the 5056 bytes of PyTorch's `get_rng_state()`."""
        inner = self._bits.state["state"]
        position = int(inner["pos"])
        spare = self.spare_normal
        # PyTorch counts the words that are left plus one; a fresh state has none, since the twister has not turned yet.
        left, following = (1, 0) if self._fresh else (WORDS + 1 - position, position)
        return _LAYOUT.pack(
            self.seed, left, 1, following, *inner["key"].tolist(), 0.0, spare or 0.0, 0.0, spare is not None, 0.0, False
        )

    def set_state_bytes(self, data: bytes) -> None:
        """Continue from a state that `state_bytes` or PyTorch has written; `ValueError` if it is none."""
        seed, left, seeded, following, *rest = _LAYOUT.unpack(data)
        key, (_, spare, _, has_spare, _, _) = rest[:WORDS], rest[WORDS:]
        if not (seeded == 1 and 0 < left <= WORDS and 0 <= following <= WORDS):
            raise ValueError("Invalid mt19937 state")
        fresh = left == 1 and following == 0
        position = WORDS if fresh else following
        self._bits.state = {
            "bit_generator": "MT19937",
            "state": {"key": np.array(key, np.uint64).astype(np.uint32), "pos": position},
        }
        self.seed, self._fresh = seed, fresh
        self.spare_normal = spare if has_spare else None

    def copy(self) -> Mersenne:
        """A generator that goes on from here on its own."""
        twin = Mersenne.__new__(Mersenne)
        twin._bits = np.random.MT19937(0)
        twin._bits.state = self._bits.state
        twin.seed, twin.spare_normal, twin._fresh = self.seed, self.spare_normal, self._fresh
        return twin
