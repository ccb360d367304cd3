"""The engine's global switches: a test that leaves one changed fails, and the next one does not suffer for it."""

import sys
from collections.abc import Callable
from typing import Any, NamedTuple


class Switch(NamedTuple):
    """Where a switch lives, how it is read and how it is put back."""

    module: str
    read: Callable[[Any], Any]
    write: Callable[[Any, Any], object]


def attribute(owner: str, name: str) -> tuple[Callable[[Any], Any], Callable[[Any, Any], object]]:
    return (
        lambda module: getattr(getattr(module, owner), name),
        lambda module, value: setattr(getattr(module, owner), name, value),
    )


SWITCHES = {
    "grad mode": Switch("pytorch_tutor.graph.mode", *attribute("mode", "grad")),
    "inference mode": Switch("pytorch_tutor.graph.mode", *attribute("mode", "inference")),
    "anomaly mode": Switch("pytorch_tutor.graph.mode", *attribute("mode", "anomaly")),
    "saved-tensor hooks": Switch("pytorch_tutor.graph.mode", *attribute("mode", "saving")),
    "transformations of torch.func": Switch("pytorch_tutor.graph.mode", *attribute("mode", "transforms")),
    "level of dual tensors": Switch("pytorch_tutor.graph.mode", *attribute("mode", "dual")),
    "observers of operations": Switch("pytorch_tutor.graph.observers", *attribute("observers", "op_called")),
    "observers before operations": Switch("pytorch_tutor.graph.observers", *attribute("observers", "op_entered")),
    "observers before backward steps": Switch("pytorch_tutor.graph.observers", *attribute("observers", "step_entered")),
    "observers of backward steps": Switch("pytorch_tutor.graph.observers", *attribute("observers", "step_taken")),
    "default dtype": Switch(
        "pytorch_tutor.dtypes", lambda m: m.get_default_dtype(), lambda m, value: m.set_default_dtype(value)
    ),
    "print options": Switch(
        "pytorch_tutor.printing", lambda m: m.get_printoptions(), lambda m, value: m.set_printoptions(**value)
    ),
    "NumPy's error state": Switch("numpy", lambda m: m.geterr(), lambda m, value: m.seterr(**value)),
}


def global_state() -> dict[str, Any]:
    """The value of each switch whose module is loaded."""
    return {
        name: switch.read(sys.modules[switch.module])
        for name, switch in SWITCHES.items()
        if switch.module in sys.modules
    }


def put_back(before: dict[str, Any]) -> list[str]:
    """Restore what differs from `before`, and say what it was."""
    after = global_state()
    leaks = []
    for name, value in before.items():
        if after[name] != value:
            leaks.append(f"{name}: {value!r} became {after[name]!r}")
            SWITCHES[name].write(sys.modules[SWITCHES[name].module], value)
    return leaks
