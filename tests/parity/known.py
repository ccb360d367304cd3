"""What does not answer as PyTorch does, and why: the one list behind the tests of parity and docs/parity.md.

An entry that no longer differs fails its test, and so leaves the list.
"""

from typing import NamedTuple


class Reason(NamedTuple):
    """Why operations differ, in both languages of the documentation."""

    en: str
    zh: str
    operations: tuple[str, ...]


REASONS: tuple[Reason, ...] = ()

# operation -> the reason's place in the list
KNOWN = {operation: number for number, reason in enumerate(REASONS) for operation in reason.operations}
