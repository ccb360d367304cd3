"""Records what PyTorch says about sparse tensors. Run with real PyTorch: ``python tests/golden/make_sparse.py``."""

import json
import warnings
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SETUP = """
i, v = torch.tensor([[0, 1, 1], [2, 0, 2]]), torch.tensor([3.0, 4.0, 5.0])
s = torch.sparse_coo_tensor(i, v, (2, 3))
c, d = s.coalesce(), torch.arange(12.0).reshape(3, 4)
dup = torch.sparse_coo_tensor([[0, 0, 1], [1, 1, 0]], [1.0, 2, 3], (2, 2))
hy = torch.sparse_coo_tensor([[0, 2]], [[1.0, 2], [3, 4]], (3, 2))
r = torch.tensor([[0, 1.0, 0], [2, 0, 3]]).to_sparse_csr()
w = torch.tensor([3.0, 4, 5, 1], requires_grad=True)
sg = torch.sparse_coo_tensor([[0, 1, 1, 1], [2, 0, 2, 2]], w, (2, 3))
A = torch.tensor([[0, 1.0], [2, 0]], requires_grad=True)
m = torch.arange(6.0).reshape(2, 3)
table = torch.nn.Parameter(torch.arange(6.0).reshape(3, 2))
def slope(y, x):
    (y.to_dense() * torch.arange(1.0, 1 + y.numel()).reshape(y.shape)).sum().backward()
    return x.grad
def looked_up(*rows):
    (torch.nn.functional.embedding(torch.tensor(rows), table, sparse=True) ** 2).sum().backward()
    return table.grad
def trained(name, **options):
    optimizer = getattr(torch.optim, name)([table], **options)
    for _ in range(3):
        optimizer.zero_grad()
        looked_up(1, 1, 2)
        optimizer.step()
    return table, optimizer.state_dict()["state"]
"""


def said(torch: Any, expression: str) -> str:
    """What an expression gives: its text, or the error's class and sentence up to where PyTorch lists its backends."""
    names: dict[str, Any] = {"torch": torch}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(SETUP, names)
        try:
            return repr(eval(expression, names))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is to be recorded
            sentence, resolutions, _backends = str(error).partition("possible resolutions.")
            return f"{type(error).__name__}: {sentence}{resolutions}"


if __name__ == "__main__":
    import torch

    path = HERE / "sparse.json"
    expressions = json.loads(path.read_text())
    path.write_text(json.dumps({e: said(torch, e) for e in expressions}, indent=1, ensure_ascii=False) + "\n")
