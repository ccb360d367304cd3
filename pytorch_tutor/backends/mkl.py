"""``torch.backends.mkl``: Intel's library for products and transforms; NumPy brings its own here."""


def is_available() -> bool:
    """Is MKL in use? No."""
    return False
