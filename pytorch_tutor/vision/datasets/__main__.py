"""Prepares data from the command line: ``python -m pytorch_tutor.vision.datasets prepare``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from .cifar import CIFAR10, CIFAR100
from .mnist import MNIST, FashionMNIST
from .ready import cifar10_or_standin
from .root import default_root
from .standin import TEST, TRAIN, write_shapes

_OFFICIAL = {"cifar10": CIFAR10, "cifar100": CIFAR100, "mnist": MNIST, "fashion-mnist": FashionMNIST}


def main(arguments: list[str] | None = None) -> int:
    """Runs the command; returns its exit status (1 where the data could not be had)."""
    parser = argparse.ArgumentParser(prog="python -m pytorch_tutor.vision.datasets", description=__doc__)
    parser.add_argument(
        "what",
        choices=["prepare", "standin", *_OFFICIAL, "where"],
        help="prepare: CIFAR-10, or the stand-in where it cannot be had; standin: only the stand-in; "
        "where: print the data folder",
    )
    parser.add_argument("--root", type=Path, default=None, help="the data folder (default: what where prints)")
    parser.add_argument("--offline", action="store_true", help="prepare without downloading")
    parser.add_argument("--train-size", type=int, default=TRAIN, help="pictures in the stand-in (default %(default)s)")
    parser.add_argument("--test-size", type=int, default=TEST, help="test pictures in it (default %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="of the drawings, for the command standin")
    parser.add_argument("--language", choices=["en", "zh"], default="en")
    options = parser.parse_args(arguments)
    root = options.root or default_root()
    try:
        _run(options, root)
    except (RuntimeError, OSError, ValueError) as why:
        print(f"{why}", *getattr(why, "__notes__", ()), sep="\n", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace, root: Path) -> None:
    if options.what == "where":
        print(root)
    elif options.what == "standin":
        print(write_shapes(root, options.train_size, options.test_size, options.seed))
    elif options.what == "prepare":
        sizes = {"train_size": options.train_size, "test_size": options.test_size}
        download = False if options.offline else None
        cifar10_or_standin(root, True, download=download, language=options.language, **sizes)
        # The stand-in lies beside the real data, ready for a lesson that asks for it.
        cifar10_or_standin(root, True, standin=True, quiet=True, **sizes)
    else:
        print(_OFFICIAL[options.what](root, download=True))


if __name__ == "__main__":
    sys.exit(main())
