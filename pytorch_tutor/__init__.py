"""PyTorch's API on NumPy, made to be read: ``import pytorch_tutor as torch``. This file is the table of contents."""

from __future__ import annotations

import math
import warnings

from .tensor import Tensor  # isort: skip - first, because the function torch.tensor is to win over the module's name

from . import autograd, backends
from .autograd import enable_grad, inference_mode, no_grad, set_grad_enabled
from .functions.unary import (
    abs, absolute, acos, acosh, arccos, arccosh, arcsin, arcsinh, arctan, arctanh, asin, asinh, atan, atanh,
    ceil, clamp, clamp_max, clamp_min, clip, cos, cosh, deg2rad, erf, erfc, exp, exp2, expm1, fix, floor, frac,
    log, log10, log1p, log2, logit, nan_to_num, neg, negative, positive, rad2deg, reciprocal, round, rsqrt,
    sigmoid, sign, sin, sinh, sqrt, square, tan, tanh, trunc,
)  # fmt: skip
from .functions.arithmetic import (
    add, addcdiv, addcmul, arctan2, atan2, copysign, div, divide, floor_divide, fmax, fmin, fmod, hypot, lerp,
    logaddexp, logaddexp2, maximum, minimum, mul, multiply, pow, remainder, rsub, sub, subtract, true_divide,
    where, xlogy,
)  # fmt: skip
from .functions.comparison import (
    allclose, bitwise_and, bitwise_left_shift, bitwise_not, bitwise_or, bitwise_right_shift, bitwise_xor, eq,
    equal, ge, greater, greater_equal, gt, is_nonzero, is_tensor, isclose, isfinite, isinf, isnan, isneginf,
    isposinf, isreal, le, less, less_equal, logical_and, logical_not, logical_or, logical_xor, lt, ne,
    not_equal, signbit,
)  # fmt: skip
from .functions.reduction import (
    all, amax, amin, aminmax, any, argmax, argmin, bincount, count_nonzero, cumprod, cumsum, dist, logsumexp,
    max, mean, median, min, nanmean, nansum, norm, prod, std, std_mean, sum, var, var_mean,
)  # fmt: skip
from .functions.shape import (
    adjoint, as_strided, atleast_1d, atleast_2d, atleast_3d, broadcast_shapes, broadcast_tensors, broadcast_to,
    cat, chunk, clone, column_stack, concat, concatenate, diag, diag_embed, diagflat, diagonal, dstack, flatten,
    flip, fliplr, flipud, hstack, meshgrid, moveaxis, movedim, permute, ravel, reshape, roll, rot90, row_stack,
    split, squeeze, stack, swapaxes, swapdims, t, tensor_split, tile, trace, transpose, tril, triu, unbind,
    unflatten, unsqueeze, vstack,
)  # fmt: skip
from .functions.indexing import (
    argsort, argwhere, bucketize, gather, index_add, index_copy, index_fill, index_put, index_select, isin,
    kthvalue, masked_fill, masked_scatter, masked_select, narrow, nonzero, scatter, scatter_add, scatter_reduce,
    searchsorted, select, sort, take, take_along_dim, topk, unique, unique_consecutive,
)  # fmt: skip
from .functions.matrix import (
    addbmm, addmm, addmv, addr, baddbmm, bmm, chain_matmul, dot, einsum, ger, inner, matmul, mm, mv, outer,
    tensordot, vdot,
)  # fmt: skip
from .creation import (
    arange, as_tensor, asarray, empty, empty_like, empty_strided, eye, from_numpy, frombuffer, full, full_like,
    get_default_device, linspace, logspace, ones, ones_like, range, scalar_tensor, set_default_device, tensor,
    tril_indices, triu_indices, zeros, zeros_like,
)  # fmt: skip
from .device import device
from .dtypes import (
    bfloat16, bool, can_cast, cdouble, cfloat, complex64, complex128, double, dtype, finfo, float, float16, float32,
    float64, get_default_dtype, half, iinfo, int, int8, int16, int32, int64, long, promote_types, set_default_dtype,
    short, uint8, uint16, uint32, uint64,
)  # fmt: skip
from .functions.random import (
    bernoulli, multinomial, normal, poisson, rand, rand_like, randint, randint_like, randn, randn_like, randperm,
)  # fmt: skip
from .generator import Generator, default_generator
from .graph import is_grad_enabled, is_inference_mode_enabled
from .printing import get_printoptions, printoptions, set_printoptions
from .promotion import result_type
from .random import get_rng_state, initial_seed, manual_seed, seed, set_rng_state
from .size import Size

__version__ = "0.1.0"
pi, e, inf, nan, newaxis = math.pi, math.e, math.inf, math.nan, None

# NumPy warns where a result is infinite or not a number; PyTorch does not. Only warnings from this package are silenced.
warnings.filterwarnings("ignore", category=RuntimeWarning, module=r"pytorch_tutor\.")
