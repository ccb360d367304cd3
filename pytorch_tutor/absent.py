"""What PyTorch has and a teaching engine has no place for: one table of names, each with the reason and the nearest thing."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import lesson, missing_name

if TYPE_CHECKING:
    import importlib.machinery


class Absent(NamedTuple):
    """Why a part of PyTorch is not here, and what to use instead."""

    reason: str
    instead: str


COMPILER = Absent("there is no compiler below this engine: every operation runs at once", "torch.compile(model)")
EXPORT = Absent(
    "programs are not turned into graphs to run elsewhere", "torch.save(model.state_dict(), path), then real PyTorch"
)
SYMBOLIC = Absent("there is no symbolic tracing", "pytorch_tutor_widgets shows the graph that a run has made")
MASKED = Absent("there are no masked tensors", "torch.where, masked_fill, masked_select")
CLUSTER = Absent("training runs in one process", "torch.distributed.init_process_group(world_size=1)")
NATIVE = Absent("no C++ or CUDA code is compiled", "torch.autograd.Function, or torch.library.custom_op, in Python")
QUANTIZED = Absent("there are no quantised tensors", "tensor.to(torch.bfloat16), or torch.autocast")
DETECTION = Absent("detection and segmentation models are not here", "torchvision.models.resnet50() as a backbone")
VIDEO = Absent("there is no video and no optical flow", "torchvision.datasets and torchvision.models for pictures")

# Names after "torch." or "torchvision."; a name stands for everything below it.
TORCH = {
    "export": EXPORT,
    "onnx": EXPORT,
    "package": EXPORT,
    "_export": EXPORT,
    "fx": SYMBOLIC,
    "_inductor": COMPILER,
    "_higher_order_ops": COMPILER,
    "_functorch": Absent("there is no ahead-of-time autograd", "torch.func"),
    "_decomp": COMPILER,
    "_prims": COMPILER,
    "_refs": COMPILER,
    "classes": NATIVE,
    "utils.cpp_extension": NATIVE,
    "utils._triton": NATIVE,
    "_custom_op": Absent("the prototype of custom operations", "torch.library.custom_op"),
    "ao": QUANTIZED,
    "quantization": QUANTIZED,
    "quantize_per_tensor": QUANTIZED,
    "quantize_per_channel": QUANTIZED,
    "nn.quantized": QUANTIZED,
    "nn.qat": QUANTIZED,
    "nn.quantizable": QUANTIZED,
    "nn.intrinsic": QUANTIZED,
    "nested": Absent("there are no nested tensors", "torch.nn.utils.rnn.pad_sequence and a mask"),
    "masked.masked_tensor": MASKED,
    "masked.as_masked_tensor": MASKED,
    "masked.MaskedTensor": MASKED,
    "distributed.rpc": CLUSTER,
    "distributed.pipeline": CLUSTER,
    "distributed.pipelining": CLUSTER,
    "distributed.fsdp": CLUSTER,
    "distributed.tensor": CLUSTER,
    "distributed.optim": CLUSTER,
    "distributed.elastic": CLUSTER,
    "distributed.checkpoint": CLUSTER,
    "distributed.algorithms": CLUSTER,
    "distributed.nn": CLUSTER,
    "distributed.device_mesh": CLUSTER,
    "futures": Absent("there is no asynchronous engine", "concurrent.futures"),
    "monitor": Absent("there are no counters of the C++ engine", "torch.profiler"),
    "utils.flop_counter": Absent("operations are not counted here", "torch.profiler.profile(with_flops=True)"),
    "utils.bottleneck": Absent("there is no such report", "torch.profiler.profile"),
    "utils.mobile_optimizer": EXPORT,
    "cond": COMPILER,
    "while_loop": COMPILER,
}  # fmt: skip
TORCHVISION = {
    "models.detection": DETECTION,
    "models.segmentation": DETECTION,
    "models.video": VIDEO,
    "models.optical_flow": VIDEO,
    "models.quantization": QUANTIZED,
    "models.feature_extraction": SYMBOLIC,
    "io.video": VIDEO,
    "io.VideoReader": VIDEO,
    "io.read_video": VIDEO,
}


def find(name: str) -> Absent | None:
    """The entry for ``torch.fx.symbolic_trace``, or for this package's name of it, or None.

    >>> find("torch.fx.symbolic_trace").reason
    'there is no symbolic tracing'
    """
    for prefix, table in (
        ("torchvision.", TORCHVISION),
        ("pytorch_tutor.vision.", TORCHVISION),
        ("torch.", TORCH),
        ("pytorch_tutor.", TORCH),
    ):
        if name.startswith(prefix):
            rest = name.removeprefix(prefix)
            while rest:
                if rest in table:
                    return table[rest]
                rest = rest.rpartition(".")[0]
            return None
    return None


def explain(error: Any, name: str) -> Any:
    """The error, with the reason why ``name`` is not here and the nearest thing, where the table knows them."""
    entry = find(name)
    if entry is not None:
        lesson(error, got=f"{name}, which has no place here: {entry.reason}", hint=entry.instead)
    return error


class Part(ModuleType):
    """A module that speaks of itself by PyTorch's name where something is asked for that it does not have."""

    def __getattr__(self, name: str) -> Any:
        raise missing(self.__name__, name, vars(self))


def missing(module: str, name: str, known: Iterable[str]) -> AttributeError:
    """What a module raises for a name that it does not have: PyTorch's sentence, and the reason or the nearest name."""
    shown = shown_name(module)
    error: AttributeError = missing_name(shown, name, known)
    if find(f"{shown}.{name}") is not None:
        error = explain(AttributeError(str(error)), f"{shown}.{name}")
    return error


def shown_name(module: str) -> str:
    """PyTorch's name of a module of this package.

    >>> shown_name("pytorch_tutor.vision.transforms"), shown_name("pytorch_tutor.nn")
    ('torchvision.transforms', 'torch.nn')
    """
    return module.replace("pytorch_tutor.vision", "torchvision").replace("pytorch_tutor", "torch")


def name_parts() -> None:
    """Makes a ``Part`` of every module of the package that is loaded and has no ``__getattr__`` of its own."""
    for name, module in list(sys.modules.items()):
        if name.startswith("pytorch_tutor.") and type(module) is ModuleType and "__getattr__" not in vars(module):
            module.__class__ = Part


class Finder:
    """Comes last: an ``import`` of an absent part says why, and what to use instead."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name.startswith("pytorch_tutor.") and find(name) is not None:
            raise explain(ModuleNotFoundError(f"No module named '{shown_name(name)}'", name=name), name)
        return None


def install() -> None:
    """Puts the finder behind all others, once."""
    if not any(type(finder).__name__ == "Finder" and type(finder).__module__ == __name__ for finder in sys.meta_path):
        sys.meta_path.append(Finder())
