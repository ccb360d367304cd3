"""``torch.random``: seed the generator that every drawing function uses, save its state, put it back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from typing import Any

from .generator import Generator, as_seed, default_generator


def manual_seed(seed: Any) -> Generator:
    """Begins the random numbers anew: after the same seed come the same numbers.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(42)
    >>> torch.rand(2)
    tensor([0.8823, 0.9150])

    Returns the default generator. Raises ValueError for a seed that does not fit 64 bits.
    """
    default_generator.stream.reseed(as_seed(int(seed)))
    return default_generator


def seed() -> int:
    """Begins at a seed that the operating system draws, and returns it.

    >>> import pytorch_tutor as torch
    >>> torch.seed() == torch.initial_seed()
    True
    """
    return default_generator.seed()


def initial_seed() -> int:
    """The seed with which the random numbers began.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(7)
    >>> torch.initial_seed()
    7
    """
    return default_generator.initial_seed()


def get_rng_state() -> Any:
    """The default generator's state, a tensor of 5056 bytes.

    >>> import pytorch_tutor as torch
    >>> torch.get_rng_state().shape
    torch.Size([5056])
    """
    return default_generator.get_state()


def set_rng_state(new_state: Any) -> None:
    """Puts the default generator back into a state that ``get_rng_state`` gave.

    >>> import pytorch_tutor as torch
    >>> state = torch.get_rng_state()
    >>> before = torch.rand(3)
    >>> torch.set_rng_state(state)
    >>> torch.equal(before, torch.rand(3))
    True
    """
    default_generator.set_state(new_state)


@contextlib.contextmanager
def fork_rng(
    devices: Iterable[Any] | None = None,
    enabled: bool = True,
    _caller: str = "fork_rng",
    _devices_kw: str = "devices",
    device_type: str | None = None,
) -> Iterator[None]:
    """What is drawn inside leaves the random numbers outside as if it had never been drawn.

    >>> import pytorch_tutor as torch
    >>> _ = torch.manual_seed(0)
    >>> with torch.random.fork_rng():
    ...     _ = torch.rand(1000)
    >>> torch.rand(1)
    tensor([0.4963])
    """
    if not enabled or device_type == "meta":
        yield
        return
    before = default_generator.stream.copy()
    try:
        yield
    finally:
        default_generator.stream = before


def thread_safe_generator() -> Generator | None:
    """The generator of the current DataLoader thread; None outside of one, where the default generator serves.

    The engine's loader uses processes, each with a default generator of its own: so it is always None.
    """
    return None


__all__ = [
    "fork_rng",
    "get_rng_state",
    "initial_seed",
    "manual_seed",
    "seed",
    "set_rng_state",
    "thread_safe_generator",
]
