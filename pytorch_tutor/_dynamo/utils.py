"""``torch._dynamo.utils``: counters of PyTorch's compiler, which stay empty here."""

from __future__ import annotations

from collections import Counter, defaultdict

counters: defaultdict[str, Counter[str]] = defaultdict(Counter)
