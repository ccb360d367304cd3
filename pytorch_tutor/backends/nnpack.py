"""``torch.backends.nnpack``: a library of convolutions for telephones, not used here."""


def is_available() -> bool:
    """Is NNPACK in use? No."""
    return False
