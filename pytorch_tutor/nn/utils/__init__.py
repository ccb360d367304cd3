"""Tools around modules: clipping gradients, parameters as one vector, packed sequences."""

from __future__ import annotations

from pytorch_tutor.nn.utils import rnn

__all__ = ["rnn"]
