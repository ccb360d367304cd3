"""PyTorch's samples of every public operation, asked of PyTorch and of the engine, where PyTorch is installed."""

import pytest

import pytorch_tutor
from tests.parity.encoding import Store
from tests.parity.known import KNOWN, REASONS
from tests.parity.running import difference

pytest.importorskip("torch", reason="compares with real PyTorch, which is not installed here")
pytest.importorskip("expecttest", reason="PyTorch's database of samples needs it")
sampling = pytest.importorskip("tests.parity.sampling")
pytestmark = pytest.mark.torch


@pytest.mark.parametrize("operation", sorted({op.name for op in sampling.op_db if sampling.public(op)}))
def test_the_engine_answers_as_pytorch(operation):
    store = Store()
    wrong = []
    for case in sampling.cases(store, only=operation):
        known = REASONS[KNOWN[case["op"]]] if case["op"] in KNOWN else None
        if known is not None and known.tolerance is None:
            continue
        if told := difference(pytorch_tutor, case, store, known and known.tolerance):
            wrong.append(f"{case['kind']} {case['path']}: {told}")
    assert not wrong, "\n".join(wrong)
