"""Writes programs.json: what PyTorch answers to the programs of tests/functions. Run: python -m tests.golden.make_programs"""

import json
from pathlib import Path

import torch

from tests.functions.running import PLACE, outcome, programs

if __name__ == "__main__":
    families = sorted(path.stem for path in PLACE.glob("*.txt"))
    found = {family: {text: outcome(torch, text) for text in programs(family)} for family in families}
    Path(__file__).with_name("programs.json").write_text(json.dumps(found, indent=0) + "\n", encoding="utf-8")
