"""The fixture that guards global state is seen to catch each leak, and to put it back."""

import importlib

import pytest

from tests.state import SWITCHES, global_state, put_back

OTHER = {
    "default dtype": lambda m, _: m.float64,
    "print options": lambda _, value: {**value, "precision": value["precision"] + 1},
    "NumPy's error state": lambda _, value: {**value, "divide": "ignore"},
    "observers of operations": lambda *_: (print,),
    "observers of backward steps": lambda *_: (print,),
}


@pytest.mark.parametrize("name", SWITCHES)
def test_a_leak_is_caught_and_put_back(name):
    switch = SWITCHES[name]
    module = importlib.import_module(switch.module)
    before = global_state()
    value = switch.read(module)
    other = OTHER.get(name, lambda _, value: not value)(module, value)
    assert other != value
    switch.write(module, other)
    (leak,) = put_back(before)
    assert leak.startswith(f"{name}: ")
    assert global_state() == before
    assert put_back(before) == []
