"""``torch.Generator``: a source of random numbers that anyone can hold, seed, copy and hand to a function."""

from __future__ import annotations

from typing import Any

import numpy as np

from .backends.mt19937 import DEFAULT_SEED, STATE_BYTES, Mersenne
from .device import device as Device
from .errors import lesson
from .tensor_base import TensorBase, wrap


class Generator:
    """A stream of random numbers with its own state.

    The same seed gives the same numbers as PyTorch gives on a CPU.

    >>> import pytorch_tutor as torch
    >>> g = torch.Generator().manual_seed(0)
    >>> torch.rand(2, generator=g)
    tensor([0.4963, 0.7682])
    """

    __slots__ = ("__weakref__", "_device", "stream")

    def __init__(self, device: Any = "cpu") -> None:
        self._device = Device(device)
        self.stream = Mersenne()

    @property
    def device(self) -> Device:
        """The device whose tensors this generator fills."""
        return self._device

    def manual_seed(self, seed: int) -> Generator:
        """Begins the stream anew at ``seed`` and returns the generator.

        >>> import pytorch_tutor as torch
        >>> torch.Generator().manual_seed(-1).initial_seed()
        18446744073709551615
        """
        if isinstance(seed, np.integer):
            raise TypeError("an integer is required")
        if not isinstance(seed, int) or isinstance(seed, bool):
            raise lesson(
                RuntimeError(f"manual_seed expected a long, but got {type(seed).__name__}"),
                expected="an int",
                got=repr(seed),
                hint="generator.manual_seed(0)",
            )
        self.stream.reseed(as_seed(seed))
        return self

    def seed(self) -> int:
        """Begins at a seed that the operating system draws, and returns it."""
        return self.stream.reseed_by_chance()

    def initial_seed(self) -> int:
        """The seed with which the stream began."""
        return self.stream.seed

    def get_state(self) -> Any:
        """The state as a tensor of 5056 bytes, laid out as PyTorch lays it out."""
        return wrap(np.frombuffer(self.stream.state_bytes(), np.uint8).copy())

    def set_state(self, new_state: Any) -> Generator:
        """Continues from a state that ``get_state`` gave."""
        if not isinstance(new_state, TensorBase):
            raise TypeError(f"expected a torch.ByteTensor, but got {type(new_state).__name__}")
        state = new_state._array
        if state.dtype != np.uint8:
            raise TypeError("RNG state must be a torch.ByteTensor")
        if state.size != STATE_BYTES:
            raise lesson(
                RuntimeError(
                    f"Expected a CPUGeneratorImplState of size {STATE_BYTES} but found the input RNG state size to be "
                    f"{state.size}"
                ),
                expected=f"{STATE_BYTES} bytes",
                got=f"{state.size} bytes",
                hint="generator.set_state(generator.get_state())",
            )
        try:
            self.stream.set_state_bytes(state.tobytes())
        except ValueError as damaged:
            raise RuntimeError(str(damaged)) from None
        return self

    def clone_state(self) -> Generator:
        """A generator that goes on from here on its own."""
        twin = Generator(self._device)
        twin.stream = self.stream.copy()
        return twin

    def get_offset(self) -> int:
        """An error: only generators of GPUs count an offset."""
        raise RuntimeError("CPU Generator does not use offset")

    def set_offset(self, offset: int) -> Generator:
        """An error: only generators of GPUs count an offset."""
        raise RuntimeError("CPU Generator does not use offset")

    def __reduce__(self) -> Any:
        return restored, (str(self._device), self.stream.state_bytes())


def restored(device: str, state: bytes) -> Generator:
    """A generator from what was pickled of it."""
    generator = Generator(device)
    generator.stream.set_state_bytes(state)
    return generator


def as_seed(seed: int) -> int:
    """A seed of 64 bits; negative ones wrap around."""
    if not -(1 << 63) <= seed < 1 << 64:
        raise lesson(
            ValueError("Overflow when unpacking long long"), expected="-2**63 <= seed < 2**64", got=seed, hint="seed=0"
        )
    return seed % (1 << 64)


default_generator = Generator()
"""The generator that is used wherever none is given; ``torch.manual_seed`` seeds it, and until then chance does."""
default_generator.seed()

__all__ = ["DEFAULT_SEED", "Generator", "default_generator"]
