"""The oneDNN backend: the reference with its heavy entries replaced."""

from __future__ import annotations

from dataclasses import replace

from pytorch_tutor.backends import (
    onednn_convolution,
    onednn_elementwise,
    onednn_linear,
    onednn_lstm,
    onednn_normalization,
    onednn_pooling,
    onednn_softmax,
    parallel,
)
from pytorch_tutor.backends.reference import NUMPY

ONEDNN = replace(
    NUMPY,
    name="onednn",
    convolution=onednn_convolution.convolution,
    convolution_input_gradient=onednn_convolution.convolution_input_gradient,
    convolution_weight_gradient=onednn_convolution.convolution_weight_gradient,
    convolution_parameter_gradients=onednn_convolution.convolution_parameter_gradients,
    max_pool=onednn_pooling.max_pool,
    max_pool_gradient=onednn_pooling.max_pool_gradient,
    max_pool_indices=onednn_pooling.max_pool_indices,
    avg_pool=onednn_pooling.avg_pool,
    avg_pool_gradient=onednn_pooling.avg_pool_gradient,
    batch_norm_train=onednn_normalization.batch_norm_train,
    batch_norm_gradient=onednn_normalization.batch_norm_gradient,
    layer_norm=onednn_normalization.layer_norm,
    layer_norm_gradient=onednn_normalization.layer_norm_gradient,
    softmax=onednn_softmax.softmax,
    softmax_gradient=onednn_softmax.softmax_gradient,
    log_softmax=onednn_softmax.log_softmax,
    log_softmax_gradient=onednn_softmax.log_softmax_gradient,
    matmul=onednn_linear.matmul,
    linear=onednn_linear.linear,
    linear_input_gradient=onednn_linear.linear_input_gradient,
    linear_weight_gradient=onednn_linear.linear_weight_gradient,
    lstm=onednn_lstm.lstm,
    lstm_gradient=onednn_lstm.lstm_gradient,
    relu=onednn_elementwise.relu,
    relu_gradient=onednn_elementwise.relu_gradient,
    exp=parallel.exp,
    log=parallel.log,
    tanh=parallel.tanh,
    sigmoid=parallel.sigmoid,
    erf=parallel.erf,
    add=onednn_elementwise.add,
    subtract=onednn_elementwise.subtract,
    multiply=onednn_elementwise.multiply,
)
