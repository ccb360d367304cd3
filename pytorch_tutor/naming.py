"""Classes that show themselves by PyTorch's name: ``print(type(x))`` says ``<class 'torch.Tensor'>``."""

from __future__ import annotations


class Named(type):
    """The class of such a class; its ``torch_name`` is not handed down, so a subclass of one's own has its own name.

    >>> import pytorch_tutor as torch
    >>> type(torch.ones(2)), torch.dtype
    (<class 'torch.Tensor'>, <class 'torch.dtype'>)
    """

    def __repr__(cls) -> str:
        shown = cls.__dict__.get("torch_name")
        return super().__repr__() if shown is None else f"<class '{shown}'>"
