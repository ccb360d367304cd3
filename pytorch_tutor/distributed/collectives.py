"""What the members of a group do together. With one member, sums, copies and waits change nothing."""

from __future__ import annotations

import enum
from typing import Any, NoReturn

from ..errors import lesson
from ..graph import mode
from ..tensor_base import TensorBase
from .groups import require


class ReduceOp(enum.Enum):
    """How values of several processes become one."""

    SUM, AVG, PRODUCT, MIN, MAX, BAND, BOR, BXOR = range(8)


class Work:
    """Something that is done already."""

    def wait(self, timeout: Any = None) -> bool:
        """Returns at once."""
        return True

    def is_completed(self) -> bool:
        """Is it done? Yes."""
        return True


def _done(async_op: bool) -> Work | None:
    return Work() if async_op else None


def _check(tensor: Any, name: str = "tensor") -> None:
    require()
    if not isinstance(tensor, TensorBase):
        raise TypeError(
            f"Invalid function argument. Expected parameter `{name}` of type torch.Tensor\n"
            f"             but got {type(tensor)} instead."
        )


def _own(rank: Any) -> None:
    if rank not in (0, None):
        raise lesson(ValueError(f"Global rank {rank} is not part of group"), expected="rank 0", got=rank)


def _copy(target: Any, source: Any) -> None:
    before, mode.grad = mode.grad, False
    try:
        target.copy_(source)
    finally:
        mode.grad = before


def all_reduce(tensor: Any, op: Any = ReduceOp.SUM, group: Any = None, async_op: bool = False) -> Work | None:
    """The sum (or what ``op`` says) of everybody's tensor: its own."""
    _check(tensor)
    return _done(async_op)


def reduce(tensor: Any, dst: int = 0, op: Any = ReduceOp.SUM, group: Any = None, async_op: bool = False) -> Work | None:
    """The sum of everybody's tensor, for process ``dst``: its own."""
    _check(tensor)
    _own(dst)
    return _done(async_op)


def broadcast(tensor: Any, src: int = 0, group: Any = None, async_op: bool = False) -> Work | None:
    """The tensor of process ``src``, for everybody: its own."""
    _check(tensor)
    _own(src)
    return _done(async_op)


def all_gather(tensor_list: list[Any], tensor: Any, group: Any = None, async_op: bool = False) -> Work | None:
    """Everybody's tensor, in a list of one."""
    _check(tensor)
    _copy(tensor_list[0], tensor)
    return _done(async_op)


def all_gather_into_tensor(output_tensor: Any, input_tensor: Any, group: Any = None, async_op: bool = False) -> Any:
    """Everybody's tensor, one below the other."""
    _check(input_tensor, "input_tensor")
    _copy(output_tensor, input_tensor.reshape(output_tensor.shape))
    return _done(async_op)


def gather(tensor: Any, gather_list: Any = None, dst: Any = 0, group: Any = None, async_op: bool = False) -> Any:
    """Everybody's tensor, for process ``dst``."""
    _own(dst)
    if not gather_list:
        raise ValueError("Argument ``gather_list`` must be specified on destination rank.")
    return all_gather(gather_list, tensor, group, async_op)


def scatter(tensor: Any, scatter_list: Any = None, src: Any = 0, group: Any = None, async_op: bool = False) -> Any:
    """Each gets one tensor of process ``src``'s list: the first."""
    _check(tensor)
    _own(src)
    if not scatter_list:
        raise ValueError("Argument ``scatter_list`` must be specified on source rank.")
    _copy(tensor, scatter_list[0])
    return _done(async_op)


def reduce_scatter(
    output: Any, input_list: list[Any], op: Any = ReduceOp.SUM, group: Any = None, async_op: bool = False
) -> Work | None:
    """Sums, of which each process gets one: the first."""
    _check(output, "output")
    _copy(output, input_list[0])
    return _done(async_op)


def reduce_scatter_tensor(
    output: Any, input: Any, op: Any = ReduceOp.SUM, group: Any = None, async_op: bool = False
) -> Work | None:
    """Sums, of which each process gets a part: all of it."""
    return reduce_scatter(output, [input.reshape(output.shape)], op, group, async_op)


def all_to_all(
    output_tensor_list: list[Any], input_tensor_list: list[Any], group: Any = None, async_op: bool = False
) -> Any:
    """Each sends one tensor to each: its own to itself."""
    return all_gather(output_tensor_list, input_tensor_list[0], group, async_op)


def all_to_all_single(output: Any, input: Any, *sizes: Any, group: Any = None, async_op: bool = False) -> Any:
    """Each sends a part to each: all of it to itself."""
    return all_gather_into_tensor(output, input, group, async_op)


def all_gather_object(object_list: list[Any], obj: Any, group: Any = None) -> None:
    """Everybody's object, in a list of one."""
    require()
    object_list[0] = obj


def gather_object(obj: Any, object_gather_list: Any = None, dst: Any = 0, group: Any = None) -> None:
    """Everybody's object, for process ``dst``."""
    _own(dst)
    all_gather_object(object_gather_list, obj)


def scatter_object_list(output: list[Any], input: Any = None, src: Any = 0, group: Any = None) -> None:
    """Each gets one object of process ``src``'s list."""
    _own(src)
    all_gather_object(output, input[0])


def broadcast_object_list(object_list: list[Any], src: Any = 0, group: Any = None, device: Any = None) -> None:
    """The objects of process ``src``, for everybody: its own."""
    require()
    _own(src)


def barrier(group: Any = None, async_op: bool = False, device_ids: Any = None) -> Work | None:
    """Waits for everybody: nobody is missing."""
    require()
    return _done(async_op)


def monitored_barrier(group: Any = None, timeout: Any = None, wait_all_ranks: bool = False) -> None:
    """Waits for everybody: nobody is missing."""
    require()


def _nobody(function: str) -> NoReturn:
    require()
    raise lesson(
        ValueError(f"{function}: there is nobody to talk to in a group of one process"),
        hint="real PyTorch with torchrun, for several processes",
    )


def send(tensor: Any, dst: Any = None, group: Any = None, tag: int = 0, group_dst: Any = None) -> None:
    """Raises: there is nobody to send to."""
    _nobody("send")


def recv(tensor: Any, src: Any = None, group: Any = None, tag: int = 0, group_src: Any = None) -> int:
    """Raises: there is nobody who sends."""
    _nobody("recv")


def isend(tensor: Any, dst: Any = None, group: Any = None, tag: int = 0, group_dst: Any = None) -> Work:
    """Raises: there is nobody to send to."""
    _nobody("isend")


def irecv(tensor: Any, src: Any = None, group: Any = None, tag: int = 0, group_src: Any = None) -> Work:
    """Raises: there is nobody who sends."""
    _nobody("irecv")
