"""Picture data sets with torchvision's names: CIFAR, MNIST and kin, your own folders, and a drawn stand-in."""

from .binary import STL10, SVHN
from .cifar import CIFAR10, CIFAR100
from .damage import DamagedFileError
from .download import DownloadError
from .fakedata import FakeData
from .folder import DatasetFolder, ImageFolder
from .mnist import EMNIST, KMNIST, MNIST, FashionMNIST
from .photographs import CelebA, Food101, OxfordIIITPet
from .ready import cifar10_or_standin, describe
from .root import default_root
from .standin import write_shapes
from .vision import StandardTransform, VisionDataset

__all__ = [
    "CIFAR10",
    "CIFAR100",
    "CelebA",
    "DamagedFileError",
    "DatasetFolder",
    "DownloadError",
    "EMNIST",
    "FakeData",
    "FashionMNIST",
    "Food101",
    "ImageFolder",
    "KMNIST",
    "MNIST",
    "OxfordIIITPet",
    "STL10",
    "SVHN",
    "StandardTransform",
    "VisionDataset",
    "cifar10_or_standin",
    "default_root",
    "describe",
    "write_shapes",
]
