"""Asks real PyTorch for the golden values of optimizers, schedulers and loaders; needs a Python with torch 2.13.

    python tests/golden/make_optim.py

writes `optim.json` beside this file; the cases are in `optim_cases.py`.
"""

import json
import sys
import warnings
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent))
import optim_cases as cases

warnings.simplefilter("ignore")
golden = {
    "torch": torch.__version__,
    "trajectories": {
        f"{name} {options} {dtype}": cases.trajectory(torch, name, options, getattr(torch, dtype))
        for name, variants in cases.OPTIMIZERS.items()
        for options in variants
        for dtype in ("float32", "float64")
    },
    "forms": {name: cases.form(torch, name, variants[0]) for name, variants in cases.OPTIMIZERS.items()},
    "schedules": {code: cases.schedule(torch, code) for code in cases.SCHEDULERS},
    "orders": {code: cases.order(torch, code) for code in cases.LOADERS},
    "mistakes": {code: cases.mistake(torch, code) for code in cases.ERRORS},
}
(Path(__file__).parent / "optim.json").write_text(json.dumps(golden, indent=0) + "\n")
