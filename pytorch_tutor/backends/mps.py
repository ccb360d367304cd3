"""``torch.backends.mps``: Apple's GPUs, which this engine does not use."""


def is_available() -> bool:
    """Can an Apple GPU be used? No."""
    return False


def is_built() -> bool:
    """Was the library built for Apple GPUs? No."""
    return False
