"""``torch.utils.tensorboard``: event files for TensorBoard, written without it. To look at them, install `tensorboard`."""

from __future__ import annotations

from . import writer
from .events import EventFile
from .writer import SummaryWriter

__all__ = ["EventFile", "SummaryWriter", "writer"]
