"""`pytorch-tutor bench`: how long typical work takes on this machine, beside PyTorch where that is installed.

Each case is a function of the library, `pytorch_tutor` or `torch`, that prepares its data and returns one repetition.
Both run the very same lines.
"""

import argparse
import importlib.util
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from types import ModuleType
from typing import Any

import pytorch_tutor

Step = Callable[[], object]


def start(torch: Any) -> Step:
    """A new Python that imports the library."""
    command = [sys.executable, "-c", f"import {torch.__name__}"]
    return lambda: subprocess.run(command, check=True)


def one_addition(torch: Any) -> Step:
    """`a + b` on two numbers, recorded: the cost of an operation by itself."""
    a = torch.ones(2, requires_grad=True)
    b = torch.ones(2)
    return lambda: a + b


def chain(torch: Any) -> Step:
    """A chain of 1000 operations, forward and backward."""
    x = torch.ones(2, requires_grad=True)

    def step() -> None:
        y = x
        for _ in range(1000):
            y = y * 1.0
        y.sum().backward()

    return step


def matrix_product(torch: Any) -> Step:
    """Two 512x512 matrices, forward and backward."""
    a = torch.randn(512, 512, requires_grad=True)
    b = torch.randn(512, 512, requires_grad=True)
    return lambda: (a @ b).sum().backward()


def training_step(torch: Any, model: Any, x: Any, y: Any) -> Step:
    """One step of training with cross entropy and Adam."""
    optimizer = torch.optim.Adam(model.parameters())
    loss_function = torch.nn.CrossEntropyLoss()

    def step() -> None:
        optimizer.zero_grad()
        loss_function(model(x), y).backward()
        optimizer.step()

    return step


def perceptron(torch: Any) -> Step:
    """Training step of 784-128-10 on 64 pictures of the size of MNIST's."""
    nn = torch.nn
    model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
    return training_step(torch, model, torch.randn(64, 784), torch.randint(0, 10, (64,)))


def convolution(torch: Any) -> Step:
    """A 3x3 convolution of 32 to 64 channels on 32 pictures of 32x32, forward and backward."""
    layer = torch.nn.Conv2d(32, 64, 3, padding=1)
    x = torch.randn(32, 32, 32, 32)
    return lambda: layer(x).sum().backward()


def convolutional_network(torch: Any) -> Step:
    """Training step of a small CIFAR-10 network with batch norm on 64 pictures."""
    nn = torch.nn
    layers: list[Any] = []
    channels = 3
    for wider in (32, 64, 128):
        layers += [nn.Conv2d(channels, wider, 3, padding=1), nn.BatchNorm2d(wider), nn.ReLU(), nn.MaxPool2d(2)]
        channels = wider
    model = nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 4 * 4, 10))
    return training_step(torch, model, torch.randn(64, 3, 32, 32), torch.randint(0, 10, (64,)))


CASES: dict[str, Callable[[Any], Step]] = {
    "import": start,
    "addition": one_addition,
    "chain": chain,
    "matmul": matrix_product,
    "mlp": perceptron,
    "conv": convolution,
    "cnn": convolutional_network,
}


def milliseconds(step: Step, seconds: float) -> float:
    """The median time of a repetition. Short steps are timed in batches, so that the clock does not count."""
    step()
    start = time.perf_counter()
    step()
    batch = max(1, int(0.001 / max(time.perf_counter() - start, 1e-9)))
    times: list[float] = []
    end = time.perf_counter() + seconds
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(batch):
            step()
        times.append((time.perf_counter() - start) / batch)
    return statistics.median(times) * 1000


def libraries(compare: bool) -> dict[str, ModuleType]:
    """The engine, and PyTorch if it is wanted and installed."""
    found: dict[str, ModuleType] = {"pytorch_tutor": pytorch_tutor}
    if compare and importlib.util.find_spec("torch") is not None:
        import torch

        found["torch"] = torch
    return found


def measure(names: Sequence[str], seconds: float, compare: bool = True) -> dict[str, dict[str, float]]:
    """Milliseconds by case and library."""
    results: dict[str, dict[str, float]] = {}
    for name in names:
        results[name] = {}
        for library, module in libraries(compare).items():
            module.manual_seed(0)
            results[name][library] = milliseconds(CASES[name](module), seconds)
    return results


def table(results: dict[str, dict[str, float]]) -> str:
    """The results for the terminal: a line per case, times in ms, and how many times as long as PyTorch."""
    both = any("torch" in row for row in results.values())
    lines = [f"{'case':<10} {'here':>12}" + (f" {'PyTorch':>12} {'ratio':>7}" if both else "") + "   what"]
    for name, row in results.items():
        line = f"{name:<10} {row['pytorch_tutor']:>9.4f} ms"
        if both:
            line += f" {row['torch']:>9.4f} ms {row['pytorch_tutor'] / row['torch']:>7.2f}"
        lines.append(f"{line}   {(CASES[name].__doc__ or '').splitlines()[0]}")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run the command."""
    options = argparse.ArgumentParser(prog="pytorch-tutor bench", description=__doc__.partition("\n")[0])
    options.add_argument("case", nargs="*", help=f"default: all of {', '.join(CASES)}")
    options.add_argument("--seconds", type=float, default=1.0, help="time for each case (default: %(default)s)")
    options.add_argument("--no-torch", action="store_true", help="do not look for PyTorch")
    options.add_argument("--json", action="store_true", help="print JSON instead of a table")
    chosen = options.parse_args(arguments)
    unknown = [name for name in chosen.case if name not in CASES]
    if unknown:
        options.error(f"there is no case {unknown[0]!r}; there are {', '.join(CASES)}")
    results = measure(chosen.case or list(CASES), chosen.seconds, not chosen.no_torch)
    if chosen.json:
        print(json.dumps(results, indent=1))
        return 0
    threads = os.environ.get("OMP_NUM_THREADS", f"all {os.cpu_count()}")
    print(f"Python {platform.python_version()}, {platform.machine()}, threads: {threads}, on {sys.platform}")
    print(table(results))
    return 0
