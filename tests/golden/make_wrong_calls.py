"""Records what PyTorch says to the calls of `tests/functions/wrong_calls.txt`: needs PyTorch 2.13.

python tests/golden/make_wrong_calls.py
"""

from __future__ import annotations

import json
from pathlib import Path

import torch

from tests.functions.wrong_calls import CALLS, said

ROOT = Path(__file__).resolve().parents[2]


if __name__ == "__main__":
    found = {call: said(torch, call) for call in CALLS}
    place = ROOT / "tests" / "golden" / "wrong_calls.json"
    place.write_text(json.dumps(found, indent=1) + "\n")
    print(len(found), "calls,", sum("Error: " in text for text in found.values()), "of them refused")
