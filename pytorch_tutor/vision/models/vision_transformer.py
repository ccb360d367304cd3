"""Vision transformer: a picture cut into squares is a sequence, and a transformer reads it."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

import pytorch_tutor as torch
from pytorch_tutor import nn

from ..ops.misc import MLP
from .weights import offered

Norm = Callable[..., nn.Module]
NORM: Norm = partial(nn.LayerNorm, eps=1e-6)


class MLPBlock(MLP):
    """Two linear layers with GELU between."""

    def __init__(self, in_dim: int, mlp_dim: int, dropout: float) -> None:
        super().__init__(in_dim, [mlp_dim, in_dim], activation_layer=nn.GELU, inplace=None, dropout=dropout)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                if module.bias is not None:
                    nn.init.normal_(module.bias, std=1e-6)


class EncoderBlock(nn.Module):
    """Attention and two linear layers, each after a norm and beside a shortcut."""

    def __init__(
        self,
        num_heads: int,
        hidden_dim: int,
        mlp_dim: int,
        dropout: float,
        attention_dropout: float,
        norm_layer: Norm = NORM,
    ) -> None:
        super().__init__()
        self.num_heads = num_heads
        self.ln_1 = norm_layer(hidden_dim)
        self.self_attention = nn.MultiheadAttention(hidden_dim, num_heads, dropout=attention_dropout, batch_first=True)
        self.dropout = nn.Dropout(dropout)
        self.ln_2 = norm_layer(hidden_dim)
        self.mlp = MLPBlock(hidden_dim, mlp_dim, dropout)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        x = self.ln_1(input)
        x, _ = self.self_attention(x, x, x, need_weights=False)
        x = self.dropout(x) + input
        return x + self.mlp(self.ln_2(x))


class Encoder(nn.Module):
    """Adds what says where each square was, then the blocks."""

    def __init__(
        self,
        seq_length: int,
        num_layers: int,
        num_heads: int,
        hidden_dim: int,
        mlp_dim: int,
        dropout: float,
        attention_dropout: float,
        norm_layer: Norm = NORM,
    ) -> None:
        super().__init__()
        self.pos_embedding = nn.Parameter(torch.empty(1, seq_length, hidden_dim).normal_(std=0.02))
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.Sequential(
            OrderedDict(
                (
                    f"encoder_layer_{i}",
                    EncoderBlock(num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer),
                )
                for i in range(num_layers)
            )
        )
        self.ln = norm_layer(hidden_dim)

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        result: torch.Tensor = self.ln(self.layers(self.dropout(input + self.pos_embedding)))
        return result


class VisionTransformer(nn.Module):
    """The vision transformer with torchvision's parameter names.

    Args:
        image_size: side of the pictures, a multiple of ``patch_size``.
        patch_size: side of a square.
        num_layers, num_heads, hidden_dim, mlp_dim: of the transformer.
        dropout, attention_dropout: while training.
        num_classes: how many numbers come out.
        representation_size: a layer more before the last, of that width.
        norm_layer: what normalises.

    Shapes: (N, 3, image_size, image_size) -> (N, num_classes).

    Source: A. Dosovitskiy et al., An Image is Worth 16x16 Words, 2020.
    """

    def __init__(
        self,
        image_size: int,
        patch_size: int,
        num_layers: int,
        num_heads: int,
        hidden_dim: int,
        mlp_dim: int,
        dropout: float = 0.0,
        attention_dropout: float = 0.0,
        num_classes: int = 1000,
        representation_size: int | None = None,
        norm_layer: Norm = NORM,
    ) -> None:
        super().__init__()
        torch._assert(image_size % patch_size == 0, "Input shape indivisible by patch size!")
        self.image_size, self.patch_size = image_size, patch_size
        self.hidden_dim, self.mlp_dim = hidden_dim, mlp_dim
        self.attention_dropout, self.dropout = attention_dropout, dropout
        self.num_classes, self.representation_size = num_classes, representation_size
        self.norm_layer = norm_layer
        self.conv_proj = nn.Conv2d(3, hidden_dim, kernel_size=patch_size, stride=patch_size)
        self.class_token = nn.Parameter(torch.zeros(1, 1, hidden_dim))
        self.seq_length = (image_size // patch_size) ** 2 + 1
        self.encoder = Encoder(
            self.seq_length, num_layers, num_heads, hidden_dim, mlp_dim, dropout, attention_dropout, norm_layer
        )
        heads: OrderedDict[str, nn.Module] = OrderedDict()
        if representation_size is None:
            heads["head"] = nn.Linear(hidden_dim, num_classes)
        else:
            heads["pre_logits"] = nn.Linear(hidden_dim, representation_size)
            heads["act"] = nn.Tanh()
            heads["head"] = nn.Linear(representation_size, num_classes)
        self.heads = nn.Sequential(heads)
        self._initialise()

    def _initialise(self) -> None:
        fan_in = self.conv_proj.in_channels * self.conv_proj.kernel_size[0] * self.conv_proj.kernel_size[1]
        nn.init.trunc_normal_(self.conv_proj.weight, std=math.sqrt(1 / fan_in))
        if self.conv_proj.bias is not None:
            nn.init.zeros_(self.conv_proj.bias)
        if self.representation_size is not None:
            layer: Any = self.heads.pre_logits
            nn.init.trunc_normal_(layer.weight, std=math.sqrt(1 / layer.in_features))
            nn.init.zeros_(layer.bias)
        head: Any = self.heads.head
        nn.init.zeros_(head.weight)
        nn.init.zeros_(head.bias)

    def _process_input(self, x: torch.Tensor) -> torch.Tensor:
        """A picture (N, 3, H, W) as a sequence (N, squares, hidden_dim)."""
        h, w = x.shape[-2:]
        torch._assert(h == self.image_size, f"Wrong image height! Expected {self.image_size} but got {h}!")
        torch._assert(w == self.image_size, f"Wrong image width! Expected {self.image_size} but got {w}!")
        squares: torch.Tensor = self.conv_proj(x)
        return squares.flatten(2).permute(0, 2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self._process_input(x)
        x = torch.cat([self.class_token.expand(x.shape[0], -1, -1), x], dim=1)
        scores: torch.Tensor = self.heads(self.encoder(x)[:, 0])  # what has gathered in the class token
        return scores


def _fit(kwargs: dict[str, Any], weights: Any) -> None:
    kwargs.setdefault("image_size", weights.meta["min_size"][0])


def _vit(patch: int, layers: int, heads: int, hidden: int, mlp: int, image_size: int = 224, **kwargs: Any) -> Any:
    return VisionTransformer(image_size, patch, layers, heads, hidden, mlp, **kwargs)


@offered("ViT_B_16", _fit)
def vit_b_16(**kwargs: Any) -> VisionTransformer:
    """Returns a base transformer on squares of 16 pixels; ``kwargs`` go to :class:`VisionTransformer`."""
    return _vit(16, 12, 12, 768, 3072, **kwargs)


@offered("ViT_B_32", _fit)
def vit_b_32(**kwargs: Any) -> VisionTransformer:
    """Returns a base transformer on squares of 32 pixels; ``kwargs`` go to :class:`VisionTransformer`."""
    return _vit(32, 12, 12, 768, 3072, **kwargs)


@offered("ViT_L_16", _fit)
def vit_l_16(**kwargs: Any) -> VisionTransformer:
    """Returns a large transformer on squares of 16 pixels; ``kwargs`` go to :class:`VisionTransformer`."""
    return _vit(16, 24, 16, 1024, 4096, **kwargs)


@offered("ViT_L_32", _fit)
def vit_l_32(**kwargs: Any) -> VisionTransformer:
    """Returns a large transformer on squares of 32 pixels; ``kwargs`` go to :class:`VisionTransformer`."""
    return _vit(32, 24, 16, 1024, 4096, **kwargs)


@offered("ViT_H_14", _fit)
def vit_h_14(**kwargs: Any) -> VisionTransformer:
    """Returns a huge transformer on squares of 14 pixels; ``kwargs`` go to :class:`VisionTransformer`."""
    return _vit(14, 32, 16, 1280, 5120, **kwargs)
