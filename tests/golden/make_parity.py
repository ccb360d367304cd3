"""Writes parity.json.xz and parity.bin.xz: PyTorch's answers to tests/parity. Run: python -m tests.golden.make_parity"""

import json
import lzma
from pathlib import Path

import torch

from tests.parity.encoding import Store
from tests.parity.sampling import cases

PLACE = Path(__file__).parent

if __name__ == "__main__":
    store = Store()
    lines = [json.dumps(case, separators=(",", ":")) for case in cases(store)]
    text = f'{{"torch":"{torch.__version__}","cases":[\n' + ",\n".join(lines) + "\n]}\n"
    for name, data in (("parity.json.xz", text.encode()), ("parity.bin.xz", bytes(store.data))):
        (PLACE / name).write_bytes(lzma.compress(data, preset=9))
    print(len(lines), "cases,", len(store.data), "bytes of numbers")
