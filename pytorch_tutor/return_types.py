"""``torch.return_types``: the tuples with names that functions return, each by the name of its function."""

from __future__ import annotations

from .functions.distances import nanmedian_result as nanmedian
from .functions.histograms import histogram_result as histogram
from .functions.histograms import histogramdd_result as histogramdd
from .functions.number import frexp_result as frexp
from .functions.reduction import aminmax_result as aminmax
from .functions.reduction import max_result as max
from .functions.reduction import median_result as median
from .functions.reduction import min_result as min
from .functions.results import (
    _lu_with_info,
    geqrf,
    linalg_cholesky_ex,
    linalg_eig,
    linalg_eigh,
    linalg_inv_ex,
    linalg_ldl_factor,
    linalg_ldl_factor_ex,
    linalg_lstsq,
    linalg_lu,
    linalg_lu_factor,
    linalg_lu_factor_ex,
    linalg_qr,
    linalg_slogdet,
    linalg_solve_ex,
    linalg_svd,
    lu_unpack,
    qr,
    slogdet,
    svd,
    triangular_solve,
)  # fmt: skip
from .functions.sorting import kthvalue_result as kthvalue
from .functions.sorting import sort_result as sort
from .functions.sorting import topk_result as topk
from .functions.statistics import cummax_result as cummax
from .functions.statistics import cummin_result as cummin
from .functions.statistics import mode_result as mode

for _kind in (
    aminmax, cummax, cummin, frexp, histogram, histogramdd, kthvalue, max, median, min, mode, nanmedian, sort, topk,
):  # fmt: skip
    # where a class says it lives, pickle looks for it; by its own name it is found here only
    _kind.__module__, _kind.__qualname__ = __name__, _kind.__name__

__all__ = [
    "_lu_with_info", "aminmax", "cummax", "cummin", "frexp", "geqrf", "histogram", "histogramdd", "kthvalue",
    "linalg_cholesky_ex", "linalg_eig", "linalg_eigh", "linalg_inv_ex", "linalg_ldl_factor", "linalg_ldl_factor_ex",
    "linalg_lstsq", "linalg_lu", "linalg_lu_factor", "linalg_lu_factor_ex", "linalg_qr", "linalg_slogdet",
    "linalg_solve_ex", "linalg_svd", "lu_unpack", "max", "median", "min", "mode", "nanmedian", "qr", "slogdet", "sort",
    "svd", "topk", "triangular_solve",
]  # fmt: skip
