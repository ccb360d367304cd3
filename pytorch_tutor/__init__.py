"""PyTorch's API on NumPy, made to be read: ``import pytorch_tutor as torch``. This file is the table of contents."""

import difflib
import math
import typing
import warnings
from types import ModuleType as _ModuleType

from .tensor import Tensor  # isort: skip - first, because the function torch.tensor is to win over the module's name

from . import autograd, backends
from .arguments import speak as _speak
from .autograd import (
    enable_grad, inference_mode, is_anomaly_check_nan_enabled, is_anomaly_enabled, no_grad, set_grad_enabled,
)  # fmt: skip
from .device import device
from .dtypes import (
    bfloat16, bool, can_cast, cdouble, cfloat, complex64, complex128, double, dtype, finfo, float, float16, float32,
    float64, get_default_dtype, half, iinfo, int, int8, int16, int32, int64, long, promote_types, set_default_dtype,
    short, uint8, uint16, uint32, uint64,
)  # fmt: skip
from .functions import (
    block_diag, cartesian_prod, combinations, dsplit, hsplit, kron, numel, split_with_sizes, vsplit, corrcoef, cov,
    cummax, cummin, diff, histc, logcumsumexp, mode, nanquantile, quantile, trapezoid, trapz,
    abs, absolute, acos, acosh, add, addbmm, addcdiv, addcmul, addmm, addmv, addr, adjoint, all, allclose, amax,
    amin, aminmax, angle, any, arange, arccos, arccosh, arcsin, arcsinh, arctan, arctan2, arctanh, argmax,
    argmin, argsort, argwhere, as_strided, as_tensor, asarray, asin, asinh, atan, atan2, atanh, atleast_1d,
    atleast_2d, atleast_3d, baddbmm, bernoulli, bincount, binomial, bitwise_and, bitwise_left_shift, bitwise_not,
    bitwise_or, bitwise_right_shift, bitwise_xor, bmm, broadcast_shapes, broadcast_tensors, broadcast_to,
    bucketize, cat, ceil, chain_matmul, chunk, clamp, clamp_max, clamp_min, clip, clone, column_stack, complex,
    concat, concatenate, conj, conj_physical, copysign, cos, cosh, count_nonzero, cumprod, cumsum, deg2rad,
    diag, diag_embed, diagflat, diagonal, dist, div, divide, dot, dstack, einsum, empty, empty_like,
    empty_permuted, empty_strided, eq, equal, erf, erfc, exp, exp2, expm1, eye, fill, fix, flatten, flip, fliplr, flipud, floor,
    floor_divide, fmax, fmin, fmod, frac, from_numpy, frombuffer, full, full_like, gather, ge, ger,
    get_default_device, greater, greater_equal, gt, hstack, hypot, imag, index_add, index_copy, index_fill,
    index_put, index_select, inner, is_complex, is_floating_point, is_nonzero, is_tensor, isclose, isfinite,
    isin, isinf, isnan, isneginf, isposinf, isreal, kthvalue, le, lerp, less, less_equal, linspace, log, log10,
    log1p, log2, logaddexp, logaddexp2, logical_and, logical_not, logical_or, logical_xor, logit, logspace,
    logsumexp, lt, masked_fill, masked_scatter, masked_select, matmul, max, maximum, mean, median, meshgrid,
    min, minimum, mm, moveaxis, movedim, msort, mul, multinomial, multiply, mv, nan_to_num, nanmean, nansum, narrow,
    ne, neg, negative, nonzero, norm, normal, not_equal, ones, ones_like, outer, permute, poisson, polar,
    positive, pow, prod, put, rad2deg, rand, rand_like, randint, randint_like, randn, randn_like, randperm, range,
    ravel, real, reciprocal, remainder, repeat_interleave, reshape, resolve_conj, resolve_neg, roll, rot90, round,
    row_stack,
    rsqrt, rsub, scalar_tensor, scatter, scatter_add, scatter_reduce, searchsorted, select, set_default_device,
    sigmoid, sign, signbit, sin, sinh, sort, split, sqrt, square, squeeze, stack, std, std_mean, sub, subtract,
    sum, swapaxes, swapdims, t, take, take_along_dim, tan, tanh, tensor, tensor_split, tensordot, tile, topk,
    trace, transpose, tril, tril_indices, triu, triu_indices, true_divide, trunc, unbind, unflatten, unique,
    unique_consecutive, unsqueeze, var, var_mean, vdot, view_as_complex, view_as_real, vstack, where, xlogy,
    zeros, zeros_like,
)  # fmt: skip
from .functions.activation import (
    celu, celu_, hardshrink, log_softmax, prelu, relu, relu_, selu, selu_, softmax, threshold, threshold_,
)  # fmt: skip
from .functions.inplace import (
    abs_, acos_, acosh_, addmv_, arccos_, arccosh_, arcsin_, arcsinh_, arctan_, arctanh_, asin_, asinh_, atan_,
    atanh_, ceil_, clamp_, clamp_max_, clamp_min_, clip_, cos_, cosh_, deg2rad_, detach_, erf_, erfc_, exp2_, exp_,
    expm1_, fill_, fix_, floor_, frac_, gcd_, i0_, index_put_, lcm_, ldexp_, log10_, log1p_, log2_, log_, logit_,
    nan_to_num_, neg_, negative_, rad2deg_, reciprocal_, round_, rsqrt_, sigmoid_, sin_, sinc_, sinh_, sqrt_,
    as_strided_, conj_physical_, resize_as_, square_, tan_, tanh_, trunc_, xlogy_, zero_,
)  # fmt: skip
from .functions.number import float_power, frexp, gcd, hash_tensor, heaviside, lcm, ldexp, nextafter, sgn
from .functions.special import digamma, erfinv, i0, igamma, igammac, lgamma, mvlgamma, polygamma, sinc
from .functions.copies import (
    alias_copy, as_strided_copy, detach_copy, diagonal_copy, expand_copy, narrow_copy, permute_copy, select_copy,
    split_copy, split_with_sizes_copy, squeeze_copy, t_copy, transpose_copy, unbind_copy, unfold_copy, unsafe_chunk,
    unsafe_split, unsqueeze_copy, view_copy,
)  # fmt: skip
from .functions.exchange import from_dlpack, to_dlpack
from .functions.histograms import histogram, histogramdd
from .functions.indexing import nonzero_static
from .functions.padding import constant_pad_nd
from .functions.spectra import istft, stft
from .functions.placing import as_strided_scatter, diagonal_scatter, select_scatter, slice_scatter, unravel_index
from .functions.distances import cdist, cumulative_trapezoid, gradient, index_reduce, nanmedian, renorm
from .functions.windows import bartlett_window, blackman_window, hamming_window, hann_window, kaiser_window
from .functions.sparse import sparse_coo_tensor, sparse_csr_tensor
from .functions.matrix import mm as spmm
from .functions.lobpcg import lobpcg
from .functions.lowrank import pca_lowrank, svd_lowrank
from .functions.matrices import (
    cholesky, cholesky_inverse, cholesky_solve, cross, det, geqrf, inverse, logdet, lu, lu_solve, lu_unpack, matrix_exp,
    matrix_power, orgqr, ormqr, pinverse, qr, slogdet, svd, triangular_solve, vander,
)  # fmt: skip
from .functions.removed import eig, lstsq, matrix_rank, solve, symeig
from . import return_types
from . import sparse, sparse_tensor as _sparse_tensor  # the class that sparse results are of
from . import nn
from .nn.functional import (
    adaptive_avg_pool1d, adaptive_max_pool1d, avg_pool1d, bilinear, channel_shuffle, conv1d, conv2d, conv3d,
    conv_transpose1d, conv_transpose2d, conv_transpose3d, cosine_similarity, max_pool1d, max_pool2d, max_pool3d,
    native_channel_shuffle, pairwise_distance, pdist, pixel_shuffle, pixel_unshuffle, rms_norm, rrelu, rrelu_,
)  # fmt: skip
from .nn.functional.native import (
    grid_sampler, grid_sampler_2d, grid_sampler_3d, native_batch_norm, native_group_norm, native_layer_norm,
    alpha_dropout, batch_norm, binary_cross_entropy_with_logits, cosine_embedding_loss, ctc_loss, dropout, embedding,
    feature_alpha_dropout, group_norm, hinge_embedding_loss, instance_norm, kl_div, layer_norm, margin_ranking_loss,
    poisson_nll_loss, triplet_margin_loss,
    log_softmax_backward_data as _log_softmax_backward_data, softmax_backward_data as _softmax_backward_data,
)  # fmt: skip
from .functions.segments import segment_reduce, segment_reduce as _segment_reduce
from . import aten as _aten
from . import amp
from .amp import (
    autocast, clear_autocast_cache, get_autocast_cpu_dtype, get_autocast_dtype, get_autocast_gpu_dtype,
    is_autocast_cache_enabled, is_autocast_cpu_enabled, is_autocast_enabled, set_autocast_cache_enabled,
    set_autocast_dtype, set_autocast_enabled,
)  # fmt: skip
from .backends import (  # torch.backends.cudnn and its kin
    cpu as _cpu_flags, cuda as _cuda_flags, cudnn as _cudnn, mkl as _mkl, mkldnn as _mkldnn, mps as _mps, nnpack as _nnpack,
    openmp as _openmp, opt_einsum as _opt_einsum, quantized as _quantized,
)  # fmt: skip
from .checks import (
    _assert, _check, _check_index, _check_is_size, _check_not_implemented, _check_type, _check_value,
)  # fmt: skip
from .errors import lesson
from .generator import Generator, default_generator
from .graph import is_grad_enabled, is_inference_mode_enabled
from .layouts import (
    channels_last, channels_last_3d, contiguous_format, layout, memory_format, preserve_format, sparse_coo, sparse_csr,
    strided,
)  # fmt: skip
from .legacy import (
    BFloat16Tensor, BoolTensor, ByteTensor, CharTensor, DoubleTensor, FloatTensor, HalfTensor, IntTensor, LongTensor,
    ShortTensor, set_default_tensor_type,
)  # fmt: skip
from .printing import get_printoptions, printoptions, set_printoptions
from .promotion import result_type
from .random import get_rng_state, initial_seed, manual_seed, seed, set_rng_state
from .settings import (
    are_deterministic_algorithms_enabled, get_deterministic_debug_mode, get_float32_matmul_precision,
    get_num_interop_threads, get_num_threads, is_deterministic_algorithms_warn_only_enabled, is_warn_always_enabled,
    set_deterministic_debug_mode, set_float32_matmul_precision, set_flush_denormal, set_num_interop_threads,
    set_num_threads, set_warn_always, use_deterministic_algorithms,
)  # fmt: skip
from .size import Size
from . import __config__, __future__, absent, compiled as _C, utils, version
from .later import Later as _Later
from .nn.modules.registry import typename
from .version import __version__

if typing.TYPE_CHECKING:  # what a first lesson does not need is loaded when it is first asked for: see `later`
    from . import (
        _dynamo, _logging, accelerator, compiler, cpu, cuda, distributed, distributions, fft, func, hub, jit, library,
        linalg, masked, mps, mtia, multiprocessing, optim, overrides, profiler, run, serialization, signal, special, testing,
        types, xpu,
    )  # fmt: skip
    from .compiler import compile
    from .cuda import OutOfMemoryError
    from .distributions.dirichlet import sample_dirichlet as _sample_dirichlet
    from .distributions.gamma import standard_gamma as _standard_gamma
    from .func.vmap import vmap
    from .run import load_ipython_extension, unload_ipython_extension
    from .serialization import load, save

_later = _Later(
    __name__,
    [
        "_dynamo", "_logging", "accelerator", "compiler", "cpu", "cuda", "distributed", "distributions", "fft", "func",
        "hub", "jit", "library", "linalg", "masked", "mps", "mtia", "multiprocessing", "optim", "overrides", "profiler",
        "run", "serialization", "signal", "special", "testing", "types", "xpu",
    ],
    {
        "compile": "compiler.compile",
        "OutOfMemoryError": "cuda.OutOfMemoryError",
        "_sample_dirichlet": "distributions.dirichlet.sample_dirichlet",
        "_standard_gamma": "distributions.gamma.standard_gamma",
        "vmap": "func.vmap.vmap",
        "load_ipython_extension": "run.load_ipython_extension",
        "unload_ipython_extension": "run.unload_ipython_extension",
        "load": "serialization.load",
        "save": "serialization.save",
    },
)  # fmt: skip

absent.install()
pi, e, inf, nan, newaxis = math.pi, math.e, math.inf, math.nan, None

# NumPy warns where a result is infinite or not a number; PyTorch does not. Only warnings from this package are silenced.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"pytorch_tutor\.")

_speak(
    globals(),
    "torch",
    in_python=(
        "atleast_1d atleast_2d atleast_3d block_diag broadcast_tensors cartesian_prod cdist chain_matmul einsum istft lobpcg lu "
        "meshgrid norm pca_lowrank split stft svd_lowrank tensordot unique unique_consecutive unravel_index"
    ).split(),
)
absent.name_parts()


# For `from torch import *`, which brings functions, classes and numbers, but no modules.
__all__ = [name for name, value in globals().items() if name[0] != "_" and not isinstance(value, _ModuleType)]
__all__ += [name for name in _later.lifted if name[0] != "_"]


def __dir__() -> list[str]:
    return _later.dir()


def __getattr__(name: str) -> object:
    """What is loaded later; else PyTorch's sentence for a name that is not there, and the nearest one that is."""
    found = _later.find(name)
    if found is not None:
        return found
    error = AttributeError(f"module 'torch' has no attribute '{name}'")
    if not name.startswith("_"):
        close = difflib.get_close_matches(name, [known for known in __dir__() if not known.startswith("_")], n=1)
        if absent.find(f"torch.{name}") is not None:
            absent.explain(error, f"torch.{name}")
        else:
            lesson(error, hint=f"torch.{close[0]}" if close else "dir(torch)  lists what there is")
    raise error
