"""Finding oneDNN's shared library and declaring the few functions of its C API that the kernels call.

oneDNN is the library that PyTorch itself computes with on a CPU. One wheel (`pip install onednn-cpu-gomp`) brings it,
without any Python in it: `ctypes` does the talking. Reference of the API: the oneDNN developer guide, version 3.
"""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, byref, c_char, c_char_p, c_float, c_int, c_int64, c_size_t, c_uint, c_void_p
from functools import lru_cache
from pathlib import Path
from typing import Any

WHEELS = ("onednn-cpu-gomp", "onednn-cpu-iomp", "onednn-cpu-tbb", "onednn")
FILES = {"win32": "dnnl.dll", "darwin": "libdnnl.3.dylib"}

MAX_DIMS = 12
Dims = c_int64 * MAX_DIMS

# Values of the C header's enumerations that are used here.
F32, S32, U8 = 3, 5, 6
TRAINING, INFERENCE, BACKWARD = 64, 96, 128
CPU = 1
TAG_ANY = 1
CONVOLUTION_DIRECT = 1
RELU_FROM_RESULT = 0x100
MAX, AVERAGE_WITH_PADDING, AVERAGE_WITHOUT_PADDING = 0x1FF, 0x2FF, 0x3FF
SOFTMAX, LOG_SOFTMAX = 0x30000, 0x30001
USE_SCALE, USE_SHIFT, USE_GLOBAL_STATISTICS = 2, 4, 1
QUERY_IMPLEMENTATION, QUERY_WEIGHTS, QUERY_DIFF_WEIGHTS, QUERY_WORKSPACE = 8, 131, 132, 135

# The roles of memory in a call.
SRC, SRC_1, DST, WEIGHTS, BIAS, MEAN, VARIANCE, SCALE, SHIFT, WORKSPACE = 1, 2, 17, 33, 41, 49, 50, 51, 52, 64
DIFF_SRC, DIFF_DST, DIFF_WEIGHTS, DIFF_BIAS, DIFF_SCALE, DIFF_SHIFT = 129, 145, 161, 169, 255, 256
# The roles in a recurrent layer: one number for each of layer, state and cell, or for each kind of weight.
SRC_LAYER, SRC_STATE, SRC_CELL, DST_LAYER, DST_STATE, DST_CELL, WEIGHTS_LAYER, WEIGHTS_STATE = (
    1,
    2,
    3,
    17,
    18,
    19,
    33,
    34,
)
DIFF = 128  # added to a role, it is the gradient's
LEFT_TO_RIGHT, RIGHT_TO_LEFT = 1, 2
FIRST_POST_OPERATION = 0x8000


class _Version(ctypes.Structure):
    _fields_ = (("major", c_int), ("minor", c_int), ("patch", c_int), ("hash", c_char_p), ("cpu", c_uint))


class Argument(ctypes.Structure):
    """One memory of a call and the role it plays."""

    _fields_ = (("role", c_int), ("memory", c_void_p))


P = c_void_p
DESCRIPTION = (POINTER(P), P)  # where to put the new description, and the engine
SIGNATURES: dict[str, tuple[Any, ...]] = {
    "dnnl_engine_create": (POINTER(P), c_int, c_size_t),
    "dnnl_stream_create": (POINTER(P), P, c_uint),
    "dnnl_memory_desc_create_with_strides": (POINTER(P), c_int, Dims, c_int, Dims),
    "dnnl_memory_desc_create_with_tag": (POINTER(P), c_int, Dims, c_int, c_int),
    "dnnl_memory_desc_clone": (POINTER(P), P),
    "dnnl_memory_desc_destroy": (P,),
    "dnnl_memory_create": (POINTER(P), P, P, P),
    "dnnl_memory_destroy": (P,),
    "dnnl_primitive_create": (POINTER(P), P),
    "dnnl_primitive_destroy": (P,),
    "dnnl_primitive_desc_destroy": (P,),
    "dnnl_primitive_desc_query": (P, c_int, c_int, P),
    "dnnl_reorder_primitive_desc_create": (POINTER(P), P, P, P, P, P),
    "dnnl_convolution_forward_primitive_desc_create": (*DESCRIPTION, c_int, c_int, P, P, P, P, *[Dims] * 4, P),
    "dnnl_convolution_backward_data_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, *[Dims] * 4, P, P),
    "dnnl_convolution_backward_weights_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, P, *[Dims] * 4, P, P),
    "dnnl_pooling_forward_primitive_desc_create": (*DESCRIPTION, c_int, c_int, P, P, *[Dims] * 5, P),
    "dnnl_pooling_backward_primitive_desc_create": (*DESCRIPTION, c_int, P, P, *[Dims] * 5, P, P),
    "dnnl_batch_normalization_forward_primitive_desc_create": (*DESCRIPTION, c_int, P, P, c_float, c_uint, P),
    "dnnl_batch_normalization_backward_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, c_float, c_uint, P, P),
    "dnnl_layer_normalization_forward_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, c_float, c_uint, P),
    "dnnl_layer_normalization_backward_primitive_desc_create": (
        *DESCRIPTION, c_int, P, P, P, P, c_float, c_uint, P, P,
    ),
    "dnnl_softmax_forward_primitive_desc_create": (*DESCRIPTION, c_int, c_int, P, P, c_int, P),
    "dnnl_softmax_backward_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, c_int, P, P),
    "dnnl_eltwise_forward_primitive_desc_create": (*DESCRIPTION, c_int, c_int, P, P, c_float, c_float, P),
    "dnnl_eltwise_backward_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, c_float, c_float, P, P),
    "dnnl_binary_primitive_desc_create": (*DESCRIPTION, c_int, P, P, P, P),
    "dnnl_matmul_primitive_desc_create": (*DESCRIPTION, P, P, P, P, P),
    "dnnl_post_ops_create": (POINTER(P),),
    "dnnl_post_ops_append_binary": (P, c_int, P),
    "dnnl_post_ops_destroy": (P,),
    "dnnl_primitive_attr_create": (POINTER(P),),
    "dnnl_primitive_attr_set_post_ops": (P, P),
    "dnnl_primitive_attr_destroy": (P,),
    "dnnl_lstm_forward_primitive_desc_create": (*DESCRIPTION, c_int, c_int, *[P] * 11, c_uint, P),
    "dnnl_lstm_backward_primitive_desc_create": (*DESCRIPTION, c_int, c_int, *[P] * 22, c_uint, P, P),
    "dnnl_set_primitive_cache_capacity": (c_int,),
    "dnnl_sgemm": (c_char, c_char, *[c_int64] * 3, c_float, P, c_int64, P, c_int64, c_float, P, c_int64),
}  # fmt: skip


class Library:
    """The loaded library, one engine (the CPU) and one stream (calls run in order)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Quick calls keep Python's lock (PyDLL); the computing ones let it go (CDLL), so that other threads live.
        self._quick = ctypes.PyDLL(str(path))
        self._slow = ctypes.CDLL(str(path))
        self._quick.dnnl_version.restype = POINTER(_Version)
        found = self._quick.dnnl_version().contents
        self.version = (found.major, found.minor, found.patch)
        if found.major != 3:
            raise OSError(f"{path} is oneDNN {found.major}; the kernels speak the C API of version 3")
        for name, types in SIGNATURES.items():
            getattr(self._quick, name).argtypes = types
        self._quick.dnnl_primitive_desc_query_md.argtypes = (P, c_int, c_int)
        self._quick.dnnl_primitive_desc_query_md.restype = P
        self._quick.dnnl_memory_desc_equal.argtypes = (P, P)
        self._quick.dnnl_memory_desc_get_size.argtypes = (P,)
        self._quick.dnnl_memory_desc_get_size.restype = c_size_t
        self.query = self._quick.dnnl_primitive_desc_query_md
        self.equal = self._quick.dnnl_memory_desc_equal
        self.size = self._quick.dnnl_memory_desc_get_size
        self.set_pointer = self._quick.dnnl_memory_set_data_handle
        self.set_pointer.argtypes = (P, P)
        self.execute = self._slow.dnnl_primitive_execute
        self.execute.argtypes = (P, P, c_int, POINTER(Argument))
        self.sgemm = self._slow.dnnl_sgemm
        self.sgemm.argtypes = SIGNATURES["dnnl_sgemm"]
        # Primitives are kept by the bounded caches of `onednn_primitive.py`; a second cache would hold them for ever.
        self.call("dnnl_set_primitive_cache_capacity", 0)
        self.engine = self.new("dnnl_engine_create", CPU, 0)
        self.stream = self.new("dnnl_stream_create", self.engine, 1)

    def call(self, name: str, *arguments: Any) -> None:
        """Call a function that returns a status, and raise if it is not success."""
        status = getattr(self._quick, name)(*arguments)
        if status:
            raise UnsupportedError(f"{name} returned status {status}")

    def new(self, name: str, *arguments: Any) -> int:
        """Call a function whose first argument receives the handle that it makes."""
        handle = P()
        self.call(name, byref(handle), *arguments)
        assert handle.value is not None
        return handle.value

    def implementation(self, operation: int) -> str:
        """Which of its ways oneDNN has chosen for a described operation; "ref" begins the name of the slow ones."""
        name = c_char_p()
        self.call("dnnl_primitive_desc_query", operation, QUERY_IMPLEMENTATION, 0, byref(name))
        return (name.value or b"").decode()


class UnsupportedError(RuntimeError):
    """oneDNN has no implementation for this case on this processor: the NumPy kernel takes over."""


def find_library() -> Path | None:
    """Where an installed wheel has put the library, or None. Only installed distributions are asked, no folders."""
    from importlib import metadata  # it brings half the standard library

    wanted = FILES.get(sys.platform, "libdnnl.so.3")
    for wheel in WHEELS:
        try:
            files = metadata.distribution(wheel).files or []
        except metadata.PackageNotFoundError:
            continue
        for file in files:
            if file.name == wanted:
                path = Path(str(file.locate())).resolve()
                if path.exists():
                    return path
    return None


@lru_cache(maxsize=1)
def library() -> Library | None:
    """The library, loaded at the first call, or None where it is not installed or cannot be loaded."""
    path = find_library()
    if path is None:
        return None
    try:
        return Library(path)
    except (OSError, AttributeError, UnsupportedError):
        return None
