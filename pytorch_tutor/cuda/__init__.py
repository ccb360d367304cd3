"""``torch.cuda``: is there a GPU, and what is it doing? By CuPy; without one, a clear answer and never a bare CUDA error."""

from __future__ import annotations

from . import amp, memory, nvtx, random
from .devices import (
    can_device_access_peer, current_device, device, device_count, device_of, get_arch_list, get_device_capability,
    get_device_name, get_device_properties, init, is_available, is_bf16_supported, is_initialized, set_device,
    synchronize,
)  # fmt: skip
from .memory import (
    OutOfMemoryError, empty_cache, ipc_collect, max_memory_allocated, max_memory_cached, max_memory_reserved,
    mem_get_info, memory_allocated, memory_cached, memory_reserved, memory_stats, memory_summary,
    reset_accumulated_memory_stats, reset_max_memory_allocated, reset_max_memory_cached, reset_peak_memory_stats,
    set_per_process_memory_fraction,
)  # fmt: skip
from .random import (
    get_rng_state, get_rng_state_all, initial_seed, manual_seed, manual_seed_all, seed, seed_all, set_rng_state,
    set_rng_state_all,
)  # fmt: skip
from .streams import Event, Stream, StreamContext, current_stream, default_stream, set_stream, stream
from .tensors import (
    BFloat16Tensor, BoolTensor, ByteTensor, CharTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor, LongTensor,
    ShortTensor,
)  # fmt: skip

has_half = True
has_magma = False
