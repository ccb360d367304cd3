"""``torch.backends.cudnn``: flags that scripts set; they change nothing without cuDNN."""

enabled = True
deterministic = False
benchmark = False
allow_tf32 = True


def is_available() -> bool:
    """Is cuDNN in use? Not yet in this engine."""
    return False


def version() -> int | None:
    """cuDNN's version, None without it."""
    return None
