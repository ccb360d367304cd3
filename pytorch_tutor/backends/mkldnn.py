"""``torch.backends.mkldnn``: is oneDNN, which PyTorch still calls by its old name, installed and in use?"""

from pytorch_tutor.backends.select import onednn_available


def is_available() -> bool:
    """Is oneDNN installed and in use?"""
    return onednn_available()
