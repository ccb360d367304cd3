"""Writes golden.json: what torchvision does with the cases of cases.py.

python tests/vision/make_golden.py        (needs torch and torchvision, and rewrites the file)
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from pathlib import Path

import numpy as np
import torch
import torchvision
from torchvision import models, transforms

sys.path.insert(0, str(Path(__file__).parent))
from cases import LARGE, MODELS, SEEDS, TRANSFORMS


def picture(kind: str) -> torch.Tensor:
    values = np.random.RandomState(3).randint(0, 256, (3, 8, 7))
    return torch.from_numpy(values.astype(np.uint8) if kind == "bytes" else (values / 255).astype(np.float32))


def listed(result: object) -> object:
    if isinstance(result, (tuple, list)):
        return [listed(item) for item in result]
    if not isinstance(result, torch.Tensor):
        result = torch.from_numpy(np.asarray(result))
    values = result.double().flatten().tolist()
    return {
        "dtype": str(result.dtype),
        "shape": list(result.shape),
        "values": [round(value, 4) if result.is_floating_point() else int(value) for value in values],
    }


def transformed(case: str, kind: str, seed: int) -> object:
    transform = eval(case, {"torch": torch, **vars(transforms)})
    torch.manual_seed(seed)
    random.seed(seed)
    try:
        result = listed(transform(picture(kind)))
    except Exception as why:  # noqa: BLE001 - whatever torchvision raises is what we are to raise
        return {"raises": type(why).__name__, "says": str(why)}
    return {"result": result, "next": round(torch.rand(1).item(), 6)}


def built(name: str, keywords: dict[str, object]) -> dict[str, object]:
    torch.manual_seed(1)
    model = getattr(models, name)(**keywords).eval()
    keys = "\n".join(f"{key} {tuple(value.shape)}" for key, value in model.state_dict().items())
    grid = torch.linspace(-1, 1, 3 * 64 * 64).reshape(1, 3, 64, 64)
    with torch.no_grad():
        output = [round(value, 5) for value in model(grid).flatten().tolist()]
    numbers = sum(value.numel() for value in model.parameters())
    return {"repr": md5(repr(model)), "keys": md5(keys), "numbers": numbers, "output": output}


def layers(name: str) -> str:
    with torch.device("meta"):
        return md5(repr(getattr(models, name)()))


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def main() -> None:
    cases = {
        case: {
            "repr": repr(eval(case, {"torch": torch, **vars(transforms)})),
            **{f"{kind} {seed}": transformed(case, kind, seed) for kind in ("bytes", "floats") for seed in SEEDS},
        }
        for case in TRANSFORMS
    }
    golden = {
        "made by": f"torch {torch.__version__}, torchvision {torchvision.__version__}",
        "transforms": cases,
        "models": {name: built(name, keywords) for name, keywords in MODELS.items()},
        "layers": {name: layers(name) for name in LARGE},
    }
    path = Path(__file__).with_name("golden.json")
    path.write_text(json.dumps(golden, indent=0, separators=(",", ":")).replace(",\n", ","), encoding="utf-8")
    print(path, path.stat().st_size)


if __name__ == "__main__":
    main()
