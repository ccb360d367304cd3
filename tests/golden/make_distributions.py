"""Records what PyTorch's distributions say. Run with real PyTorch: ``python tests/golden/make_distributions.py``."""

import json
import warnings
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).parent / "distributions.json"
SETUP = """
def slope(make):
    x = T([0.3, -0.5, 0.8]).requires_grad_()
    drawn = make(x).rsample((3,))
    (drawn * torch.arange(1.0, 1 + drawn.numel()).reshape(drawn.shape)).sum().backward()
    return x.grad
"""


@cache
def known(torch: Any) -> dict[str, Any]:
    """The names that expressions use."""
    kinds = torch.distributions
    names: dict[str, Any] = {
        "torch": torch, "T": torch.tensor, "D": kinds, "C": kinds.constraints, "t": kinds.transforms,
        **{name: getattr(kinds, name) for name in kinds.__all__},
    }  # fmt: skip
    exec(SETUP, names)
    return names


def said(torch: Any, expression: str) -> Any:
    """What an expression gives after the seed 7: numbers with their shape, a text, or an error's class and sentence."""
    names = known(torch)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            torch.manual_seed(7)
            found = eval(expression, names)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be recorded
            return f"{type(error).__name__}: {error}"
    if not isinstance(found, torch.Tensor):
        return str(found)
    numbers = found.detach().flatten().tolist()
    return [str(found.dtype), list(found.shape), [float(f"{float(x):.6g}") for x in numbers]]


if __name__ == "__main__":
    import torch

    lines = [f"{json.dumps(e)}: {json.dumps(said(torch, e))}" for e in json.loads(PATH.read_text())]
    PATH.write_text("{\n" + ",\n".join(lines) + "\n}\n")
