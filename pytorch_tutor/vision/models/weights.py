"""What a model says when it is asked for trained weights: none are shipped here, but PyTorch's own can be loaded."""

from __future__ import annotations

from ...errors import lesson


def refuse_weights(model: str, weights: object, pretrained: object = False) -> None:
    """Raises unless neither ``weights`` nor the older ``pretrained`` asks for trained weights."""
    if weights is None and not pretrained:
        return
    raise lesson(
        ValueError(f"{model}: no trained weights come with pytorch_tutor, only weights=None"),
        expected="weights=None",
        got=f"weights={weights!r}" if weights is not None else f"pretrained={pretrained!r}",
        hint="model.load_state_dict(torch.load('file.pth')) with the file that torchvision downloads: the names agree",
    )
