"""Nested containers flattened to their leaves and put together again: what libraries ask of ``torch.utils._pytree``."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

PyTree = Any
Context = Any


class NodeDef(NamedTuple):
    """How one kind of container comes apart and together."""

    flatten_fn: Callable[[Any], tuple[list[Any], Any]]
    unflatten_fn: Callable[[Iterable[Any], Any], Any]


def _of_mapping(kind: type) -> NodeDef:
    return NodeDef(lambda d: (list(d.values()), list(d)), lambda values, keys: kind(zip(keys, values, strict=True)))


SUPPORTED_NODES: dict[type, NodeDef] = {
    list: NodeDef(lambda x: (x, None), lambda values, _: list(values)),
    tuple: NodeDef(lambda x: (list(x), None), lambda values, _: tuple(values)),
    dict: _of_mapping(dict),
    OrderedDict: _of_mapping(OrderedDict),
    defaultdict: NodeDef(
        lambda d: (list(d.values()), (d.default_factory, list(d))),
        lambda values, context: defaultdict(context[0], zip(context[1], values, strict=True)),
    ),
    deque: NodeDef(lambda d: (list(d), d.maxlen), lambda values, length: deque(values, maxlen=length)),
}
NAMED = NodeDef(lambda x: (list(x), type(x)), lambda values, kind: kind(*values))


def register_pytree_node(cls: type, flatten_fn: Any, unflatten_fn: Any, **names: Any) -> None:
    """Makes a class a container: ``flatten_fn(x)`` gives (children, context), ``unflatten_fn`` builds it from both."""
    if cls in SUPPORTED_NODES:
        raise ValueError(f"{cls} is already registered as pytree node.")
    SUPPORTED_NODES[cls] = NodeDef(flatten_fn, unflatten_fn)


def _node(tree: Any) -> NodeDef | None:
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return NAMED
    return SUPPORTED_NODES.get(type(tree))


class TreeSpec:
    """The nesting without its leaves."""

    def __init__(self, type: Any, context: Any, children_specs: list[TreeSpec]) -> None:
        self.type, self.context, self.children_specs = type, context, children_specs
        self.num_leaves: int = sum(c.num_leaves for c in children_specs) if type is not None else 1
        self.num_children = len(children_specs)

    def is_leaf(self) -> bool:
        """Does a leaf stand here?"""
        return self.type is None

    def unflatten(self, leaves: Iterable[Any]) -> Any:
        """The nesting around these leaves."""
        return tree_unflatten(leaves, self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreeSpec) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((self.type, self.num_leaves))

    def _key(self) -> Any:
        return self.type, self.context, self.children_specs

    def __repr__(self) -> str:
        if self.is_leaf():
            return "*"
        inner = ",\n  ".join(repr(c).replace("\n", "\n  ") for c in self.children_specs)
        return f"TreeSpec({self.type.__name__}, {self.context}, [{inner}])"


class LeafSpec(TreeSpec):
    """The place of one leaf."""

    def __init__(self) -> None:
        super().__init__(None, None, [])


def tree_flatten(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> tuple[list[Any], TreeSpec]:
    """The leaves from left to right, and the nesting they stood in.

    >>> from pytorch_tutor.utils import _pytree
    >>> leaves, nesting = _pytree.tree_flatten({"a": [1, 2], "b": 3})
    >>> leaves, _pytree.tree_unflatten([10, 20, 30], nesting)
    ([1, 2, 3], {'a': [10, 20], 'b': 30})
    """
    node = None if is_leaf is not None and is_leaf(tree) else _node(tree)
    if node is None:
        return [tree], LeafSpec()
    children, context = node.flatten_fn(tree)
    parts = [tree_flatten(child, is_leaf) for child in children]
    return [leaf for leaves, _ in parts for leaf in leaves], TreeSpec(type(tree), context, [spec for _, spec in parts])


def tree_unflatten(leaves: Iterable[Any], treespec: TreeSpec) -> Any:
    """The nesting around other leaves."""
    leaves = list(leaves)
    if len(leaves) != treespec.num_leaves:
        raise ValueError(
            f"treespec.unflatten(leaves): `leaves` has length {len(leaves)} but the spec refers to a pytree that "
            f"holds {treespec.num_leaves} items ({treespec})."
        )
    if treespec.is_leaf():
        return leaves[0]
    children, start = [], 0
    for spec in treespec.children_specs:
        children.append(tree_unflatten(leaves[start : start + spec.num_leaves], spec))
        start += spec.num_leaves
    named = isinstance(treespec.context, type) and issubclass(treespec.type, tuple)
    node = NAMED if named else SUPPORTED_NODES[treespec.type]
    return node.unflatten_fn(children, treespec.context)


def tree_leaves(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> list[Any]:
    """The leaves from left to right."""
    return tree_flatten(tree, is_leaf)[0]


tree_iter = tree_leaves


def tree_structure(tree: Any, is_leaf: Callable[[Any], bool] | None = None) -> TreeSpec:
    """The nesting."""
    return tree_flatten(tree, is_leaf)[1]


def tree_map(func: Callable[..., Any], tree: Any, *rests: Any, is_leaf: Callable[[Any], bool] | None = None) -> Any:
    """The nesting with the function's results for its leaves; further trees give further arguments.

    >>> from pytorch_tutor.utils import _pytree
    >>> _pytree.tree_map(lambda x, y: x + y, (1, [2]), (10, [20]))
    (11, [22])
    """
    leaves, spec = tree_flatten(tree, is_leaf)
    others = [tree_leaves(rest, is_leaf) for rest in rests]
    return tree_unflatten([func(*values) for values in zip(leaves, *others, strict=True)], spec)


def tree_map_(func: Callable[..., Any], tree: Any, *rests: Any, is_leaf: Callable[[Any], bool] | None = None) -> Any:
    """Calls the function for every leaf, for its effect; gives the tree back."""
    tree_map(func, tree, *rests, is_leaf=is_leaf)
    return tree


def tree_map_only(kind: Any, func: Callable[[Any], Any], tree: Any) -> Any:
    """`tree_map` for the leaves of one type; the others stay."""
    return tree_map(lambda x: func(x) if isinstance(x, kind) else x, tree)


def tree_all(pred: Callable[[Any], bool], tree: Any) -> bool:
    """Does it hold for all leaves?"""
    return all(map(pred, tree_leaves(tree)))


def tree_any(pred: Callable[[Any], bool], tree: Any) -> bool:
    """Does it hold for one leaf?"""
    return any(map(pred, tree_leaves(tree)))
