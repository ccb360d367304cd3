"""Learning rate schedulers: large steps first, to get near the minimum; small ones later, to settle in it.

Call ``scheduler.step()`` after ``optimizer.step()``, once an epoch (or once a batch, for the cyclic ones).
Read ``base`` first, then ``simple``, ``cosine``, ``plateau``, ``cyclic``, ``combined``.
"""

from pytorch_tutor.optim.lr_scheduler.base import LRScheduler
from pytorch_tutor.optim.lr_scheduler.combined import ChainedScheduler, SequentialLR
from pytorch_tutor.optim.lr_scheduler.cosine import CosineAnnealingLR, CosineAnnealingWarmRestarts
from pytorch_tutor.optim.lr_scheduler.cyclic import CyclicLR, OneCycleLR
from pytorch_tutor.optim.lr_scheduler.plateau import ReduceLROnPlateau
from pytorch_tutor.optim.lr_scheduler.simple import (
    ConstantLR,
    ExponentialLR,
    LambdaLR,
    LinearLR,
    MultiplicativeLR,
    MultiStepLR,
    PolynomialLR,
    StepLR,
)

_LRScheduler = LRScheduler  # the name of the base class until PyTorch 2.0; old programs still use it

__all__ = [
    "ChainedScheduler",
    "ConstantLR",
    "CosineAnnealingLR",
    "CosineAnnealingWarmRestarts",
    "CyclicLR",
    "ExponentialLR",
    "LRScheduler",
    "LambdaLR",
    "LinearLR",
    "MultiStepLR",
    "MultiplicativeLR",
    "OneCycleLR",
    "PolynomialLR",
    "ReduceLROnPlateau",
    "SequentialLR",
    "StepLR",
]
