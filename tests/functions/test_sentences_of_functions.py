"""Sentences for wrong calls that PyTorch's parser does not see, memory that there is not, and values that do not fit."""

import pytest

import pytorch_tutor as torch

x = torch.arange(3.0)
MEMORY = (
    "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate {} bytes. "
    "Error code 12 (Cannot allocate memory)"
)
LU, pivots = torch.linalg.lu_factor(torch.tensor([[1.0, 2.0], [3.0, 4.0]]))


def solve(*places):
    return torch.lu_solve(torch.ones(2, 1), LU, torch.tensor(places, dtype=torch.int32))


# Each asked of PyTorch 2.13.
CALLS = [
    (lambda: x["a"], TypeError, "new(): invalid data type 'str'"),
    (lambda: torch.ones(2, 2)[0, "a"], TypeError, "new(): invalid data type 'str'"),
    (lambda: x[0, "a"], IndexError, "too many indices for tensor of dimension 1"),
    (lambda: x.__setitem__("a", 1), TypeError, "new(): invalid data type 'str'"),
    (lambda: torch.roll(x, [1.5], 0), TypeError,
     "roll(): argument 'shifts' (position 2) must be tuple of ints, but found element of type float at pos 0"),
    (lambda: x.roll([1, 1.5], [0, 0]), TypeError,
     "roll(): argument 'shifts' failed to unpack the object at pos 2 with error \"type must be tuple of ints,but got float\""),
    (lambda: torch.split(x, "a"), TypeError,
     "split_with_sizes(): argument 'split_sizes' (position 2) must be tuple of ints, not str"),
    (lambda: x.split(1.5), TypeError,
     "split_with_sizes(): argument 'split_sizes' (position 2) must be tuple of ints, not float"),
    (lambda: torch.split(x, [1.5]), TypeError,
     "split_with_sizes(): argument 'split_sizes' (position 2) must be tuple of ints, but found element of type float at pos 0"),
    (lambda: torch.FloatTensor(2.5), TypeError, "new(): data must be a sequence (got float)"),
    (lambda: torch.LongTensor(True), TypeError, "new(): data must be a sequence (got bool)"),
    (lambda: torch.empty(2**50), RuntimeError, MEMORY.format(2**52)),
    (lambda: torch.ones(2**40, 2**10, dtype=torch.float64), RuntimeError, MEMORY.format(2**53)),
    (lambda: torch.ones(2**25, 1) * torch.ones(1, 2**25), RuntimeError, MEMORY.format(2**52)),
    (lambda: torch.rand(2**50), RuntimeError, MEMORY.format(2**52)),
    (lambda: torch.Tensor(2**50), RuntimeError, MEMORY.format(2**52)),
    (lambda: torch.nn.Linear(2**25, 2**25), RuntimeError, MEMORY.format(2**52)),
    (lambda: torch.empty(2**62), RuntimeError, "Storage size calculation overflowed with sizes=[4611686018427387904]"),
    (lambda: torch.nn.LSTM(3, 2)(torch.zeros(0, 1, 3)), RuntimeError, "Expected sequence length to be larger than 0 in RNN"),
    (lambda: torch.nn.GRU(3, 2, batch_first=True)(torch.zeros(1, 0, 3)), RuntimeError,
     "Expected sequence length to be larger than 0 in RNN"),
    (lambda: torch.nn.RNN(3, 2)(torch.zeros(0, 3)), RuntimeError, "Expected sequence length to be larger than 0 in RNN"),
    (lambda: solve(0, 1), RuntimeError,
     "Pivots given to lu_solve must all be greater or equal to 1. Did you properly pass the result of lu_factor?"),
    (lambda: solve(1, 3), RuntimeError,
     "Pivots given to lu_solve must all be smaller or equal to LU.size(-2). Did you properly pass the result of lu_factor?"),
    (lambda: torch.use_deterministic_algorithms("a"), TypeError,
     "_set_deterministic_algorithms(): argument 'mode' (position 1) must be bool, not str"),
    (lambda: setattr(torch.utils.deterministic, "fill_uninitialized_memory", 3), RuntimeError,
     "expected a bool, but got int"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "said"), CALLS)
def test_sentence(call, kind, said):
    with pytest.raises(kind) as caught:
        call()
    assert str(caught.value) == said


def test_empty_sequences_where_pytorch_takes_them():
    assert torch.nn.LSTM(3, 2)(torch.zeros(2, 0, 3))[0].shape == (2, 0, 2)
    assert [part.tolist() for part in torch.split(x, torch.tensor(2))] == [[0, 1], [2]]


@pytest.fixture
def deterministic():
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)
    torch.utils.deterministic.fill_uninitialized_memory = True


def test_deterministic_memory(deterministic):
    for made in (torch.empty(2), torch.empty_like(x), x.new_empty(2), torch.Tensor(2), torch.FloatTensor(2),
                 torch.empty_strided((2,), (1,)), torch.empty(2, dtype=torch.bfloat16), torch.empty(2, dtype=torch.complex64),
                 x.clone().resize_(5)[3:]):  # fmt: skip
        assert made.isnan().all()
    assert torch.empty(1, dtype=torch.int32).item() == 2**31 - 1
    assert torch.empty(1, dtype=torch.uint8).item() == 255
    assert torch.empty(1, dtype=torch.bool).item() is True
    assert not torch.nn.Linear(2, 2).weight.isnan().any()
    torch.utils.deterministic.fill_uninitialized_memory = False
    torch.ones(1000).clone()
    assert torch.utils.deterministic.fill_uninitialized_memory is False
    assert torch.zeros(3).tolist() == [0, 0, 0]


def test_float16_through_float32():
    """Just above the middle between two numbers of float16: float32 rounds it to the middle, and that to even."""
    number = 1 + 2**-11 + 2**-40
    wide = torch.tensor([number], dtype=torch.float64)
    half = torch.zeros(1, dtype=torch.float16)
    for found in (torch.tensor([number], dtype=torch.float16), torch.tensor(wide.numpy(), dtype=torch.float16), wide.half(),
                  wide.to(torch.float16), half.copy_(wide), half.add_(wide - 0)):  # fmt: skip
        assert found.dtype is torch.float16
    assert torch.tensor([number], dtype=torch.float16).item() == wide.half().item() == 1.0
    assert torch.tensor(wide.numpy(), dtype=torch.float16).item() == torch.zeros(1).half().copy_(wide).item() == 1.0
