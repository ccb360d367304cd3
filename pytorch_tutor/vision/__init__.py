"""torchvision's face: picture data sets, transforms, classic models and small helpers."""

from . import datasets, models, transforms, utils

__all__ = ["datasets", "models", "transforms", "utils"]
