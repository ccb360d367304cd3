"""Functions of neural networks without parameters of their own: `import pytorch_tutor.nn.functional as F`.

Read linear.py first, then activation.py and loss.py.
"""

from __future__ import annotations

from typing import NoReturn as _NoReturn

from pytorch_tutor.arguments import speak as _speak
from pytorch_tutor.errors import missing_name as _missing_name
from pytorch_tutor.nn.functional.activation import (
    celu,
    celu_,
    elu,
    elu_,
    gelu,
    glu,
    gumbel_softmax,
    hardshrink,
    hardsigmoid,
    hardswish,
    hardtanh,
    hardtanh_,
    leaky_relu,
    leaky_relu_,
    log_softmax,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    relu_,
    rrelu,
    rrelu_,
    selu,
    selu_,
    sigmoid,
    silu,
    softmax,
    softmin,
    softplus,
    softshrink,
    softsign,
    tanh,
    tanhshrink,
    threshold,
    threshold_,
)
from pytorch_tutor.nn.functional.adaptive_pooling import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
    adaptive_max_pool1d,
    adaptive_max_pool1d_with_indices,
    adaptive_max_pool2d,
    adaptive_max_pool2d_with_indices,
    adaptive_max_pool3d,
    adaptive_max_pool3d_with_indices,
)
from pytorch_tutor.nn.functional.attention import multi_head_attention_forward, scaled_dot_product_attention
from pytorch_tutor.nn.functional.classification_loss import (
    cross_entropy,
    ctc_loss,
    linear_cross_entropy,
    nll_loss,
)
from pytorch_tutor.nn.functional.conv import (
    conv1d,
    conv2d,
    conv3d,
    conv_transpose1d,
    conv_transpose2d,
    conv_transpose3d,
)
from pytorch_tutor.nn.functional.distance import cosine_similarity, pairwise_distance, pdist
from pytorch_tutor.nn.functional.dropout import (
    alpha_dropout,
    dropout,
    dropout1d,
    dropout2d,
    dropout3d,
    feature_alpha_dropout,
)
from pytorch_tutor.nn.functional.interpolation import interpolate, upsample, upsample_bilinear, upsample_nearest
from pytorch_tutor.nn.functional.linear import bilinear, linear
from pytorch_tutor.nn.functional.loss import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    huber_loss,
    kl_div,
    l1_loss,
    mse_loss,
    poisson_nll_loss,
    smooth_l1_loss,
    soft_margin_loss,
)
from pytorch_tutor.nn.functional.margin_loss import (
    cosine_embedding_loss,
    hinge_embedding_loss,
    margin_ranking_loss,
    multi_margin_loss,
    multilabel_margin_loss,
    multilabel_soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from pytorch_tutor.nn.functional.normalization import (
    batch_norm,
    group_norm,
    instance_norm,
    layer_norm,
    local_response_norm,
    normalize,
    rms_norm,
)
from pytorch_tutor.nn.functional.padding import pad
from pytorch_tutor.nn.functional.pooling import (
    avg_pool1d,
    avg_pool2d,
    avg_pool3d,
    lp_pool1d,
    lp_pool2d,
    lp_pool3d,
    max_pool1d,
    max_pool1d_with_indices,
    max_pool2d,
    max_pool2d_with_indices,
    max_pool3d,
    max_pool3d_with_indices,
)
from pytorch_tutor.nn.functional.special_pooling import (
    fractional_max_pool2d,
    fractional_max_pool2d_with_indices,
    fractional_max_pool3d,
    fractional_max_pool3d_with_indices,
    max_unpool1d,
    max_unpool2d,
    max_unpool3d,
)
from pytorch_tutor.nn.functional.sparse import embedding, embedding_bag, one_hot
from pytorch_tutor.nn.functional.vision import (
    affine_grid,
    channel_shuffle,
    fold,
    grid_sample,
    native_channel_shuffle,
    pixel_shuffle,
    pixel_unshuffle,
    unfold,
)

__all__ = [name for name, value in globals().items() if callable(value) and not name.startswith("_")]

_speak(globals(), "nn.functional", in_python=__all__)


def __getattr__(name: str) -> _NoReturn:
    raise _missing_name("torch.nn.functional", name, __all__)
