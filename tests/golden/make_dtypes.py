"""Records what PyTorch gives for each operation and type, as `dtypes.json`: needs PyTorch 2.13.

    python -m tests.golden.make_dtypes

For each call of `tests/ops/dtypes.py`: the type of the result and its numbers, or the error, for each of twelve types.
"""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import torch

from tests.ops.dtypes import CALLS, answers

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    warnings.simplefilter("ignore")
    facts = {call: answers(torch, call) for call in CALLS}
    text = ",\n".join(f"{json.dumps(call)}: {json.dumps(fact)}" for call, fact in facts.items())
    (ROOT / "tests" / "golden" / "dtypes.json").write_text("{\n" + text + "\n}\n")
    refused = sum("!" in answer for fact in facts.values() for answer in fact)
    print(len(facts), "calls,", sum(map(len, facts.values())), "answers,", refused, "of them refusals")


if __name__ == "__main__":
    main()
