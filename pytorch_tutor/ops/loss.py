"""Losses that are one operation in PyTorch: how far a prediction is from its target. Read MseLoss first."""

from __future__ import annotations

from typing import Any

from ..backends.numpy_sum import in_turn, summed
from ..dtypes import SCALAR_NAMES, of_array
from ..errors import lesson
from .base import Op
from .unary import Sigmoid


class ElementLoss(Op):
    """A loss that compares element by element and then takes the mean, the sum, or nothing ("none")."""

    gradient: dict[str, str] = {"x": "", "y": ""}
    reduction = "mean"
    count = 1

    def reduce(ctx, losses: Any, reduction: str) -> Any:
        """Reduce the losses and remember how, for `spread`."""
        ctx.reduction, ctx.count = reduction, losses.size
        if reduction == "none":
            return losses
        if losses.dtype.itemsize == 2 or not losses.size:  # NumPy adds half precision in single
            return losses.sum() if reduction == "sum" else losses.mean()
        total = summed(losses, tuple(range(losses.ndim)))
        return total if reduction == "sum" else total / losses.dtype.type(losses.size)

    def spread(ctx, grad: Any) -> Any:
        """The gradient that each element's loss receives."""
        return grad / ctx.count if ctx.reduction == "mean" else grad


class MseLoss(ElementLoss):
    formula = r"\ell = \frac1n \sum_i (x_i - y_i)^2"
    gradient = {
        "x": r"\bar x_i = \tfrac2n (x_i - y_i) \bar\ell",
        "y": r"\bar y_i = -\tfrac2n (x_i - y_i) \bar\ell",
    }
    keeps = ("x", "y")
    public = "mse_loss"
    refuses = {"bool int complex": "mse_cpu"}
    wide = True

    def forward(ctx, x: Any, y: Any, reduction: str) -> Any:
        difference = x - y
        difference *= difference
        return ctx.reduce(difference, reduction)

    def backward(ctx, grad: Any) -> Any:
        sent = (ctx.x - ctx.y) * (ctx.spread(grad) * 2)
        return sent, (-sent if ctx.needs[1] else None)


class SmoothL1Loss(ElementLoss):
    """Quadratic near zero, linear beyond `beta`. Source: R. Girshick, "Fast R-CNN", 2015."""

    formula = r"\ell_i = d^2 / 2\beta \text{ if } |d| < \beta \text{ else } |d| - \beta / 2, \; d = x_i - y_i"
    gradient = {
        "x": r"\bar x = \bar\ell \min(\max(d / \beta, -1), 1)",
        "y": r"\bar y = -\bar x",
    }
    keeps = ("x", "y")
    public = "smooth_l1_loss"
    refuses = {"bool int complex": "smooth_l1_cpu"}
    wide = True

    def forward(ctx, x: Any, y: Any, reduction: str, beta: float) -> Any:
        ctx.beta = beta
        z = abs(x - y)
        return ctx.reduce(ctx.xp.where(z < beta, z * z * (0.5 / beta), z - 0.5 * beta), reduction)

    def backward(ctx, grad: Any) -> Any:
        difference = ctx.x - ctx.y
        inside = abs(difference) < ctx.beta
        sent = ctx.xp.where(inside, difference / ctx.beta, ctx.xp.sign(difference)) * ctx.spread(grad)
        return sent, (-sent if ctx.needs[1] else None)


class HuberLoss(ElementLoss):
    """Quadratic near zero, linear beyond `delta`. Source: P. Huber, "Robust estimation of a location parameter", 1964."""

    formula = r"\ell_i = d^2 / 2 \text{ if } |d| \le \delta \text{ else } \delta (|d| - \delta / 2)"
    gradient = {
        "x": r"\bar x = \bar\ell \min(\max(d, -\delta), \delta)",
        "y": r"\bar y = -\bar x",
    }
    keeps = ("x", "y")
    public = "huber_loss"
    refuses = {"bool int complex": "huber_cpu"}
    wide = True

    def forward(ctx, x: Any, y: Any, reduction: str, delta: float) -> Any:
        ctx.delta = delta
        z = abs(x - y)
        return ctx.reduce(ctx.xp.where(z <= delta, z * z * 0.5, (z - 0.5 * delta) * delta), reduction)

    def backward(ctx, grad: Any) -> Any:
        difference = ctx.x - ctx.y
        inside = abs(difference) <= ctx.delta
        sent = ctx.xp.where(inside, difference, ctx.xp.sign(difference) * ctx.delta) * ctx.spread(grad)
        return sent, (-sent if ctx.needs[1] else None)


class SoftMarginLoss(ElementLoss):
    formula = r"\ell_i = \log(1 + e^{-y_i x_i})"
    gradient = {
        "x": r"\bar x = -\bar\ell \, y \, \sigma(-y x)",
        "y": r"\bar y = -\bar\ell \, x \, \sigma(-y x)",
    }
    keeps = ("x", "y")
    public = "soft_margin_loss"
    wide = True

    def forward(ctx, x: Any, y: Any, reduction: str) -> Any:
        return ctx.reduce(ctx.xp.log1p(ctx.xp.exp(-(x * y))), reduction)

    def backward(ctx, grad: Any) -> Any:
        sent = -ctx.call(Sigmoid, -(ctx.x * ctx.y)) * ctx.spread(grad)
        return sent * ctx.y, (sent * ctx.x if ctx.needs[1] else None)


# ---------------------------------------------------------------------- yes or no
class BinaryCrossEntropy(ElementLoss):
    """Logarithms are kept at -100 or above, so that a certain and wrong prediction costs 100 and not infinity."""

    formula = r"\ell_i = -w_i (y_i \log x_i + (1 - y_i) \log(1 - x_i))"
    gradient = {
        "x": r"\bar x = \bar\ell \, w \, (x - y) / (x (1 - x))",
        "y": r"\bar y = \bar\ell \, w \, (\log(1 - x) - \log x)",
        "w": "",
    }
    keeps = ("x", "y", "w")
    public = "binary_cross_entropy"
    refuses = {"bool int complex": "binary_cross_entropy"}
    wide = True

    def forward(ctx, x: Any, y: Any, w: Any, reduction: str) -> Any:
        xp = ctx.xp
        if x.size and not ((x >= 0) & (x <= 1)).all():
            wrong = x[(x < 0) | (x > 1) | (x != x)].reshape(-1)[0]
            raise lesson(
                RuntimeError("all elements of input should be between 0 and 1"),
                expected="probabilities, from 0 to 1",
                got=f"for example {wrong}",
                hint="F.binary_cross_entropy(torch.sigmoid(x), y), or better binary_cross_entropy_with_logits(x, y)",
            )
        with xp.errstate(divide="ignore"):
            log_x, log_not = xp.maximum(xp.log(x), -100), xp.maximum(xp.log1p(-x), -100)
        losses = (y - 1) * log_not - y * log_x
        return ctx.reduce(losses if w is None else losses * w, reduction)

    def backward(ctx, grad: Any) -> Any:
        xp, x, y = ctx.xp, ctx.x, ctx.y
        grad = ctx.spread(grad)
        if ctx.w is not None:
            grad = grad * ctx.w
        product = x * (1 - x)
        dx = grad * (x - y) / xp.where(product > 1e-12, product, product * 0 + 1e-12)
        dy = None
        if ctx.needs[1]:
            safe, other = xp.where(x > 0, x, x * 0 + 1), xp.where(x < 1, 1 - x, x * 0 + 1)
            log_x = xp.where(x > 0, xp.log(safe), x * 0 - 100)
            dy = grad * (xp.where(x < 1, xp.log(other), x * 0 - 100) - log_x)
        return dx, dy, None


class BinaryCrossEntropyWithLogits(ElementLoss):
    """Sigmoid and binary cross entropy in one formula that cannot overflow."""

    formula = r"\ell_i = w_i ((1 - y_i) x_i + c_i \log(1 + e^{-x_i})), \; c = 1 + (p - 1) y"
    gradient = {
        "x": r"\bar x = \bar\ell \, w \, (c \, \sigma(x) - p \, y)",
        "y": r"\bar y = \bar\ell \, w \, (-x + (p - 1) \log(1 + e^{-x}))",
        "w": "",
        "p": "",
    }
    keeps = ("x", "y", "w", "p")
    public = "binary_cross_entropy_with_logits"
    refuses = {"bool int complex": "log_sigmoid_cpu"}
    wide = True

    def forward(ctx, x: Any, y: Any, w: Any, p: Any, reduction: str) -> Any:
        xp = ctx.xp
        softplus = xp.log1p(xp.exp(-abs(x))) - xp.minimum(x, x.dtype.type(0))  # log(1 + e^-x)
        losses = (1 - y) * x + (softplus if p is None else softplus * ((p - 1) * y + 1))
        return ctx.reduce(losses if w is None else losses * w, reduction)

    def backward(ctx, grad: Any) -> Any:
        x, y, p = ctx.x, ctx.y, ctx.p
        grad = ctx.spread(grad)
        if ctx.w is not None:
            grad = grad * ctx.w
        s = ctx.call(Sigmoid, x)
        dx = grad * (s - y) if p is None else grad * (((p - 1) * y + 1) * s - p * y)
        dy = None
        if ctx.needs[1]:
            dy = -x * grad
            if p is not None:
                xp = ctx.xp
                softplus = xp.log(xp.exp(-abs(x)) + 1) + (abs(x) - x) * 0.5
                dy = dy + grad * (p - 1) * softplus
        return dx, dy, None, None


# ---------------------------------------------------------------------- one class of many
class NllLoss(Op):
    """Negative log likelihood: picks each sample's entry of the target class; x (N, C), target (N)."""

    formula = r"\ell = -\sum_n w_{t_n} x_{n, t_n} \,/\, \sum_n w_{t_n}"
    gradient = {"x": r"\bar x_{n, t_n} = -w_{t_n} \bar\ell \,/\, \sum_n w_{t_n}"}
    public = "nll_loss"
    refuses = {"bool int complex": "nll_loss_out_frame"}
    wide = True

    def forward(ctx, x: Any, target: Any, weight: Any, reduction: str, ignore_index: int) -> Any:
        xp = ctx.xp
        check_classes(target, x.shape[1], ignore_index)
        ctx.shape, ctx.reduction = x.shape, reduction
        counted = target != ignore_index
        all_counted = bool(counted.all())
        ctx.target = target if all_counted else xp.where(counted, target, 0)
        factor = xp.ones(target.shape, x.dtype) if weight is None else weight[ctx.target]
        ctx.factor = factor if all_counted else factor * counted
        picked = xp.take_along_axis(x, ctx.target[:, None], 1)[:, 0]
        losses = -picked * ctx.factor
        if not all_counted:
            losses = xp.where(counted, losses, x.dtype.type(0))  # an ignored entry may be infinite
        if reduction == "none":
            return losses
        total = in_turn(losses)
        if reduction == "sum":
            return total
        ctx.total = ctx.factor.sum()
        with xp.errstate(invalid="ignore", divide="ignore"):
            return total / ctx.total

    def backward(ctx, grad: Any) -> Any:
        factor = -ctx.factor / ctx.total if ctx.reduction == "mean" else -ctx.factor
        return ctx.call(PutAtClass, grad, target=ctx.target, factor=factor, shape=ctx.shape)


class NllLoss2D(NllLoss):
    """The same for pictures: x (N, C, H, W), target (N, H, W)."""

    formula, gradient = NllLoss.formula, NllLoss.gradient


class PutAtClass(Op):
    """Puts each sample's gradient, times its factor, at the place of its class."""

    formula = r"\bar x_{n, t_n} = f_n g_n"
    gradient = {"g": r"\bar g_n = f_n \bar{\bar x}_{n, t_n}"}
    node_name = "NllLossBackwardBackward0"

    def forward(ctx, g: Any, target: Any, factor: Any, shape: Any) -> Any:
        ctx.target, ctx.factor = target, factor
        values = g * factor
        out = ctx.xp.zeros(shape, values.dtype)
        ctx.xp.put_along_axis(out, target[:, None], values[:, None], 1)
        return out

    def backward(ctx, grad: Any) -> Any:
        picked = ctx.call(PickClass, grad, target=ctx.target)
        lift = ctx.lifted is not None and hasattr(ctx.factor, "dtype")
        return picked * (ctx.lifted.constant(ctx.factor) if lift else ctx.factor)


class PickClass(Op):
    """Each sample's entry at the place of its class."""

    formula = r"y_n = x_{n, t_n}"
    gradient = {"x": r"\bar x_{n, t_n} = \bar y_n"}
    node_name = "GatherBackward0"

    def forward(ctx, x: Any, target: Any) -> Any:
        ctx.target, ctx.shape = target, x.shape
        return ctx.xp.take_along_axis(x, target[:, None], 1)[:, 0]

    def backward(ctx, grad: Any) -> Any:
        return ctx.call(PutAtClass, grad, target=ctx.target, factor=1, shape=ctx.shape)


def check_classes(target: Any, classes: int, ignore_index: int) -> None:
    """IndexError for a label outside 0 ... classes - 1."""
    wrong = (target < 0) | (target >= classes)
    if wrong.any():
        wrong &= target != ignore_index
        if wrong.any():
            label = int(target[wrong].reshape(-1)[0])
            raise lesson(
                IndexError(f"Target {label} is out of bounds."),
                expected=f"labels from 0 to {classes - 1}, one for each of the {classes} columns",
                got=label,
                hint="let the last layer have one output per class; count classes from 0",
            )


# ---------------------------------------------------------------------- margins
class MultiMarginLoss(Op):
    formula = r"\ell_n = \frac1C \sum_{i \ne t} w_t \max(0, m - x_t + x_i)^p"
    gradient = {
        "x": r"\bar x_i = \tfrac{\bar\ell}{C} p \, w_t \max(0, m - x_t + x_i)^{p-1}, \; \bar x_t = -\sum_i \bar x_i"
    }
    keeps = ("x",)
    public = "multi_margin_loss"
    refuses = {"bool int half complex": "multi_margin_loss_cpu_kernel"}

    def forward(ctx, x: Any, target: Any, weight: Any, p: int, margin: float, reduction: str) -> Any:
        xp = ctx.xp
        one = x.ndim < 2
        x2 = x.reshape(1, -1) if one else x
        t = target.reshape(-1)
        if ((t < 0) | (t >= x2.shape[1])).any():
            raise RuntimeError("target out of range")
        chosen = xp.zeros(x2.shape, x.dtype)
        xp.put_along_axis(chosen, t[:, None], 1, 1)
        ctx.chosen = chosen.reshape(x.shape)
        ctx.factor = xp.ones(t.shape, x.dtype) if weight is None else weight[t]
        ctx.factor = ctx.factor / x2.shape[1]
        ctx.margin, ctx.p, ctx.reduction, ctx.one = margin, p, reduction, one
        gap = xp.maximum(margin - xp.sum(x2 * chosen, 1, keepdims=True) + x2, 0) * (1 - chosen)
        losses = (gap if p == 1 else gap * gap).sum(1) * ctx.factor
        if reduction == "none":
            return losses[0] if one else losses
        return losses.sum() if reduction == "sum" else losses.mean()

    def backward(ctx, grad: Any) -> Any:
        x, chosen = ctx.x, ctx.chosen
        if ctx.lifted is not None:
            chosen = ctx.lifted.constant(chosen)
        factor = ctx.factor if ctx.lifted is None else ctx.lifted.constant(ctx.factor)
        x2, chosen = (x.reshape(1, -1), chosen.reshape(1, -1)) if ctx.one else (x, chosen)
        gap = ctx.margin - ctx.xp.sum(x2 * chosen, 1, keepdims=True) + x2
        open_ = (gap > 0) * (1 - chosen)
        slope = open_ if ctx.p == 1 else open_ * gap * 2
        slope = (slope - chosen * ctx.xp.sum(slope, 1, keepdims=True)) * factor.reshape(-1, 1)
        if ctx.reduction == "mean":
            grad = grad / x2.shape[0]
        grad = grad.reshape(-1, 1) if ctx.reduction == "none" else grad
        sent = slope * grad
        return sent.reshape(-1) if ctx.one and x.ndim == 1 else sent.reshape(x.shape)


class MultilabelMarginLoss(Op):
    formula = r"\ell_n = \frac1C \sum_{t \in T} \sum_{i \notin T} \max(0, 1 - x_t + x_i)"
    gradient = {
        "x": r"\bar x_i \mathrel{+}= \tfrac{\bar\ell}{C} [1 - x_t + x_i > 0], \; \bar x_t \mathrel{-}= \text{the same}"
    }
    public = "multilabel_margin_loss"
    refuses = {"bool int half complex": "multilabel_margin_loss_forward_out_frame"}

    def forward(ctx, x: Any, target: Any, reduction: str) -> Any:
        """`target` lists the labels of each sample, up to the first -1."""
        xp = ctx.xp
        n, classes = (x.shape[0] if x.ndim == 2 else 1), (x.shape[-1] if x.ndim else 1)
        x2, t2 = x.reshape(n, classes), target.reshape(n, classes)
        listed = xp.cumprod(t2 >= 0, axis=1).astype(bool)
        is_label = xp.zeros((n, classes), bool)
        losses = xp.zeros(n, x.dtype)
        slope = xp.zeros((n, classes), x.dtype)
        for row in range(n):
            is_label[row, t2[row][listed[row]]] = True
            others = ~is_label[row]
            for label in t2[row][listed[row]]:
                gap = (1 - x2[row, label] + x2[row]) * others
                active = (gap > 0) & others
                losses[row] += gap[active].sum() / classes
                slope[row] += active / x.dtype.type(classes)
                slope[row, label] -= active.sum() / x.dtype.type(classes)
        ctx.slope, ctx.reduction, ctx.count = slope.reshape(x.shape), reduction, n
        if reduction == "none":
            return losses.reshape(x.shape[:-1])
        return losses.sum() if reduction == "sum" else losses.mean()

    def backward(ctx, grad: Any) -> Any:
        slope = ctx.slope if ctx.lifted is None else ctx.lifted.constant(ctx.slope)
        if ctx.reduction == "mean":
            grad = grad / ctx.count
        elif ctx.reduction == "none" and slope.ndim == 2:
            grad = grad[:, None]
        return slope * grad


def scalar_name(array: Any) -> str:
    """What PyTorch's sentences call an array's type: Float, Long, ..."""
    return SCALAR_NAMES[of_array(array.dtype)]
