"""What a case of `nn_cases.py` gives, on whichever library is asked: values rounded to what is compared, or sentences."""

import re
import zlib

import nn_cases


def lines(table):
    return [line for line in table.strip().split("\n") if line]


def space(T):
    """The names that the expressions use; `w(...)` draws a tensor."""
    return {"T": T, "nn": T.nn, "F": T.nn.functional, "init": T.nn.init, "w": T.randn}


def numbers(tensor):
    """Shape and elements; of more than 24 elements the first 12, and a weighted sum of all."""
    flat = tensor.detach().reshape(-1).to(tensor.dtype).tolist()
    kept = flat if len(flat) <= 24 else flat[:12]
    total = sum(value * ((i * 7919) % 101 / 101 - 0.5) for i, value in enumerate(flat))
    return [list(tensor.shape), [float(value) for value in kept], float(total)]


def first_tensor(result):
    while isinstance(result, tuple):
        result = result[0]
    return result


def names(tensor, count=4):
    """The names of the graph's nodes, following the first input."""
    found, node = [], tensor.grad_fn
    while node is not None and len(found) < count:
        found.append(node.name())
        node = next((n for n, _ in node.next_functions if n is not None), None)
    return found


def seeded(T, case):
    T.manual_seed(zlib.crc32(case.encode()) % 1000)


def ask_init(T, case):
    seeded(T, case)
    return {key: numbers(value) for key, value in eval(case, space(T)).state_dict().items()}


def ask_draws(T, case):
    seeded(T, case)
    return numbers(eval(case, space(T)))


def ask_function(T, case):
    shape, _, expression = case.partition(") ")
    seeded(T, case)
    x = T.randn(*eval(shape + ")")).requires_grad_()
    y = eval(expression, space(T) | {"x": x})
    answer = {"value": numbers(y), "names": names(y)}
    (y * T.linspace(-1, 1, y.numel()).reshape(y.shape)).sum().backward()
    return answer | {"grad": numbers(x.grad)}


def ask_module(T, case):
    shape, _, expression = case.partition(") ")
    seeded(T, case)
    module = eval(expression, space(T))
    x = T.randn(*eval(shape + ")"))
    y = first_tensor(module(x))
    (y * T.linspace(-1, 1, y.numel()).reshape(y.shape)).sum().backward()
    gradients = {name: numbers(p.grad) for name, p in module.named_parameters()}
    return {"value": numbers(y)} | gradients


def ask_error(T, case):
    try:
        eval(case, space(T))
    except Exception as error:  # noqa: BLE001 - which one is the answer
        text = re.sub(r"<class .*?([A-Za-z]+).>", r"<\1>", str(error))
        return f"{type(error).__name__}: {text}"
    return "no error"


def answers(T):
    """{kind and case: answer} of all cases."""
    found = {f"repr {case}": repr(eval(case, space(T))) for case in lines(nn_cases.REPR)}
    for kind, table, ask in (
        ("init", nn_cases.INIT, ask_init),
        ("draws", nn_cases.DRAWS, ask_draws),
        ("function", nn_cases.FUNCTIONS, ask_function),
        ("module", nn_cases.MODULES, ask_module),
        ("error", nn_cases.ERRORS, ask_error),
    ):
        found |= {f"{kind} {case}": ask(T, case) for case in lines(table)}
    return found
