"""Writes golden/*.txt: what the programs print under real PyTorch 2.13. Run it with a Python that has torch:

    python tests/programs/make_golden.py

torchvision is not needed: the four transforms of `augmentation.py` are spelled out here, with its order of draws.
"""

import contextlib
import importlib
import io
import sys
from pathlib import Path
from types import SimpleNamespace

import numpy
import torch

HERE = Path(__file__).parent
PROGRAMS = (
    "linear_regression",
    "sequential_mlp",
    "tiny_net",
    "second_derivative",
    "mnist_cnn",
    "cifar_cnn",
    "step_lr",
    "augmentation",
    "mistakes",
    "tiny_gan",
    "char_model",
    "many_models",
    "replay",
    "in_place",
    "keyword_idioms",
    "policy_gradient",
    "meta_learning",
    "resume_training",
    "gradient_penalty",
)


def compose(steps):
    def run(picture):
        for step in steps:
            picture = step(picture)
        return picture

    return run


def random_crop(size, padding):
    def run(picture):
        picture = torch.nn.functional.pad(picture, (padding,) * 4)
        height, width = picture.shape[-2:]
        top = torch.randint(0, height - size + 1, size=(1,)).item()
        left = torch.randint(0, width - size + 1, size=(1,)).item()
        return picture[..., top : top + size, left : left + size]

    return run


TRANSFORMS = SimpleNamespace(
    Compose=compose,
    ToTensor=lambda: lambda picture: torch.from_numpy(picture.transpose(2, 0, 1)).contiguous().float().div(255),
    RandomCrop=random_crop,
    RandomHorizontalFlip=lambda: lambda picture: picture.flip(-1) if torch.rand(1) < 0.5 else picture,
    Normalize=lambda mean, std: (
        lambda picture: (picture - torch.tensor(mean).view(-1, 1, 1)) / torch.tensor(std).view(-1, 1, 1)
    ),
)


def main():
    sys.path.insert(0, str(HERE))
    torch.set_num_threads(1)
    for name in PROGRAMS:
        program = importlib.import_module(name)
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            program.main(torch, TRANSFORMS, numpy) if name == "augmentation" else program.main(torch)
        (HERE / "golden" / f"{name}.txt").write_text(out.getvalue())
        print(name, len(out.getvalue()))


if __name__ == "__main__":
    main()
