"""Trained weights: which there are, how a picture is prepared for them, and loading them where the file can be had."""

from __future__ import annotations

import enum
import functools
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ...errors import lesson
from ..transforms import InterpolationMode
from ..transforms import functional as F
from .weights_table import TABLE

ADDRESS = "https://download.pytorch.org/models/"
DEPRECATED = (
    "Arguments other than a weight enum or `None` for 'weights' are deprecated since 0.13 and may be removed in the "
    "future. The current behavior is equivalent to passing `weights={}`."
)


class ImageClassification(nn.Module):
    """Prepares a picture for a trained network: scale, cut out the middle, floats from 0 to 1, normalise.

    Takes a PIL image, or a tensor (..., C, H, W).
    """

    def __init__(
        self,
        *,
        crop_size: int,
        resize_size: int = 256,
        mean: tuple[float, ...] = (0.485, 0.456, 0.406),
        std: tuple[float, ...] = (0.229, 0.224, 0.225),
        interpolation: InterpolationMode = InterpolationMode.BILINEAR,
        antialias: bool | None = True,
    ) -> None:
        super().__init__()
        self.crop_size, self.resize_size = [crop_size], [resize_size]
        self.mean, self.std = list(mean), list(std)
        self.interpolation, self.antialias = interpolation, antialias

    def forward(self, img: Any) -> torch.Tensor:
        img = F.resize(img, self.resize_size, interpolation=self.interpolation, antialias=self.antialias)
        img = F.center_crop(img, self.crop_size)
        if not isinstance(img, torch.Tensor):
            img = F.pil_to_tensor(img)
        result: torch.Tensor = F.normalize(F.convert_image_dtype(img, torch.float), mean=self.mean, std=self.std)
        return result

    def __repr__(self) -> str:
        names = ("crop_size", "resize_size", "mean", "std", "interpolation")
        return f"{type(self).__name__}(\n" + "".join(f"    {n}={getattr(self, n)}\n" for n in names) + ")"

    def describe(self) -> str:
        """What it does, in words."""
        return (
            "Accepts ``PIL.Image``, batched ``(B, C, H, W)`` and single ``(C, H, W)`` image ``torch.Tensor`` objects. "
            f"The images are resized to ``resize_size={self.resize_size}`` using ``interpolation={self.interpolation}``, "
            f"followed by a central crop of ``crop_size={self.crop_size}``. Finally the values are first rescaled to "
            f"``[0.0, 1.0]`` and then normalized using ``mean={self.mean}`` and ``std={self.std}``."
        )


@functools.cache
def imagenet_categories() -> list[str]:
    """The names of ImageNet's 1000 classes, in the order of the networks' outputs."""
    return Path(__file__).with_name("imagenet.txt").read_text(encoding="utf-8").splitlines()


@dataclass(eq=False)
class Weights:
    """One set of trained weights: where it lies, how to prepare pictures, and facts about it."""

    url: str
    transforms: Callable[..., Any]
    meta: dict[str, Any] = field(default_factory=dict)


class WeightsEnum(enum.Enum):
    """The sets of trained weights of one model; ``DEFAULT`` is the best.

    >>> from pytorch_tutor.vision.models import ResNet18_Weights
    >>> ResNet18_Weights.DEFAULT, ResNet18_Weights.DEFAULT.meta["categories"][:2]
    (ResNet18_Weights.IMAGENET1K_V1, ['tench', 'goldfish'])
    """

    @classmethod
    def verify(cls, obj: Any) -> Any:
        """The member itself, or the one with that name; None for None."""
        if obj is None or isinstance(obj, cls):
            return obj
        if isinstance(obj, str):
            return cls[obj.replace(cls.__name__ + ".", "")]
        raise TypeError(
            f"Invalid Weight class provided; expected {cls.__name__} but received {obj.__class__.__name__}."
        )

    @property
    def url(self) -> str:
        """The address of the file."""
        return str(self.value.url)

    @property
    def transforms(self) -> Callable[..., Any]:
        """Makes what prepares a picture: ``weights.transforms()(picture)``."""
        found: Callable[..., Any] = self.value.transforms
        return found

    @property
    def meta(self) -> dict[str, Any]:
        """Facts: "categories", "num_params", "min_size", "_metrics"."""
        meta: dict[str, Any] = self.value.meta
        if "categories" not in meta:
            meta["categories"] = imagenet_categories()
        return meta

    def get_state_dict(self, *args: Any, progress: bool = True, check_hash: bool = False, **kwargs: Any) -> Any:
        """The numbers, from the folder of ``torch.hub``, or downloaded into it.

        Raises:
            OSError: the file is not there and cannot be fetched; the note says where to put it.
        """
        folder = Path(torch.hub.get_dir()) / "checkpoints"
        target = folder / self.url.rpartition("/")[2]
        if not target.exists() and os.environ.get("PYTORCH_TUTOR_OFFLINE", "0") not in ("", "0"):
            raise lesson(
                OSError(f"{self}: the file of weights is not here, and PYTORCH_TUTOR_OFFLINE forbids to fetch it"),
                expected=target,
                got="no such file",
                hint=f"put {self.url} there; or weights=None for a new network",
            )
        return torch.hub.load_state_dict_from_url(self.url, progress=progress, check_hash=check_hash, **kwargs)

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self._name_}"

    __str__ = __repr__


def _classes() -> dict[str, Any]:
    """A class for each model of the table."""
    members: dict[str, dict[str, Weights]] = {}
    defaults: dict[str, Weights] = {}
    for line in TABLE.strip().splitlines():
        model, name, file, parameters, least, crop, resize, between, top1, top5, *rest = line.split("|")
        half: dict[str, Any] = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)} if rest else {}
        if model == "VGG16" and rest:
            half = {"mean": (0.48235, 0.45882, 0.40784), "std": (1 / 255.0, 1 / 255.0, 1 / 255.0)}
        weights = Weights(
            ADDRESS + file,
            functools.partial(
                ImageClassification,
                crop_size=int(crop),
                resize_size=int(resize),
                interpolation=InterpolationMode(between),
                **half,
            ),
            {
                "num_params": int(parameters),
                "min_size": (int(least), int(least)),
                "_metrics": {"ImageNet-1K": {"acc@1": float(top1), "acc@5": float(top5)}},
            },
        )
        members.setdefault(model, {})[name.rstrip("*")] = weights
        if name.endswith("*"):
            defaults[model] = weights
    make_enum: Any = WeightsEnum  # called with members, it makes a class
    made = {}
    for model, entries in members.items():
        entries["DEFAULT"] = defaults[model]
        made[f"{model}_Weights"] = make_enum(f"{model}_Weights", entries, module=__package__)
    return made


CLASSES = _classes()
MODELS: dict[str, Callable[..., Any]] = {}
CLASS_OF: dict[str, Any] = {}


def offered(
    weights_name: str, adjust: Callable[[dict[str, Any], Any], None] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """For a function that makes a model: gives it ``weights``, ``progress`` and the older ``pretrained``.

    ``adjust(kwargs, weights)`` fits the arguments to trained weights.
    """
    cls = CLASSES[f"{weights_name}_Weights"]

    def decorate(make: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(make)
        def build(*args: Any, weights: Any = None, progress: bool = True, **kwargs: Any) -> Any:
            if args:
                warnings.warn(
                    "Using 'weights' as positional parameter(s) is deprecated since 0.13 and may be removed in the "
                    "future. Please use keyword parameter(s) instead.",
                    stacklevel=2,
                )
                weights = args[0]
            if "pretrained" in kwargs:
                warnings.warn(
                    "The parameter 'pretrained' is deprecated since 0.13 and may be removed in the future, please use "
                    "'weights' instead.",
                    stacklevel=2,
                )
                weights = kwargs.pop("pretrained")
            if isinstance(weights, bool):
                weights = _of_bool(cls, weights)
            chosen = cls.verify(weights)
            if chosen is None:
                return make(**kwargs)
            if kwargs.setdefault("num_classes", 1000) != 1000:
                raise lesson(
                    ValueError(
                        f"The parameter 'num_classes' expected value 1000 but got {kwargs['num_classes']} instead."
                    ),
                    expected="trained weights know ImageNet's 1000 classes",
                    hint="load them, then replace the last layer: model.fc = nn.Linear(model.fc.in_features, n)",
                )
            before = dict(kwargs)
            if adjust is not None:
                adjust(kwargs, chosen)
            state = chosen.get_state_dict(progress=progress, check_hash=True)
            model = make(**kwargs)
            model.load_state_dict(renamed(state))
            if before.get("aux_logits") is False and hasattr(model, "drop_auxiliary"):
                model.drop_auxiliary()
            return model

        MODELS[make.__name__] = build
        CLASS_OF[make.__name__] = cls
        return build

    return decorate


def _of_bool(cls: Any, wanted: bool) -> Any:
    """What ``pretrained=True`` and False mean today."""
    found = next(iter(cls)) if wanted else None
    text = DEPRECATED.format(found)
    if wanted:
        text += f" You can also use `weights={cls.__name__}.DEFAULT` to get the most up-to-date weights."
    warnings.warn(text, stacklevel=3)
    return found


def renamed(state: Any) -> Any:
    """Old files of DenseNet write "norm.1" where today's names say "norm1"."""
    marks = ("norm.1", "norm.2", "relu.1", "relu.2", "conv.1", "conv.2")
    if not any(".denselayer" in key and any(mark in key for mark in marks) for key in state):
        return state
    result = {}
    for key, value in state.items():
        for mark in marks:
            key = key.replace(mark, mark.replace(".", "")) if ".denselayer" in key else key
        result[key] = value
    return result


def list_models(module: Any = None, include: Any = None, exclude: Any = None) -> list[str]:
    """The names of all models, in order."""
    return sorted(MODELS)


def get_model_builder(name: str) -> Callable[..., Any]:
    """The function that makes a model, by its name."""
    if name.lower() not in MODELS:
        raise lesson(ValueError(f"Unknown model {name.lower()}"), expected=", ".join(list_models()))
    return MODELS[name.lower()]


def get_model(name: str, **config: Any) -> Any:
    """A model by its name."""
    return get_model_builder(name)(**config)


def get_model_weights(name: Any) -> Any:
    """The class of a model's trained weights, by its name or the function that makes it."""
    key = name if isinstance(name, str) else name.__name__
    get_model_builder(key)
    return CLASS_OF[key.lower()]


def get_weight(name: str) -> Any:
    """A set of trained weights by its full name, such as "ResNet18_Weights.DEFAULT"."""
    cls, dot, member = name.partition(".")
    if not dot:
        raise ValueError(f"Invalid weight name provided: '{name}'.")
    if cls not in CLASSES:
        raise ValueError(f"The weight enum '{cls}' could not be found.")
    return CLASSES[cls][member]
