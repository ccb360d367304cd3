"""Optimizers: rules that change parameters, given their gradients, so that a loss goes down.

Read them in this order, each adds one idea:

1. :class:`SGD`: a step against the gradient; momentum keeps going in a direction that lasts.
2. :class:`Adagrad`: a step size of its own for every number, smaller where gradients have been large.
3. :class:`RMSprop`: the same, but forgetting the distant past.
4. :class:`Adadelta`: the same, without a learning rate to choose.
5. :class:`Adam`: momentum and RMSprop together, corrected for starting at zero. :class:`AdamW` decays weights apart.
6. :class:`Adamax`, :class:`NAdam`, :class:`RAdam`: variants of Adam.
7. :class:`ASGD`, :class:`Rprop`: two older ideas (averaging; only the sign of the gradient).
8. :class:`Adafactor`, :class:`Muon`: for large matrices (less memory; orthogonal steps). :class:`SparseAdam`: for
   tables of which a step sees a few rows.
9. :class:`LBFGS`: uses curvature; needs a closure.

:mod:`lr_scheduler` changes the learning rate over time, :mod:`swa_utils` averages weights.
"""

from typing import NoReturn as _NoReturn

from pytorch_tutor.errors import missing_name as _missing_name
from pytorch_tutor.optim import lr_scheduler, swa_utils
from pytorch_tutor.optim.adadelta import Adadelta
from pytorch_tutor.optim.adafactor import Adafactor
from pytorch_tutor.optim.adagrad import Adagrad
from pytorch_tutor.optim.adam import Adam
from pytorch_tutor.optim.adamax import Adamax
from pytorch_tutor.optim.adamw import AdamW
from pytorch_tutor.optim.asgd import ASGD
from pytorch_tutor.optim.lbfgs import LBFGS
from pytorch_tutor.optim.muon import Muon
from pytorch_tutor.optim.nadam import NAdam
from pytorch_tutor.optim.optimizer import Optimizer
from pytorch_tutor.optim.radam import RAdam
from pytorch_tutor.optim.rmsprop import RMSprop
from pytorch_tutor.optim.rprop import Rprop
from pytorch_tutor.optim.sgd import SGD
from pytorch_tutor.optim.sparse_adam import SparseAdam

__all__ = [
    "ASGD",
    "LBFGS",
    "SGD",
    "Adadelta",
    "Adafactor",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Muon",
    "NAdam",
    "Optimizer",
    "RAdam",
    "RMSprop",
    "Rprop",
    "SparseAdam",
    "lr_scheduler",
    "swa_utils",
]


def __getattr__(name: str) -> _NoReturn:
    raise _missing_name("torch.optim", name, __all__)
