"""The process group: who takes part. Here, this process alone."""

from __future__ import annotations

import datetime
import os
from typing import Any

from ..errors import lesson

UNINITIALIZED = "Default process group has not been initialized, please make sure to call init_process_group."


class Backend(str):
    """The name of what carries the messages; a group of one sends none."""

    UNDEFINED, GLOO, NCCL, MPI = "undefined", "gloo", "nccl", "mpi"
    __slots__ = ()


class ProcessGroup:
    """A group of processes: this one."""

    def __init__(self, backend: str) -> None:
        self._backend = backend

    def rank(self) -> int:
        """This process's number."""
        return 0

    def size(self) -> int:
        """How many processes take part."""
        return 1

    def name(self) -> str:
        """The name of the backend."""
        return self._backend


class _World:
    """The default group, once it has been initialized."""

    default: ProcessGroup | None = None


class _GroupMeta(type):
    @property
    def WORLD(cls) -> ProcessGroup | None:  # noqa: N802 - PyTorch's name
        """The default group, or None before ``init_process_group``."""
        return _World.default


class group(metaclass=_GroupMeta):  # noqa: N801 - PyTorch spells this class in lower case
    """``group.WORLD`` is the default group."""


class GroupMember(metaclass=_GroupMeta):
    """``GroupMember.WORLD`` is the default group."""

    NON_GROUP_MEMBER = -100


def is_available() -> bool:
    """Is there a package for several processes? Its face is here, for one process."""
    return True


def is_initialized() -> bool:
    """Has ``init_process_group`` been called?"""
    return _World.default is not None


def is_gloo_available() -> bool:
    """Is the CPU's backend there? A group of one needs none, and programs ask."""
    return True


def is_nccl_available() -> bool:
    """Is NVIDIA's library in use? No."""
    return False


def is_mpi_available() -> bool:
    """Is MPI in use? No."""
    return False


def is_torchelastic_launched() -> bool:
    """Was the program started by torchrun?"""
    return "TORCHELASTIC_RUN_ID" in os.environ


def init_process_group(
    backend: str | None = None,
    init_method: str | None = None,
    timeout: datetime.timedelta | None = None,
    world_size: int = -1,
    rank: int = -1,
    store: Any = None,
    group_name: str = "",
    pg_options: Any = None,
    device_id: Any = None,
) -> None:
    """Starts the group of one. Without ``rank`` and ``world_size``, RANK and WORLD_SIZE in the environment are read.

    >>> import pytorch_tutor as torch
    >>> torch.distributed.init_process_group("gloo", rank=0, world_size=1)
    >>> torch.distributed.get_rank(), torch.distributed.get_world_size()
    (0, 1)
    >>> torch.distributed.destroy_process_group()

    Raises:
        ValueError: already initialized, or a variable of the environment is missing.
        NotImplementedError: more than one process.
    """
    if is_initialized():
        raise ValueError("trying to initialize the default process group twice!")
    if init_method in (None, "env://") and store is None:
        rank = _from_environment("RANK") if rank < 0 else rank
        world_size = _from_environment("WORLD_SIZE") if world_size < 0 else world_size
    elif init_method is not None and init_method.startswith("tcp://"):
        for name, value in (("rank", rank), ("world size", world_size)):
            if value < 0 and f"{name.replace(' ', '_')}=" not in init_method:  # they may stand in the address, too
                raise lesson(
                    ValueError(
                        f"Error initializing torch.distributed using tcp:// rendezvous: {name} parameter missing"
                    ),
                    hint='init_process_group("gloo", rank=0, world_size=1)',
                )
    if world_size > 1 or rank > 0:
        raise lesson(
            NotImplementedError(f"a process group of {max(world_size, rank + 1)} processes: there is one process here"),
            expected="world_size=1, rank=0",
            got=f"world_size={world_size}, rank={rank}",
            hint='init_process_group("gloo", rank=0, world_size=1), or run the program with real PyTorch and torchrun',
        )
    _World.default = ProcessGroup((backend or "gloo").lower())


def _from_environment(name: str) -> int:
    value = os.environ.get(name)
    if value is None:
        raise lesson(
            ValueError(
                "Error initializing torch.distributed using env:// rendezvous: environment variable "
                f"{name} expected, but not set"
            ),
            hint='init_process_group("gloo", rank=0, world_size=1)',
        )
    return int(value)


def require() -> ProcessGroup:
    """The default group; ValueError with PyTorch's sentence before ``init_process_group``."""
    if _World.default is None:
        raise lesson(ValueError(UNINITIALIZED), hint='init_process_group("gloo", rank=0, world_size=1)')
    return _World.default


def destroy_process_group(group: Any = None) -> None:
    """Ends the group."""
    if _World.default is None:
        raise AssertionError("Process group cannot be None")
    _World.default = None


def get_rank(group: Any = None) -> int:
    """This process's number: 0."""
    return require().rank()


def get_world_size(group: Any = None) -> int:
    """How many processes take part: 1."""
    return require().size()


def get_backend(group: Any = None) -> str:
    """The name of the backend that was asked for."""
    return require().name()


def get_process_group_ranks(group: Any = None) -> list[int]:
    """The numbers of all that take part."""
    require()
    return [0]


def get_group_rank(group: Any, global_rank: int) -> int:
    """A process's number within a group."""
    return global_rank


def get_global_rank(group: Any, group_rank: int) -> int:
    """A group member's number among all."""
    return group_rank


def new_group(ranks: Any = None, timeout: Any = None, backend: str | None = None, **options: Any) -> ProcessGroup:
    """Another group of the same one process."""
    default = require()
    if ranks and any(rank != 0 for rank in ranks):
        raise ValueError(
            "the new group's world size should be less or equal to the world size set by init_process_group"
        )
    return ProcessGroup(backend or default.name())
