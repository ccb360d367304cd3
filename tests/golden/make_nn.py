"""Asks real PyTorch for the values that tests/nn/test_golden.py compares with; needs a Python with torch 2.13.

    python tests/golden/make_nn.py

writes `nn.json` beside this file. The cases are in `nn_cases.py`; how an answer is taken is in `nn_answers.py`, which the
tests use on the engine.
"""

import json
import warnings
from pathlib import Path

from nn_answers import answers

HERE = Path(__file__).parent


def main():
    import torch

    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    lines = [json.dumps(case) + ": " + json.dumps(value) for case, value in answers(torch).items()]
    (HERE / "nn.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    main()
