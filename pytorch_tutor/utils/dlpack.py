"""``torch.utils.dlpack``: sharing memory with other array libraries, without copying."""

from pytorch_tutor.functions.exchange import DLDeviceType, from_dlpack, to_dlpack

__all__ = ["DLDeviceType", "from_dlpack", "to_dlpack"]
