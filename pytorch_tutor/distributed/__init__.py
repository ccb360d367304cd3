"""``torch.distributed`` for a single process: a group of one, in which every collective operation is the identity.

A program written for many processes then runs unchanged on one. More than one process is refused with the reason.
"""

from __future__ import annotations

from .collectives import (
    ReduceOp, Work, all_gather, all_gather_into_tensor, all_gather_object, all_reduce, all_to_all, all_to_all_single,
    barrier, broadcast, broadcast_object_list, gather, gather_object, irecv, isend, monitored_barrier, recv, reduce,
    reduce_scatter, reduce_scatter_tensor, scatter, scatter_object_list, send,
)  # fmt: skip
from .groups import (
    Backend, GroupMember, ProcessGroup, destroy_process_group, get_backend, get_global_rank, get_group_rank,
    get_process_group_ranks, get_rank, get_world_size, group, init_process_group, is_available, is_gloo_available,
    is_initialized, is_mpi_available, is_nccl_available, is_torchelastic_launched, new_group,
)  # fmt: skip
