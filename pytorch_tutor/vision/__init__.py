"""torchvision's face: picture data sets, transforms, classic models, boxes, files and small helpers."""

from . import datasets, io, models, ops, transforms, tv_tensors, utils
from .transforms import v2 as _v2  # torchvision.transforms.v2

__version__ = "0.28.0+tutor0.1.0"

__all__ = ["datasets", "disable_beta_transforms_warning", "io", "models", "ops", "transforms", "tv_tensors", "utils"]


def disable_beta_transforms_warning() -> None:
    """Accepted: there is no such warning any more."""


def set_image_backend(backend: str) -> None:
    """Accepted: pictures are read by Pillow."""
    if backend not in ("PIL", "accimage"):
        raise ValueError(f"Invalid backend '{backend}'. Options are 'PIL' and 'accimage'")


def get_image_backend() -> str:
    """What reads pictures."""
    return "PIL"
