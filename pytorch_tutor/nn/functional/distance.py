"""How far apart two vectors are, by length of the difference or by angle."""

from __future__ import annotations

from typing import Any

from pytorch_tutor.dispatch import apply
from pytorch_tutor.functions.distances import pdist
from pytorch_tutor.functions.shape import broadcast_tensors
from pytorch_tutor.nn.functional._arguments import check_broadcast, require_tensor, scalar_name
from pytorch_tutor.ops.distance import DistanceNorm


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    r"""$x_1 \cdot x_2 / (\lVert x_1 \rVert \lVert x_2 \rVert)$ along `dim`; lengths below `eps` count as `eps`.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.cosine_similarity(torch.tensor([[1.0, 0.0]]), torch.tensor([[1.0, 1.0]]))
    tensor([0.7071])
    """
    require_tensor(x1, "cosine_similarity", "x1", 1)
    require_tensor(x2, "cosine_similarity", "x2", 2)
    if not (x1.is_floating_point() or x2.is_floating_point()):
        raise RuntimeError("expected common dtype to be floating point, yet common dtype is " + scalar_name(x1))
    check_broadcast(x1, x2)
    x1, x2 = broadcast_tensors(x1, x2)
    lengths = [x.norm(2, dim, keepdim=True).clamp_min(eps) for x in (x1, x2)]
    return (x1 / lengths[0] * (x2 / lengths[1])).sum(dim)


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    r"""$\lVert x_1 - x_2 + \epsilon \rVert_p$ along the last dimension.

    >>> import pytorch_tutor as torch
    >>> torch.nn.functional.pairwise_distance(torch.zeros(1, 2), torch.tensor([[3.0, 4.0]]))
    tensor([5.0000])
    """
    return apply(DistanceNorm, x1 - x2 + eps, p=p, dim=-1, keepdim=keepdim)


__all__ = ["cosine_similarity", "pairwise_distance", "pdist"]
