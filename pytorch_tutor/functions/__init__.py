"""All public functions on tensors, one module per family: the part of ``torch.*`` that computes."""

from __future__ import annotations

from ..creation import (
    as_tensor, asarray, empty, empty_like, empty_permuted, empty_strided, from_numpy, frombuffer, full, full_like,
    get_default_device, ones, ones_like, scalar_tensor, set_default_device, tensor, zeros, zeros_like,
)  # fmt: skip
from ..sequences import arange, eye, linspace, logspace, range, tril_indices, triu_indices
from .arithmetic import (
    add, addcdiv, addcmul, arctan2, atan2, copysign, div, divide, floor_divide, fmax, fmin, fmod, hypot, lerp,
    logaddexp, logaddexp2, maximum, minimum, mul, multiply, pow, remainder, rsub, sub, subtract, true_divide,
    where, xlogy,
)  # fmt: skip
from .comparison import (
    allclose, bitwise_and, bitwise_left_shift, bitwise_not, bitwise_or, bitwise_right_shift, bitwise_xor, eq,
    equal, ge, greater, greater_equal, gt, is_nonzero, is_tensor, isclose, isfinite, isinf, isnan, isneginf,
    isposinf, isreal, le, less, less_equal, logical_and, logical_not, logical_or, logical_xor, lt, ne,
    not_equal, signbit,
)  # fmt: skip
from .complex import (
    angle, complex, conj, conj_physical, imag, is_complex, is_floating_point, polar, real, resolve_conj,
    resolve_neg, view_as_complex, view_as_real,
)  # fmt: skip
from .copies import (
    alias_copy, as_strided_copy, detach_copy, diagonal_copy, expand_copy, narrow_copy, permute_copy, select_copy,
    split_copy, split_with_sizes_copy, squeeze_copy, t_copy, transpose_copy, unbind_copy, unfold_copy, unsafe_chunk,
    unsafe_split, unsqueeze_copy, view_copy,
)  # fmt: skip
from .distances import cdist, cumulative_trapezoid, gradient, index_reduce, nanmedian, renorm
from .gathering import (
    gather, index_add, index_copy, index_fill, index_select, masked_fill, masked_scatter, masked_select, put, scatter,
    scatter_add, scatter_reduce, take, take_along_dim,
)  # fmt: skip
from .chains import chain_matmul
from .composed import (
    fill, repeat_interleave,
    block_diag, cartesian_prod, combinations, dsplit, hsplit, kron, numel, split_with_sizes, vsplit,
)  # fmt: skip
from .indexing import argwhere, index_put, narrow, nonzero, select
from .lengths import dist, norm
from .lowrank import pca_lowrank, svd_lowrank
from .matrices import (
    cholesky, cholesky_inverse, cholesky_solve, cross, det, geqrf, inverse, logdet, lu, lu_solve, lu_unpack, matrix_exp,
    matrix_power, orgqr, ormqr, pinverse, qr, slogdet, svd, triangular_solve, vander,
)  # fmt: skip
from .matrix import (
    bmm, dot, einsum, ger, inner, matmul, mm, mv, outer,
    tensordot, vdot,
)  # fmt: skip
from .number import float_power, frexp, gcd, heaviside, lcm, ldexp, nextafter, sgn
from .placing import as_strided_scatter, diagonal_scatter, select_scatter, slice_scatter, unravel_index
from .random import (
    bernoulli, binomial, multinomial, normal, poisson, rand, rand_like, randint, randint_like, randn, randn_like,
    randperm,
)  # fmt: skip
from .reduction import (
    all, amax, amin, aminmax, any, argmax, argmin, bincount, count_nonzero, cumprod, cumsum, logsumexp,
    max, mean, median, min, nanmean, nansum, prod, std, std_mean, sum, var, var_mean,
)  # fmt: skip
from .shape import (
    adjoint, as_strided, broadcast_shapes, broadcast_tensors, broadcast_to, cat, chunk, clone, concat, concatenate,
    contiguous, diag, diag_embed, diagflat, diagonal, expand, expand_as, flatten, flip, fliplr, flipud, moveaxis,
    movedim, permute, ravel, repeat, reshape, reshape_as, roll, rot90, split, squeeze, stack, swapaxes, swapdims, t,
    tensor_split, tile, trace, transpose, tril, triu, unbind, unflatten, unfold, unsqueeze, view, view_as,
)  # fmt: skip
from .stacking import (
    atleast_1d, atleast_2d, atleast_3d, column_stack, dstack, hstack, meshgrid, row_stack, vstack,
)  # fmt: skip
from .sorting import (
    argsort, bucketize, isin, kthvalue, msort, searchsorted, sort, topk, unique, unique_consecutive,
)  # fmt: skip
from .special import digamma, erfinv, i0, igamma, igammac, lgamma, mvlgamma, polygamma, sinc
from .statistics import (
    corrcoef, cov, cummax, cummin, diff, histc, logcumsumexp, mode, nanquantile, quantile, trapezoid, trapz,
)  # fmt: skip
from .unary import (
    abs, absolute, acos, acosh, arccos, arccosh, arcsin, arcsinh, arctan, arctanh, asin, asinh, atan, atanh,
    ceil, clamp, clamp_max, clamp_min, clip, cos, cosh, deg2rad, erf, erfc, exp, exp2, expm1, fix, floor, frac,
    log, log10, log1p, log2, logit, nan_to_num, neg, negative, positive, rad2deg, reciprocal, round, rsqrt,
    sigmoid, sign, sin, sinh, sqrt, square, tan, tanh, trunc,
)  # fmt: skip
from .weighted import addbmm, addmm, addmv, addr, baddbmm
from .windows import bartlett_window, blackman_window, hamming_window, hann_window, kaiser_window

__all__ = [
    "block_diag", "cartesian_prod", "combinations", "dsplit", "empty_permuted", "float_power", "igamma", "igammac",
    "gcd", "heaviside", "hsplit", "kron",
    "lcm", "ldexp", "numel", "sgn", "sinc", "split_with_sizes", "vsplit", "corrcoef", "cov", "cummax", "cummin",
    "diff", "histc", "logcumsumexp", "mode", "nanquantile", "quantile", "trapezoid", "trapz",
    "abs", "absolute", "acos", "acosh", "add", "addbmm", "addcdiv", "addcmul", "addmm", "addmv", "addr",
    "adjoint", "all", "allclose", "amax", "amin", "aminmax", "angle", "any", "arange", "arccos", "arccosh",
    "arcsin", "arcsinh", "arctan", "arctan2", "arctanh", "argmax", "argmin", "argsort", "argwhere",
    "as_strided", "as_tensor", "asarray", "asin", "asinh", "atan", "atan2", "atanh", "atleast_1d", "atleast_2d",
    "atleast_3d", "baddbmm", "bernoulli", "bincount", "binomial", "bitwise_and", "bitwise_left_shift", "bitwise_not",
    "bitwise_or", "bitwise_right_shift", "bitwise_xor", "bmm", "broadcast_shapes", "broadcast_tensors",
    "broadcast_to", "bucketize", "cat", "ceil", "chain_matmul", "chunk", "clamp", "clamp_max", "clamp_min",
    "clip", "clone", "column_stack", "complex", "concat", "concatenate", "conj", "conj_physical", "contiguous",
    "copysign", "cos", "cosh", "count_nonzero", "cumprod", "cumsum", "deg2rad", "diag", "diag_embed",
    "diagflat", "diagonal", "dist", "div", "divide", "dot", "dstack", "einsum", "empty", "empty_like",
    "empty_strided", "eq", "equal", "erf", "erfc", "exp", "exp2", "expand", "expand_as", "expm1", "eye", "fill", "fix",
    "flatten", "flip", "fliplr", "flipud", "floor", "floor_divide", "fmax", "fmin", "fmod", "frac",
    "from_numpy", "frombuffer", "full", "full_like", "gather", "ge", "ger", "get_default_device", "greater",
    "greater_equal", "gt", "hstack", "hypot", "imag", "index_add", "index_copy", "index_fill", "index_put",
    "index_select", "inner", "is_complex", "is_floating_point", "is_nonzero", "is_tensor", "isclose",
    "isfinite", "isin", "isinf", "isnan", "isneginf", "isposinf", "isreal", "kthvalue", "le", "lerp", "less",
    "less_equal", "linspace", "log", "log10", "log1p", "log2", "logaddexp", "logaddexp2", "logical_and",
    "logical_not", "logical_or", "logical_xor", "logit", "logspace", "logsumexp", "lt", "masked_fill",
    "masked_scatter", "masked_select", "matmul", "max", "maximum", "mean", "median", "meshgrid", "min",
    "minimum", "mm", "moveaxis", "movedim", "msort", "mul", "multinomial", "multiply", "mv", "nan_to_num", "nanmean",
    "nansum", "narrow", "ne", "neg", "negative", "nonzero", "norm", "normal", "not_equal", "ones", "ones_like",
    "outer", "permute", "poisson", "polar", "positive", "pow", "prod", "put", "rad2deg", "rand", "rand_like",
    "randint", "randint_like", "randn", "randn_like", "randperm", "range", "ravel", "real", "reciprocal",
    "remainder", "repeat", "repeat_interleave", "reshape", "reshape_as", "resolve_conj", "resolve_neg", "roll", "rot90",
    "round",
    "row_stack", "rsqrt", "rsub", "scalar_tensor", "scatter", "scatter_add", "scatter_reduce", "searchsorted",
    "select", "set_default_device", "sigmoid", "sign", "signbit", "sin", "sinh", "sort", "split", "sqrt",
    "square", "squeeze", "stack", "std", "std_mean", "sub", "subtract", "sum", "swapaxes", "swapdims", "t",
    "take", "take_along_dim", "tan", "tanh", "tensor", "tensor_split", "tensordot", "tile", "topk", "trace",
    "transpose", "tril", "tril_indices", "triu", "triu_indices", "true_divide", "trunc", "unbind", "unflatten",
    "unfold", "unique", "unique_consecutive", "unsqueeze", "var", "var_mean", "vdot", "view", "view_as",
    "view_as_complex", "view_as_real", "vstack", "where", "xlogy", "zeros", "zeros_like",
    "frexp", "nextafter", "digamma", "erfinv", "i0", "lgamma", "mvlgamma", "polygamma",
    "alias_copy", "as_strided_copy", "detach_copy", "diagonal_copy", "expand_copy", "narrow_copy", "permute_copy",
    "select_copy", "split_copy", "split_with_sizes_copy", "squeeze_copy", "t_copy", "transpose_copy", "unbind_copy",
    "unfold_copy", "unsafe_chunk", "unsafe_split", "unsqueeze_copy", "view_copy",
    "as_strided_scatter", "diagonal_scatter", "select_scatter", "slice_scatter", "unravel_index",
    "cdist", "cumulative_trapezoid", "gradient", "index_reduce", "nanmedian", "renorm",
    "bartlett_window", "blackman_window", "hamming_window", "hann_window", "kaiser_window",
    "cholesky", "cholesky_inverse", "cholesky_solve", "logdet", "matrix_exp", "qr", "svd",
]  # fmt: skip
