"""``torch.__future__``: how a module's conversion to another type or device treats its parameters."""

from __future__ import annotations


class conversion:  # noqa: N801 - a place for two settings
    """What the functions below set."""

    overwrite = False
    swap = False


def set_overwrite_module_params_on_conversion(value: bool) -> None:
    """Should ``module.to(...)`` assign new parameters, in place of changing what the existing ones hold?

    >>> import pytorch_tutor as torch
    >>> torch.__future__.set_overwrite_module_params_on_conversion(True)
    >>> layer = torch.nn.Linear(1, 1)
    >>> before = layer.weight
    >>> layer.double().weight is before
    False
    >>> torch.__future__.set_overwrite_module_params_on_conversion(False)
    >>> layer.float().weight is layer.double().weight
    True
    """
    conversion.overwrite = value


def get_overwrite_module_params_on_conversion() -> bool:
    """Does ``module.to(...)`` assign new parameters?"""
    return conversion.overwrite


def set_swap_module_params_on_conversion(value: bool) -> None:
    """Should ``module.to(...)`` exchange what is behind a parameter? The engine's parameters stay the same either way."""
    conversion.swap = value


def get_swap_module_params_on_conversion() -> bool:
    """What :func:`set_swap_module_params_on_conversion` has set."""
    return conversion.swap
