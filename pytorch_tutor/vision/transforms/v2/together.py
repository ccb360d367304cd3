"""Several transforms as one: in a row, by chance, in any order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from .parts import Transform, leaves, rebuilt


class Compose(Transform):
    """One after the other, on whole samples.

    >>> import pytorch_tutor as torch
    >>> from pytorch_tutor.vision.transforms import v2
    >>> prepare = v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])
    >>> picture, label = prepare(torch.zeros(3, 2, 2, dtype=torch.uint8), 7)
    >>> picture.dtype, label
    (torch.float32, 7)
    """

    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None:
        super().__init__()
        if not isinstance(transforms, Sequence):
            raise TypeError("Argument transforms should be a sequence of callables")
        if not transforms:
            raise ValueError("Pass at least one transform")
        self.transforms = transforms

    def forward(self, *inputs: Any) -> Any:
        several = len(inputs) > 1
        for transform in self.transforms:
            outputs = transform(*inputs)
            inputs = outputs if several else (outputs,)
        return outputs

    def extra_repr(self) -> str:
        return "\n".join(f"    {transform}" for transform in self.transforms)


class RandomApply(Transform):
    """All of them, or none: with probability ``p``."""

    def __init__(self, transforms: Sequence[Callable[..., Any]], p: float = 0.5) -> None:
        super().__init__()
        if not isinstance(transforms, (Sequence, nn.ModuleList)):
            raise TypeError("Argument transforms should be a sequence of callables or a `nn.ModuleList`")
        if not 0.0 <= p <= 1.0:
            raise ValueError("`p` should be a floating point value in the interval [0.0, 1.0].")
        self.transforms, self.p = transforms, p

    def forward(self, *inputs: Any) -> Any:
        sample = inputs if len(inputs) > 1 else inputs[0]
        if torch.rand(1) >= self.p:
            return sample
        for transform in self.transforms:
            sample = transform(*sample) if len(inputs) > 1 else transform(sample)
        return sample

    def extra_repr(self) -> str:
        return "\n".join(f"    {transform}" for transform in self.transforms)


class RandomChoice(Transform):
    """One of them, chosen by chance."""

    def __init__(self, transforms: Sequence[Callable[..., Any]], p: Sequence[float] | None = None) -> None:
        super().__init__()
        if p is not None and len(p) != len(transforms):
            raise ValueError(f"Length of p doesn't match the number of transforms: {len(p)} != {len(transforms)}")
        chances = [1] * len(transforms) if p is None else p
        self.transforms, self.p = transforms, [chance / sum(chances) for chance in chances]

    def forward(self, *inputs: Any) -> Any:
        return self.transforms[int(torch.multinomial(torch.tensor(self.p), 1))](*inputs)


class RandomOrder(Transform):
    """All of them, in an order that chance decides."""

    def __init__(self, transforms: Sequence[Callable[..., Any]]) -> None:
        super().__init__()
        self.transforms = transforms

    def forward(self, *inputs: Any) -> Any:
        several = len(inputs) > 1
        sample = inputs if several else inputs[0]
        for i in torch.randperm(len(self.transforms)):
            transform = self.transforms[int(i)]
            sample = transform(*sample) if several else transform(sample)
        return sample


class Lambda(Transform):
    """A function of yours, on everything in the sample of the given ``types``."""

    def __init__(self, lambd: Callable[[Any], Any], *types: type) -> None:
        super().__init__()
        self.lambd, self.types = lambd, types or (object,)

    def forward(self, *inputs: Any) -> Any:
        sample = inputs if len(inputs) > 1 else inputs[0]
        new = [self.lambd(leaf) if isinstance(leaf, self.types) else leaf for leaf in leaves(sample)]
        return rebuilt(sample, iter(new))

    def extra_repr(self) -> str:
        name = getattr(self.lambd, "__name__", "")
        return f"{name}, types={[kind.__name__ for kind in self.types]}"
