"""What a node has kept for backward: PyTorch's names of it (``_saved_self``), and the hooks that may take it in charge."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..dtypes import bfloat16
from ..errors import lesson
from ..graph import mode

# What dir(node) shows besides the values that are kept.
FACE = (
    "formula", "gradient", "keeps", "metadata", "name", "next_functions", "register_hook", "register_prehook",
    "requires_grad", "where",
)  # fmt: skip

# Our names of inputs are the letters of the formula; PyTorch's are those of its functions' arguments.
USUAL = {"x": "self", "y": "other", "w": "weight", "b": "bias", "src": "source"}
SPELLED = {
    "Mm": {"y": "mat2"}, "Bmm": {"y": "mat2"}, "Mv": {"y": "vec"}, "Dot": {"y": "tensor"},
    "Addmm": {"x": "mat1", "y": "mat2"}, "Baddbmm": {"x": "batch1", "y": "batch2"}, "Addmv": {"x": "mat", "y": "vec"},
    "PowTensor": {"y": "exponent"}, "Convolution": {"x": "input"}, "NativeLayerNorm": {"x": "input"},
    "NativeBatchNorm": {"x": "input"}, "NativeGroupNorm": {"x": "input"}, "Lerp": {"y": "end"},
    "Addcmul": {"y": "tensor1", "w": "tensor2"}, "Addcdiv": {"y": "tensor1", "w": "tensor2"},
}  # fmt: skip


def torch_name(node: Any, key: str) -> str:
    """PyTorch's name for a kept value: ``_saved_`` and the argument's name."""
    return "_saved_" + SPELLED.get(node.op_name, {}).get(key, USUAL.get(key, key))


def saved_names(node: Any) -> list[str]:
    """The attributes by which the kept values can be looked at."""
    return sorted([torch_name(node, key) for key in node.keeps if key in node.__dict__ or key in node.packed])


def saved_attribute(node: Any, attribute: str) -> Any:
    """The value of ``node._saved_...``: by PyTorch's name, or by ours."""
    node.check_alive()
    wanted = attribute.removeprefix("_saved_")
    for key in node.keeps:
        if attribute == torch_name(node, key) or wanted == key:
            if key in node.packed:
                return node.packed[key].unpack()
            if key in node.__dict__:
                value = node.__dict__[key]
                number = torch_name(node, key) == "_saved_other" and isinstance(value, (bool, int, float, complex))
                return node.wrap(np.asarray(value)) if number else as_tensor(node, key, value)
            if key in node.inputs:
                return None  # it was not needed: only the other input's gradient is wanted
    if wanted == "self_sym_sizes" and node.input_shapes and node.input_shapes[0] is not None:
        return tuple(node.input_shapes[0])
    given = node.__dict__.get(wanted)
    if isinstance(given, (bool, int, float, str, tuple)) and wanted not in ("age", "outputs", "needs", "edges"):
        return given
    raise AttributeError(f"'{node.name()}' object has no attribute '{attribute}'")


def as_tensor(node: Any, key: str, value: Any) -> Any:
    """A kept array as a tensor that knows where it came from: the leaf itself, or a result with its node."""
    if not hasattr(value, "dtype"):
        return value
    place = node.inputs.index(key) if key in node.inputs else -1
    edge: Any = (node, 0) if key == "result" else node.edges[place] if 0 <= place < len(node.edges) else None
    variable = None if edge is None else getattr(edge[0], "variable", None)
    if variable is not None and variable._array is value:
        return variable
    tensor = node.wrap(value, bfloat16 if node.half_inputs and value.dtype == "float32" else None)
    if edge is not None and variable is None:
        tensor._grad_fn, tensor._output_nr = edge
    return tensor


class Packed:
    """A kept value in the hands of saved-tensor hooks: what ``pack`` made of it, and how to get it back."""

    __slots__ = ("unpack_hook", "value")

    def __init__(self, tensor: Any, pack: Callable[[Any], Any], unpack: Callable[[Any], Any]) -> None:
        version = tensor.version.n
        before, mode.grad = mode.grad, False
        try:
            self.value = pack(tensor)
        finally:
            mode.grad = before
        self.unpack_hook = unpack
        if tensor.version.n != version:
            raise lesson(
                RuntimeError(
                    "A saved tensor pack hook is modifying its input in place. Tensors provided as input to pack hook "
                    "cannot be modified by in-place operations as this can lead to unexpected side-effects. Please open "
                    "an issue if you need to perform in-place operations on the input to a pack hook."
                ),
                hint="work on a copy: x.clone()",
            )

    def unpack(self) -> Any:
        """The tensor again."""
        before, mode.grad = mode.grad, False
        try:
            found = self.unpack_hook(self.value)
        finally:
            mode.grad = before
        if not hasattr(found, "_array"):
            raise lesson(
                TypeError(
                    "Output of saved tensor unpack_hook expected to be a Tensor but got result of type "
                    f"{type(found).__name__}"
                ),
                expected="a tensor",
                got=f"{found!r}",
            )
        return found


def pack_kept(node: Any, names: tuple[str, ...] | None, pack: Callable[..., Any], unpack: Callable[..., Any]) -> None:
    """Hands the node's kept arrays to saved-tensor hooks; the node itself holds them no longer."""
    mine = node.__dict__
    counters = {name: version for name, version, _, _ in node.kept_versions}
    packed = dict(node.packed)
    for name in sorted(node.keeps, key=lambda key: torch_name(node, key)) if names is None else names:
        value = mine.get(name)
        if not hasattr(value, "dtype") or not hasattr(value, "shape"):
            continue
        tensor = as_tensor(node, name, value)
        if tensor._version_counter is None and name in counters:
            tensor._version_counter = counters[name]
        packed[name] = Packed(tensor, pack, unpack)
        del mine[name]
    node.packed = packed
    # A value in strange hands is not watched: hooks may keep a copy, on disk for example.
    node.kept_versions = tuple([kept for kept in node.kept_versions if kept[0] not in packed])


class SavedTensor:
    """``node._raw_saved_self``: a kept value, before it is unpacked."""

    def __init__(self, node: Any, attribute: str) -> None:
        wanted = attribute.removeprefix("_raw")
        keys = [key for key in node.keeps if wanted in (torch_name(node, key), f"_saved_{key}")]
        if not keys:
            raise AttributeError(f"'{node.name()}' object has no attribute '{attribute}'")
        self._node, self._key = node, keys[0]

    def register_hooks(self, pack_hook: Callable[[Any], Any], unpack_hook: Callable[[Any], Any]) -> None:
        """``pack_hook`` is called at once and its result kept; ``unpack_hook`` makes a tensor of it when it is needed."""
        node, key = self._node, self._key
        if node.freed:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor after it has been freed. Saved intermediate values of the graph "
                "are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward "
                "through the graph a second time or if you need to access saved variables after calling backward."
            )
        if key in node.packed:
            raise RuntimeError(
                "Calling register_hooks on a saved tensor whose hooks have already been set. Hint: only one pair of hooks "
                "is allowed at a time."
            )
        if key not in node.__dict__:
            raise RuntimeError("Calling register_hooks on a saved tensor with value None is forbidden")
        pack_kept(node, (key,), pack_hook, unpack_hook)
