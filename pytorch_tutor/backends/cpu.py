"""``torch.backends.cpu``: what the processor can do at once."""

from __future__ import annotations

from pathlib import Path


def get_cpu_capability() -> str:
    """The widest vectors: "AVX512", "AVX2", or "DEFAULT" where the system does not tell.

    >>> get_cpu_capability() in {"AVX512", "AVX2", "DEFAULT"}
    True
    """
    facts = Path("/proc/cpuinfo")
    words = set(facts.read_text(encoding="utf-8", errors="replace").split()) if facts.is_file() else set()
    return "AVX512" if "avx512f" in words else "AVX2" if "avx2" in words else "DEFAULT"
