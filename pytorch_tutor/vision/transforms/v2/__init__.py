"""torchvision's second version of the transforms: the same pictures, and what belongs to them is changed along."""

from . import functional
from ..autoaugment import AutoAugmentPolicy
from ..interpolation import InterpolationMode
from .kinds import Identity, PILToTensor, RGB, ToDtype, ToImage, ToPILImage, ToPureTensor, ToTensor
from .lifted import (
    AutoAugment, CenterCrop, ColorJitter, ConvertImageDtype, FiveCrop, GaussianBlur, Grayscale, Normalize, Pad,
    RandAugment, RandomAdjustSharpness, RandomAffine, RandomAutocontrast, RandomCrop, RandomEqualize, RandomErasing,
    RandomGrayscale, RandomHorizontalFlip, RandomInvert, RandomPerspective, RandomPosterize, RandomResizedCrop,
    RandomRotation, RandomSolarize, RandomVerticalFlip, Resize, TenCrop, TrivialAugmentWide,
)  # fmt: skip
from .mixing import CutMix, MixUp
from .parts import Transform
from .together import Compose, Lambda, RandomApply, RandomChoice, RandomOrder

ConvertDtype = ToDtype

__all__ = [
    "AutoAugment", "AutoAugmentPolicy", "CenterCrop", "ColorJitter", "Compose", "ConvertImageDtype", "CutMix", "FiveCrop",
    "GaussianBlur", "Grayscale", "Identity", "InterpolationMode", "Lambda", "MixUp", "Normalize", "PILToTensor", "Pad",
    "RGB", "RandAugment", "RandomAdjustSharpness", "RandomAffine", "RandomApply", "RandomAutocontrast", "RandomChoice",
    "RandomCrop", "RandomEqualize", "RandomErasing", "RandomGrayscale", "RandomHorizontalFlip", "RandomInvert",
    "RandomOrder", "RandomPerspective", "RandomPosterize", "RandomResizedCrop", "RandomRotation", "RandomSolarize",
    "RandomVerticalFlip", "Resize", "TenCrop", "ToDtype", "ToImage", "ToPILImage", "ToPureTensor", "ToTensor",
    "Transform", "TrivialAugmentWide", "functional",
]  # fmt: skip
