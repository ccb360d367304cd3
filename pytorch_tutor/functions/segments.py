"""Segments: neighbouring rows that belong together, such as the nodes of one graph in a batch of graphs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..dtypes import int64
from ..errors import lesson
from ..refusals import refuse
from ..tensor_base import wrap
from .gathering import scatter_reduce

START = {"sum": 0.0, "mean": 0.0, "prod": 1.0, "amax": -np.inf, "amin": np.inf}
SHORT = {"max": "amax", "min": "amin"}


def segment_reduce(
    data: Any,
    reduce: str,
    *,
    lengths: Any = None,
    indices: Any = None,
    offsets: Any = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Any = None,
) -> Any:
    r"""One number for each run of neighbours along ``axis``: :math:`y_s = \mathrm{reduce}_{o_s \le i < o_{s+1}} x_i`.

    Args:
        data: floats.
        reduce: "sum", "mean", "prod", "max" or "min" (also "amax", "amin").
        lengths: how long each run is, of shape (\*data.shape[:axis], runs); they sum to ``data.size(axis)``.
        indices: not supported, in PyTorch neither.
        offsets: instead of lengths, where each run begins, and after them where the last one ends.
        axis: the axis; the last one of ``lengths``.
        unsafe: do not check the lengths' sum.
        initial: what each run starts from. Without it an empty run gives 0, 1, an infinity, or nan as its mean.

    Raises:
        RuntimeError: neither lengths nor offsets; lengths that do not fit.

    Example::

        >>> import pytorch_tutor as torch
        >>> x = torch.tensor([1.0, 2.0, 3.0, 4.0, 5.0])
        >>> torch.segment_reduce(x, "sum", lengths=torch.tensor([2, 0, 3]))
        tensor([ 3.,  0., 12.])
        >>> torch.segment_reduce(x, "max", offsets=torch.tensor([0, 2, 5]))
        tensor([2., 5.])

    Source: G. E. Blelloch, "Prefix sums and their applications", 1990.
    """
    refuse(data.dtype, "bool int unsigned complex", "_segment_reduce_cpu")
    reduce = SHORT.get(reduce, reduce)
    if reduce not in START:
        raise lesson(
            RuntimeError(f"reduce argument must be either sum, prod, mean, amax or amin, got {reduce}"),
            expected="sum, prod, mean, amax or amin",
            got=reduce,
        )
    if indices is not None:
        raise RuntimeError("segment_reduce(): indices based reduction is not supported yet.")
    counts, name = _counts(lengths, offsets)
    axis = axis if axis >= 0 else axis + data.dim()
    if not 0 <= axis < max(data.dim(), 1):
        last = max(data.dim(), 1)
        raise IndexError(
            f"Dimension out of range (expected to be in range of [{-last}, {last - 1}], but got {axis})"
        )  # as a negative one would be printed, too
    if axis != counts.ndim - 1:
        raise RuntimeError(f"segment_reduce(): Expected axis to be the last dimension of {name} but got {axis}.")
    if not unsafe and lengths is not None:
        if counts.size and counts.min() < 0:
            raise RuntimeError("lengths contains negative value!")
        if (counts.sum(-1) != data.shape[axis]).any():
            raise lesson(
                RuntimeError(
                    "segment_reduce(): Expected all rows of lengths along axis to sum to data.size(lengths.dim()-1) when "
                    "!unsafe."
                ),
                expected=f"a sum of {data.shape[axis]}",
                got=counts.sum(-1).tolist(),
            )
    return _reduced(data, reduce, counts, axis, initial, 0 if lengths is not None else offsets._array[..., :1])


def _counts(lengths: Any, offsets: Any) -> tuple[Any, str]:
    """The lengths of the runs, and by which argument they were given."""
    given = offsets if lengths is None else lengths
    if given is None:
        raise lesson(
            RuntimeError("segment_reduce(): Either lengths or offsets must be defined."),
            hint="lengths=torch.tensor([2, 3])",
        )
    name = "offsets" if lengths is None else "lengths"
    refuse(given.dtype, "bool unsigned float complex", f"_segment_reduce_{name}_cpu_kernel1")
    return (given._array if lengths is not None else np.diff(given._array, axis=-1)), name


def _reduced(data: Any, reduce: str, counts: Any, axis: int, initial: Any, first: Any) -> Any:
    """Each element goes to the place of its run; what lies before the first run and behind the last one, nowhere."""
    shape, runs = data.shape, counts.shape[-1]
    at = np.arange(shape[axis])
    ends = (first + np.cumsum(counts, axis=-1)).reshape(-1, runs)
    run = np.stack([np.searchsorted(row, at, side="right") for row in ends]) if len(ends) else ends
    run = np.where(at < first, runs, run.reshape(shape[: axis + 1]))
    run = np.broadcast_to(run.reshape(shape[: axis + 1] + (1,) * (len(shape) - axis - 1)), shape)
    start = START[reduce] if initial is None else float(initial)
    target = data.new_full((*shape[:axis], runs + 1, *shape[axis + 1 :]), start)  # one more for what is in no run
    index = wrap(np.ascontiguousarray(run, np.int64), int64)
    kind = "sum" if reduce == "mean" else reduce
    result = scatter_reduce(target, axis, index, data, kind).narrow(axis, 0, runs)
    if reduce != "mean":
        return result
    sizes = counts if initial is None else np.maximum(counts, 1)
    return result / data.new_tensor(sizes).reshape(counts.shape + (1,) * (len(shape) - axis - 1))
