"""Asks real PyTorch for the golden values that the tests compare with; needs a Python with torch 2.13.

    python tests/golden/make_golden.py

writes `random.json`, `printing.json` and `sentences.json` beside this file. Every case is one expression over `T`: real
torch here, the engine in the tests. So the list of cases is written once, in this file and in `sentences.txt`, and the
answers are never written by hand.
"""

import contextlib
import hashlib
import json
import re
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SEEDS = (0, 20240607)
SHOWN = 24
"""Of longer results, so many values are kept, and the SHA-256 of all."""

RANDOM = """
T.rand(5)
T.rand(1000)
T.rand(7, dtype=T.float64)
T.rand(9, dtype=T.float16)
T.rand(9, dtype=T.bfloat16)
[T.rand(700), T.rand(3)]
T.randn(5)
T.randn(15)
T.randn(16)
T.randn(17)
T.randn(10007)
T.randn(2, 3, 5, 7)
T.randn(40, dtype=T.float16)
T.randn(40, dtype=T.bfloat16)
[T.randn(1), T.randn(1), T.randn(2), T.rand(1)]
[T.randn(15), T.randn(16), T.rand(2)]
T.rand(3, dtype=T.complex64)
T.rand_like(T.zeros(4, 5))
T.randn_like(T.zeros(4, 5).t())
T.randint(10, (20,))
T.randint(-5, 6, (4, 5))
T.randint(0, 2**40, (10,))
T.randint(0, 1000, (10,), dtype=T.int32)
T.randint(0, 1000, (10,), dtype=T.float32)
T.randint_like(T.zeros(3, 3), 100)
T.randperm(10)
T.randperm(999)
T.randperm(10007)
T.zeros(20).uniform_(-2, 3)
T.zeros(5, dtype=T.float64).uniform_(-1, 1)
T.zeros(5).normal_(2, 0.5)
T.zeros(33).normal_(2, 0.5)
T.zeros(4, 5).t().normal_()
T.zeros(6, 4)[:, ::2].uniform_()
T.zeros(10).random_(0, 100)
T.zeros(10, dtype=T.int64).random_(7)
T.zeros(4, dtype=T.int64).random_()
T.zeros(4, dtype=T.uint8).random_()
T.zeros(4).random_()
T.zeros(4).random_(0, 2**28)
T.zeros(40).bernoulli_(0.3)
T.bernoulli(T.tensor([0.1, 0.5, 0.9] * 15))
T.bernoulli(T.full((30,), 0.5, dtype=T.float64))
T.normal(T.arange(6.0), T.tensor([0.1, 0.2, 0.3, 1.0, 2.0, 3.0]))
T.normal(T.arange(20.0), 2.0)
T.normal(0.0, 1.0, (20,))
T.multinomial(T.tensor([1.0, 2.0, 3.0, 4.0]), 20, replacement=True)
T.multinomial(T.arange(1.0, 11.0), 6)
T.multinomial(T.tensor([[1.0, 1, 1, 1], [1, 2, 3, 4]]), 8, replacement=True)
[T.multinomial(T.tensor([0.1, 0.2, 0.7]), 1) for _ in range(12)]
[T.rand(5, generator=T.Generator().manual_seed(T.initial_seed() + 3)), T.rand(2)]
(T.manual_seed(2**40 + 1), T.rand(4))[1]
(T.manual_seed(-1), T.rand(4))[1]
T.get_rng_state()
(T.randn(1), T.get_rng_state())[1]
(T.rand(700), T.get_rng_state())[1]
"""

# These end in a logarithm, a sine or a square root of the C library, whose last bit may differ between systems.
RANDOM_CLOSE = """
T.randn(5, dtype=T.float64)
T.randn(40, dtype=T.float64)
T.randn(18, dtype=T.complex64)
T.zeros(10).exponential_()
T.zeros(10, dtype=T.float64).exponential_(2.5)
T.zeros(10).geometric_(0.3)
T.zeros(10).log_normal_()
T.zeros(10).cauchy_(1, 2)
T.poisson(T.tensor([0.5, 3.0, 12.0, 50.0] * 10))
T.poisson(T.full((300,), 20.0))
T.binomial(T.tensor([5.0, 50.0, 500.0] * 4), T.tensor([0.1, 0.5, 0.9] * 4))
"""

PRINTING = """
T.tensor(3)
T.tensor(3.14159265)
T.tensor(-0.0)
T.tensor(1e10)
T.tensor(True)
T.tensor(float("nan"))
T.tensor(2.5, dtype=T.float64)
T.tensor(1.5, dtype=T.bfloat16)
T.tensor([1, -2, 300])
T.tensor([[1, -20], [300, 4000]])
T.arange(24).reshape(2, 3, 4)
T.arange(16).reshape(2, 2, 2, 2)
T.tensor([9223372036854775807, -9223372036854775808])
T.tensor([1, 2, 3], dtype=T.uint8)
T.tensor([[True, False], [False, True]])
T.arange(40).reshape(4, 10)
T.tensor([1.0, 2.0, 3.0])
T.tensor([1.5, 10.25, 100.125])
T.tensor([[0.1, -0.2], [30.5, 4.0]])
T.tensor([0.5, 1000.0])
T.tensor([0.5, 1001.0])
T.tensor([100000.0, 1.0])
T.tensor([12345678.0, 2.0])
T.tensor([0.1, 1000.0], dtype=T.float16)
T.tensor([0.1, 3.0], dtype=T.bfloat16)
T.tensor([-0.0, 0.0])
T.tensor([1e-5, 1.0])
T.tensor([1e9, 2e9])
T.tensor([1e-45])
T.tensor([1.234e-6, 5.678e6])
T.tensor([float("nan"), 1.0])
T.tensor([float("inf"), 1.5, -2.25])
T.tensor([float("-inf"), float("inf"), float("nan")])
T.tensor([float("inf"), 1e10])
T.tensor([])
T.tensor([], dtype=T.int64)
T.empty(2, 0, 4)
T.zeros(0, requires_grad=True)
T.arange(1001)
T.arange(10000.0).reshape(100, 100)
T.ones(10, 10, 11)
T.arange(1200).reshape(400, 3)
T.zeros(1001, 1)
T.arange(60.0).reshape(3, 20)
T.ones(3, requires_grad=True)
T.ones(2, 2, requires_grad=True, dtype=T.float64)
T.ones(3, requires_grad=True) + 1
(T.ones(2, 2, requires_grad=True) @ T.ones(2, 2)).sum()
T.arange(30.0, requires_grad=True) * 2
T.ones(1001, requires_grad=True)
T.tensor([1 + 2j, 3.5 - 4j])
T.tensor([1 + 2j, 3.5 - 4j], dtype=T.complex128)
"{:.3f}".format(T.tensor(3.14159))
"{:5d}".format(T.tensor(42))
"{}".format(T.tensor([1.5]))
T.Size([2, 3])
T.float32
T.device("cpu")
T.finfo(T.float32)
T.finfo(T.float16)
T.finfo(T.float64)
T.finfo(T.bfloat16)
T.iinfo(T.int32)
T.tensor([3, 1, 2]).sort()
"""

PRINT_OPTIONS = [
    ({"precision": 2}, "T.tensor([1.23456, 2.5])"),
    ({"sci_mode": False}, "T.tensor([1e-5, 1.0])"),
    ({"sci_mode": True}, "T.tensor([1.0, 2.5])"),
    ({"sci_mode": True}, "T.tensor([1.0, 2.0])"),
    ({"threshold": 5}, "T.arange(12)"),
    ({"edgeitems": 1, "threshold": 5}, "T.arange(30.0).reshape(5, 6)"),
    ({"edgeitems": 0, "threshold": 5}, "T.arange(30.0).reshape(5, 6)"),
    ({"linewidth": 40}, "T.arange(30)"),
    ({"linewidth": 20}, "T.ones(2, dtype=T.float64, requires_grad=True)"),
    ({"profile": "short"}, "T.linspace(0, 1, 7)"),
    ({"profile": "full"}, "T.arange(1100)"),
]


def cases(text: str) -> list[str]:
    """The expressions of a table, one a line."""
    return text.strip().split("\n")


def golden(name: str) -> list[dict[str, Any]]:
    """The cases of a file that this program wrote."""
    found: list[dict[str, Any]] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    return found


def tensors(value: Any) -> list[Any]:
    """The tensors in a result, in order."""
    return [t for part in value for t in tensors(part)] if isinstance(value, (list, tuple)) else [value]


def described(array: Any, dtype: str) -> dict[str, Any]:
    """An array as JSON: all of it if it is short, its beginning and its fingerprint if it is long."""
    flat = array.reshape(-1)
    parts = flat.view(flat.real.dtype) if flat.dtype.kind == "c" else flat
    found = {"dtype": dtype, "shape": list(array.shape), "values": parts[:SHOWN].tolist()}
    if parts.size > SHOWN:
        found["sha256"] = hashlib.sha256(parts.tobytes()).hexdigest()
    return found


def answers(module: Any, expression: str, seed: int) -> list[dict[str, Any]]:
    """What an expression yields after a seed."""
    module.manual_seed(seed)
    result = tensors(eval(expression, {"T": module}))
    arrays = [t.float() if t.dtype == module.bfloat16 else t for t in result]
    return [described(a.contiguous().numpy(), str(t.dtype)) for a, t in zip(arrays, result, strict=True)]


@contextlib.contextmanager
def options_set(module: Any, options: dict[str, Any]) -> Any:
    """Prints with options inside the block."""
    module.set_printoptions(**options)
    try:
        yield
    finally:
        module.set_printoptions(profile="default")


def printed(module: Any, expression: str, options: dict[str, Any]) -> str:
    """How an expression's value is printed."""
    with options_set(module, options):
        value = eval(expression, {"T": module})
        return value if isinstance(value, str) else repr(value)


def outcome(module: Any, expression: str) -> str:
    """How an expression's value is printed, or the error that it ends in; addresses are left out."""
    module.manual_seed(0)
    try:
        text = repr(eval(expression, {"T": module}))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the answer
        text = f"{type(error).__name__}: {error}"
    return re.sub(r" object at 0x\w+", "", text)


def main() -> None:
    """Writes the files."""
    import torch

    random = [
        {"expression": e, "seed": seed, "exact": exact, "answers": answers(torch, e, seed)}
        for table, exact in ((RANDOM, True), (RANDOM_CLOSE, False))
        for e in cases(table)
        for seed in SEEDS
    ]
    printing = [
        {"expression": e, "options": options, "text": printed(torch, e, options)}
        for options, e in [({}, e) for e in cases(PRINTING)] + PRINT_OPTIONS
    ]
    expressions = cases((HERE / "sentences.txt").read_text(encoding="utf-8"))
    sentences = [{"expression": e, "outcome": outcome(torch, e)} for e in expressions]
    for name, rows in (("random", random), ("printing", printing), ("sentences", sentences)):
        lines = ",\n".join(json.dumps(row) for row in rows)
        path = HERE / f"{name}.json"
        path.write_text(f'{{"torch": "{torch.__version__}", "cases": [\n{lines}\n]}}\n', encoding="utf-8")
        print(f"{path.name}: {len(rows)} cases")


if __name__ == "__main__":
    main()
