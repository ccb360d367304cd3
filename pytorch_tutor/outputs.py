"""``out=``: what PyTorch refuses of a tensor that is to receive a result, function by function."""

from __future__ import annotations

import functools
import warnings
from typing import Any

import numpy as np

from .dtypes import SCALAR_NAMES, TYPE_INFO_NAMES, can_cast, dtype
from .errors import lesson

SHARED_CELLS = (
    "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please "
    "clone() the tensor before performing the operation."
)
SHARED_INPUT = (
    "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory "
    "location. Please clone() the tensor before performing the operation."
)
RESIZED = (
    "An output with one or more elements was resized since it had shape {have}, which does not match the required output "
    "shape {need}. This behavior is deprecated, and in a future PyTorch release outputs will not be resized unless they "
    "have zero elements. You can explicitly reuse an out tensor t by resizing it, inplace, to zero elements with "
    "t.resize_(0)."
)

# Most functions take any type that the result may be cast to. These take their own type only, each in its own words:
# {need} and {got} are the types' names in tensors, {c_need} and {c_got} the compiler's.
EXACT = "Expected out tensor to have dtype {c_need}, but got {c_got} instead"
FOUND = "Found dtype {got} but expected {need}"
SCALAR_TYPE = "expected scalar_type {need} but found {got}"
FOR_EXTREMES = (
    "Expected the dtype for input and out to match, but got {need} for input's dtype and {got} for out's dtype."
)
FOR_NARROW = (
    "Expected self.dtype() == output.dtype() to be true, but got false.  (Could this error message be improved?  If so, "
    "please report an enhancement request to PyTorch.)"
)
ONLY = {
    **dict.fromkeys(
        "addmm addmv baddbmm bmm mm cross max min softmax log_softmax aminmax topk sort msort argmax argmin isin norm gather "
        "take_along_dim scatter scatter_add scatter_reduce index_copy index_add index_reduce slice_scatter select_scatter "
        "renorm tril triu qr view_copy permute_copy split_copy split_with_sizes_copy expand_copy diagonal_copy alias_copy "
        "as_strided_copy detach_copy select_copy unbind_copy unfold_copy squeeze_copy unsqueeze_copy transpose_copy t_copy "
        "linear avg_pool2d avg_pool3d".split(),
        EXACT,
    ),
    **dict.fromkeys("abs bitwise_not ceil floor frac neg round sign sgn trunc conj_physical".split(), FOUND),
    **dict.fromkeys("cummax cummin diff logcumsumexp".split(), SCALAR_TYPE),
    **dict.fromkeys("amax amin".split(), FOR_EXTREMES),
    **dict.fromkeys("all any".split(), "{name} only supports bool tensor for result, got: {got}"),
    **dict.fromkeys("arange linspace logspace zeros ones".split(),
                    "dtype {need} does not match dtype of out parameter ({got})"),
    **dict.fromkeys("complex polar".split(),
                    "Expected object of scalar type {need} but got scalar type {got} for argument 'out'"),
    **dict.fromkeys("quantile nanquantile".split(), "{name}() out tensor must be same dtype as the input tensor"),
    **dict.fromkeys("mv matmul".split(), "addmv input tensors must have the same dtype, but got {got}, {need}, and {need}"),
    **dict.fromkeys("isposinf isneginf signbit".split(), "{name} does not support non-boolean outputs."),
    **dict.fromkeys("lu_unpack lu_solve triangular_solve linalg_cross diag".split(), EXACT),
    **dict.fromkeys(
        "linalg_inv_ex linalg_det linalg_slogdet slogdet linalg_solve_ex linalg_cholesky_ex linalg_qr linalg_svd svd "
        "linalg_svdvals linalg_eigh linalg_eigvalsh linalg_lu linalg_lu_factor linalg_lu_factor_ex linalg_lu_solve "
        "linalg_matrix_power linalg_vector_norm linalg_ldl_factor linalg_ldl_factor_ex linalg_ldl_solve".split(),
        EXACT,
    ),
    **dict.fromkeys("dot vdot".split(), "result dtype {got} does not match input dtype {need}"),
    "linalg_solve_triangular": "expected scalar type {need} but found {got}",
    "linalg_norm": "linalg.norm expected out tensor dtype {need} but got: {got}",
    "linalg_matrix_norm": "linalg.matrix_norm expected out tensor dtype {need} but got: {got}",
    "linalg_vecdot": "linalg.vecdot: Expected out of dtype{need} but found {got}",
    "linalg_multi_dot": "multi_dot(): expected out tensor to have dtype {c_need} but got {c_got}",
    "addbmm": "self and mat2 must have the same dtype, but got {got} and {need}",
    "frexp": "torch.frexp() expects mantissa to have dtype {c_need} but got {c_got}",
    "heaviside": "heaviside is not yet implemented for tensors with different dtypes.",
    "histc": "torch.histogram: input tensor and hist tensor should have the same dtype, but got input {c_need} and hist "
             "{c_got}",
    "index_select": "index_select(): self and result must have the same scalar type",
    "kthvalue": "output values must be of same type as input",
    "median": "Expected tensor for 'values' to have the same type as tensor for argument #2 'self'; but type "
              "torch.{got}Tensor does not equal torch.{need}Tensor (while checking arguments for median)",
    "mode": "expected scalar type '{need}' but got '{got}' for values output",
    "multinomial": "multinomial expects Long tensor out, got: {got}",
    "nan_to_num": "nan_to_num: dtype of out: {got} should be same as input: {need}",
    "narrow_copy": FOR_NARROW,
    "nonzero": "nonzero: Expected out tensor to have scalar type {need} but got scalar type{got}",
    "ormqr": "torch.ormqr: Expected input and result to have the same dtype, but input has dtype{need} and result has "
             "dtype {got}",
    "tensordot": "tensordot: Expected the output tensor to have dtype {need}, but got an output tensor with dtype {got}",
    "searchsorted": "torch.searchsorted(): output tensor's dtype is wrong, it can only be Int(int32) or Long(int64) "
                    "depending on whether out_int32 flag is True, but we got output tensor's dtype {got} and out_int32 "
                    "flag is {is_int32}",
    "take": "take(): self and out expected to have the same dtype, but got self.dtype = {need} and out.dtype = {got}",
    "where": "Expected out type to be {need} but got {got}",
}  # fmt: skip
ANY_TYPE = {"sum", "nansum", "prod", "cumsum", "cumprod", "bernoulli"}  # they compute in the type of ``out``
# The result's type may not be cast, and the sentence is not the common one.
OTHER_WORDS = {
    "cat": (TypeError, "torch.cat(): input types can't be cast to the desired output type {got}"),
    "stack": (TypeError, "torch.cat(): input types can't be cast to the desired output type {got}"),
    "diag": (RuntimeError, "diag: result type {need} can't be cast to the desired out= type {got}"),
    "geqrf": (
        RuntimeError,
        "torch.geqrf: Expected a to be safely castable from {need} dtype, but got a with dtype {got}",
    ),
    "logsumexp": (RuntimeError, "logsumexp(): Expected floating point type for result tensor, but got: {got}"),
    "normal": (NotImplementedError, "\"normal_kernel_cpu\" not implemented for '{got}'"),
    "ldexp": (RuntimeError, "ldexp can't be cast to the desired output type {got}"),
    "mvlgamma": (RuntimeError, "mvlgamma: result type {need} can't be cast to the desired output type {got}"),
    **{
        name: (
            RuntimeError,
            name + ": Expected result to be safely castable from {need} dtype, but got result with dtype {got}",
        )
        for name in ("cholesky", "cholesky_inverse", "cholesky_solve")
    },
    **{
        f"linalg_{name}": (
            RuntimeError,
            before
            + name
            + ": Expected result to be safely castable from {need} dtype, but got result with dtype {got}",
        )
        for before, names in (
            ("linalg.", "pinv cond"),
            ("", "tensorinv tensorsolve"),
            ("torch.linalg.", "householder_product"),
        )
        for name in names.split()
    },
    **{
        f"linalg_{name}": (
            RuntimeError,
            "torch.linalg."
            + name
            + ": Expected eigenvalues to be safely castable from {need} dtype, but got eigenvalues with "
            "dtype {got}",
        )
        for name in ("eig", "eigvals")
    },
}
# Functions that write into memory in which several elements share a cell without complaint: the last one stays.
SHARING = {
    "sum", "nansum", "prod", "amax", "amin", "all", "any", "norm", "std", "var", "argmax", "argmin", "bmm", "mv", "matmul",
    "cummax", "cummin", "ones", "zeros", "full", "empty", "histc", "tril", "triu", "eye",
}  # fmt: skip
# Functions that read and write in no particular order: the result may not lie where an input lies, not even in full.
APART = {
    "gather", "take", "take_along_dim", "masked_select", "cat", "stack", "kthvalue", "index_select", "scatter",
    "scatter_add", "scatter_reduce", "index_add", "index_copy", "nonzero",
}  # fmt: skip


def check_castable(source: dtype, target: dtype) -> None:
    """RuntimeError where a result's category is above that of the tensor it is to be written into."""
    if not can_cast(source, target):
        raise lesson(
            RuntimeError(
                f"result type {SCALAR_NAMES[source]} can't be cast to the desired output type {SCALAR_NAMES[target]}"
            ),
            expected=f"a result that fits {target}",
            got=str(source),
            hint="a = a + b  instead of  a += b",
        )


def check_type(need: dtype, got: dtype, function: str) -> None:
    """RuntimeError (TypeError for ``cat``) unless a tensor of type ``got`` may receive a result of type ``need``."""
    if need is got or function in ANY_TYPE:
        return
    kind: type[Exception] = RuntimeError
    sentence = ONLY.get(function)
    if function in OTHER_WORDS and not can_cast(need, got):
        kind, sentence = OTHER_WORDS[function]
    if sentence is None:
        check_castable(need, got)
        return
    names = {
        "name": function, "need": SCALAR_NAMES[need], "got": SCALAR_NAMES[got],
        "c_need": TYPE_INFO_NAMES[need], "c_got": TYPE_INFO_NAMES[got], "is_int32": need.name == "int32",
    }  # fmt: skip
    hint = f"out = torch.empty(0, dtype={need})"
    raise lesson(kind(sentence.format(**names)), expected=str(need), got=str(got), hint=hint)


def check_memory(out: Any, function: str, inputs: tuple[Any, ...]) -> None:
    """RuntimeError where elements of ``out`` share a cell, or where it lies across an input."""
    array = out._array
    if array.__class__ is not np.ndarray or not array.size:
        return
    if 0 in array.strides and function not in SHARING:
        if any(s == 0 and n > 1 for s, n in zip(array.strides, array.shape, strict=True)):
            raise lesson(RuntimeError(SHARED_CELLS), expected="memory of its own for each element", hint="out.clone()")
    for source in inputs:
        if crosses(array, getattr(source, "_array", None), function in APART):
            raise lesson(RuntimeError(SHARED_INPUT), expected="an out= beside the inputs", hint="out = x.clone()")


def crosses(target: Any, source: Any, in_full: bool) -> bool:
    """Do two arrays without gaps share memory in part, or, where that counts too, in full?"""
    if source.__class__ is not np.ndarray or not source.size or not np.may_share_memory(target, source):
        return False
    if not _dense(target) or not _dense(source):  # PyTorch does not look closer, either
        return False
    same = (
        target.__array_interface__["data"] == source.__array_interface__["data"]
        and target.shape == source.shape
        and target.strides == source.strides
    )
    return in_full or not same


def _dense(array: Any) -> bool:
    reach = sum((n - 1) * abs(s) for n, s in zip(array.shape, array.strides, strict=True))
    return bool(reach + array.itemsize == array.size * array.itemsize)


@functools.cache
def named(kind: type[Any]) -> type[Any]:
    """The class of several results that went into ``out=``: PyTorch prints ``sort_out`` for ``sort``."""
    return type(f"{kind.__name__}_out", (kind,), {"__slots__": (), "__doc__": kind.__doc__})


def fit(out: Any, shape: tuple[int, ...]) -> None:
    """Gives ``out`` the shape of the result, with a warning where it held something."""
    if out._array.shape == shape:
        return
    if out._array.size:
        have, need = list(out._array.shape), list(shape)
        warnings.warn(RESIZED.format(have=have, need=need), UserWarning, stacklevel=4)
    out._array = type(out._array)(shape, dtype=out._array.dtype)
