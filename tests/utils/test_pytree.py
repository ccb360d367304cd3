"""Nested containers apart and together, as libraries do it with torch.utils._pytree."""

from collections import OrderedDict, defaultdict, deque, namedtuple

import pytest

from pytorch_tutor.utils import _pytree as pytree

Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    "tree",
    [1, [], [1, (2, 3)], {"b": 1, "a": [2, {"c": 3}]}, OrderedDict(z=1, y=(2,)), Point(1, [2, 3]), deque([1, 2], 5)],
)
def test_there_and_back(tree):
    leaves, spec = pytree.tree_flatten(tree)
    back = pytree.tree_unflatten(leaves, spec)
    assert back == tree
    assert type(back) is type(tree)
    assert spec.num_leaves == len(leaves)


def test_a_default_keeps_its_factory():
    tree = defaultdict(list, a=1)
    assert pytree.tree_map(str, tree).default_factory is list


def test_the_wrong_number_of_leaves():
    spec = pytree.tree_structure([1, 2])
    with pytest.raises(ValueError, match="`leaves` has length 1 but the spec refers to a pytree that holds 2 items"):
        pytree.tree_unflatten([1], spec)


def test_maps():
    assert pytree.tree_map_only(int, lambda x: -x, [1, "a", (2,)]) == [-1, "a", (-2,)]
    assert pytree.tree_all(lambda x: x > 0, {"a": 1, "b": (2,)})
    assert not pytree.tree_any(lambda x: x > 2, {"a": 1, "b": (2,)})


def test_nestings_compare_and_print_as_pytorchs():
    spec = pytree.tree_structure({"a": 1, "b": [2, 3]})
    assert spec == pytree.tree_structure({"a": 0, "b": [0, 0]}) != pytree.tree_structure({"a": 0, "b": (0, 0)})
    assert repr(spec) == "TreeSpec(dict, ['a', 'b'], [*,\n  TreeSpec(list, None, [*,\n    *])])"


def test_a_class_of_ones_own():
    class Pair:
        def __init__(self, a, b):
            self.a, self.b = a, b

    pytree.register_pytree_node(Pair, lambda p: ([p.a, p.b], None), lambda children, _: Pair(*children))
    assert pytree.tree_leaves([Pair(1, 2), 3]) == [1, 2, 3]
    with pytest.raises(ValueError, match="already registered"):
        pytree.register_pytree_node(Pair, None, None)
