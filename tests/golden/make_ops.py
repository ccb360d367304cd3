"""Writes ops.json: what PyTorch says to every row of tests/ops/table.py. Run: python -m tests.golden.make_ops"""

import json
from pathlib import Path

import torch

from tests.ops.running import record
from tests.ops.table import R

PLACE = Path(__file__).with_name("ops.json")

if __name__ == "__main__":
    found = {}
    for row in R:
        try:
            found[row.id] = record(torch, row)
        except Exception as error:
            raise SystemExit(f"{row.id}: {error}") from error
    lines = [f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in found.items()]
    PLACE.write_text("{\n" + ",\n".join([f'"torch": "{torch.__version__}"', *lines]) + "\n}\n", encoding="utf-8")
