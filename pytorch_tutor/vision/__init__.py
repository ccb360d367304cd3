"""torchvision's face: picture data sets, transforms, classic models, boxes and small helpers."""

from . import datasets, models, ops, transforms, utils

__version__ = "0.28.0+tutor0.1.0"

__all__ = ["datasets", "models", "ops", "transforms", "utils"]
