"""Lets real PyTorch write small checkpoints that the tests read; needs a Python with torch 2.13.

    python tests/golden/make_checkpoints.py

writes the files of `tests/golden/checkpoints`. What is in them, `tests/serialization/test_pytorch_files.py` knows.
"""

import datetime
from collections import Counter, OrderedDict
from pathlib import Path

import torch

FOLDER = Path(__file__).parent / "checkpoints"
FOLDER.mkdir(exist_ok=True)
torch.manual_seed(0)

base = torch.arange(12.0).reshape(3, 4)
tensors = {
    "base": base,
    "columns": base[:, 1:3],
    "turned": base.t(),
    "repeated": torch.ones(1, 3).expand(4, 3),
    "scalar": torch.tensor(2.5),
    "empty": torch.empty(0, 3),
    "wants_grad": torch.ones(2, requires_grad=True),
    "parameter": torch.nn.Parameter(torch.tensor([[0.5, -1.5]])),
    **{
        str(kind).removeprefix("torch."): torch.tensor([0, 1, 2]).to(kind)
        for kind in (
            torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16,
            torch.uint32, torch.uint64, torch.float16, torch.bfloat16, torch.float32, torch.float64,
            torch.complex64, torch.complex128,
        )
    },
}  # fmt: skip
plain = {
    "numbers": (1, -7, 2**40, 10**30, 2.5, float("inf"), True, None, 1 + 2j),
    "texts": ["é", "", b"bytes", bytearray(b"array")],
    "containers": [OrderedDict(a=1), Counter("aab"), {1, 2}, (), {}, {"nested": [[]]}],
    "torch": [torch.float16, torch.Size([2, 3]), torch.device("cpu"), torch.device("cuda:1")],
}
model = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.BatchNorm1d(3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
scheduler = torch.optim.lr_scheduler.MultiStepLR(optimizer, [1, 3])
x = torch.tensor([[1.0, 2.0], [-1.0, 0.5], [0.25, 1.0], [2.0, -3.0]])
for _ in range(2):
    optimizer.zero_grad()
    (model(x) ** 2).sum().backward()
    optimizer.step()
    scheduler.step()
checkpoint = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "scheduler": scheduler.state_dict()}
torch.save(tensors, FOLDER / "tensors.pt")
torch.save(plain, FOLDER / "plain.pt")
torch.save(
    {k: v for k, v in tensors.items() if "uint" not in k or k == "uint8"},
    FOLDER / "legacy.pt",
    _use_new_zipfile_serialization=False,
)
torch.save({**checkpoint, "x": x, "y": model.eval()(x).detach()}, FOLDER / "training.pt")
torch.save(model, FOLDER / "model.pt")
torch.save({"date": datetime.date(2024, 6, 7)}, FOLDER / "refused.pt")
