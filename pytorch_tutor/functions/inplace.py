"""The functions that write over their input, by PyTorch's names: ``torch.sin_(x)`` is ``x.sin_()``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..dispatch import not_a_tensor
from ..tensor_base import TensorBase


def of_method(name: str) -> Callable[..., Any]:
    """The function that calls a tensor's in-place method.

    >>> import pytorch_tutor as torch
    >>> x = torch.tensor([1.0, 4.0])
    >>> torch.sqrt_(x) is x, x
    (True, tensor([1., 2.]))
    """

    def function(input: Any, *args: Any, **kwargs: Any) -> Any:
        if not isinstance(input, TensorBase):
            raise not_a_tensor(name, "input", 1, input)
        return getattr(input, name)(*args, **kwargs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"`{name[:-1]}` in place: the result replaces the elements of the input, which is returned."
    return function


abs_, acos_, acosh_, arccos_, arccosh_ = map(of_method, ("abs_", "acos_", "acosh_", "arccos_", "arccosh_"))
asin_, asinh_, arcsin_, arcsinh_ = map(of_method, ("asin_", "asinh_", "arcsin_", "arcsinh_"))
atan_, atanh_, arctan_, arctanh_ = map(of_method, ("atan_", "atanh_", "arctan_", "arctanh_"))
sin_, sinh_, cos_, cosh_, tan_, tanh_ = map(of_method, ("sin_", "sinh_", "cos_", "cosh_", "tan_", "tanh_"))
exp_, exp2_, expm1_, log_ = map(of_method, ("exp_", "exp2_", "expm1_", "log_"))
log10_, log1p_, log2_ = map(of_method, ("log10_", "log1p_", "log2_"))
ceil_, floor_, round_, trunc_, fix_ = map(of_method, ("ceil_", "floor_", "round_", "trunc_", "fix_"))
clamp_, clamp_max_, clamp_min_, clip_ = map(of_method, ("clamp_", "clamp_max_", "clamp_min_", "clip_"))
erf_, erfc_, i0_, sinc_ = map(of_method, ("erf_", "erfc_", "i0_", "sinc_"))
logit_, sigmoid_, xlogy_ = map(of_method, ("logit_", "sigmoid_", "xlogy_"))
neg_, negative_, frac_, nan_to_num_ = map(of_method, ("neg_", "negative_", "frac_", "nan_to_num_"))
reciprocal_, rsqrt_, sqrt_, square_ = map(of_method, ("reciprocal_", "rsqrt_", "sqrt_", "square_"))
deg2rad_, rad2deg_ = map(of_method, ("deg2rad_", "rad2deg_"))
gcd_, lcm_, ldexp_ = map(of_method, ("gcd_", "lcm_", "ldexp_"))
addmv_, index_put_, fill_, zero_ = map(of_method, ("addmv_", "index_put_", "fill_", "zero_"))
detach_, as_strided_, conj_physical_, resize_as_ = map(
    of_method, ("detach_", "as_strided_", "conj_physical_", "resize_as_")
)
