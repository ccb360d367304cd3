"""Writes parity.json and parity.bin.xz: PyTorch's answers to tests/parity. Run: python -m tests.golden.make_parity"""

import json
import lzma
from pathlib import Path

import torch

from tests.parity.encoding import Store
from tests.parity.sampling import cases

PLACE = Path(__file__).with_name("parity.json")

if __name__ == "__main__":
    store = Store()
    lines = [json.dumps(case, separators=(",", ":")) for case in cases(store)]
    PLACE.write_text(f'{{"torch":"{torch.__version__}","cases":[\n' + ",\n".join(lines) + "\n]}\n", encoding="utf-8")
    PLACE.with_suffix(".bin.xz").write_bytes(lzma.compress(bytes(store.data), preset=9))
    print(len(lines), "cases,", len(store.data), "bytes of numbers")
