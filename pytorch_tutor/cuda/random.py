"""The generator of random numbers, by the names that it has for a GPU; the engine has one for all devices."""

from __future__ import annotations

from typing import Any

from .. import random as _random
from .devices import cupy, device_count, is_available


def manual_seed(seed: int) -> None:
    """Seeds the generator, where there is a GPU."""
    if is_available():
        _random.manual_seed(int(seed))


def manual_seed_all(seed: int) -> None:
    """Seeds the generator, where there is a GPU."""
    manual_seed(seed)


def seed() -> None:
    """Seeds the generator by chance, where there is a GPU."""
    if is_available():
        _random.seed()


def seed_all() -> None:
    """Seeds the generator by chance, where there is a GPU."""
    seed()


def initial_seed() -> int:
    """What the generator was seeded with."""
    cupy()
    return _random.initial_seed()


def get_rng_state(device: Any = "cuda") -> Any:
    """The generator's state."""
    cupy()
    return _random.get_rng_state()


def get_rng_state_all() -> list[Any]:
    """The generator's state for each GPU."""
    return [get_rng_state() for _ in range(device_count())]


def set_rng_state(new_state: Any, device: Any = "cuda") -> None:
    """Puts the generator into a state."""
    cupy()
    _random.set_rng_state(new_state)


def set_rng_state_all(new_states: Any) -> None:
    """Puts the generator into the state of each GPU."""
    for state in new_states:
        set_rng_state(state)
