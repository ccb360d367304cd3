"""Picture data sets with torchvision's names: CIFAR, MNIST and kin, your own folders, and a drawn stand-in."""

from .cifar import CIFAR10, CIFAR100
from .damage import DamagedFileError
from .download import DownloadError
from .fakedata import FakeData
from .folder import DatasetFolder, ImageFolder
from .mnist import KMNIST, MNIST, FashionMNIST
from .ready import cifar10_or_standin, describe
from .root import default_root
from .standin import write_shapes
from .vision import StandardTransform, VisionDataset

__all__ = [
    "CIFAR10",
    "CIFAR100",
    "DamagedFileError",
    "DatasetFolder",
    "DownloadError",
    "FakeData",
    "FashionMNIST",
    "ImageFolder",
    "KMNIST",
    "MNIST",
    "StandardTransform",
    "VisionDataset",
    "cifar10_or_standin",
    "default_root",
    "describe",
    "write_shapes",
]
