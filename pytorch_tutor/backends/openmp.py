"""``torch.backends.openmp``: do heavy operations spread over several cores?"""

from __future__ import annotations

from pytorch_tutor.backends.select import onednn_available


def is_available() -> bool:
    """Is OpenMP in the process? It comes with oneDNN."""
    return onednn_available()
