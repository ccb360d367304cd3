"""Widgets are tested on the engine, and on real PyTorch where it is installed: `lib` is the one, then the other."""

import importlib
from typing import Any

import pytest

import pytorch_tutor


@pytest.fixture(params=["pytorch_tutor", pytest.param("torch", marks=pytest.mark.torch)])
def lib(request: pytest.FixtureRequest) -> Any:
    """The library whose tensors the widget looks at."""
    if request.param == "pytorch_tutor":
        return pytorch_tutor
    return pytest.importorskip("torch", reason="real PyTorch is not installed: its graphs are not looked at")


def nn(lib: Any) -> Any:
    """The library's nn."""
    return importlib.import_module(f"{lib.__name__}.nn")
