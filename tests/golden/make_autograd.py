"""What real PyTorch answers to the programs of `autograd_cases.txt`: printed lines, warnings, error sentences.

python tests/golden/make_autograd.py        needs torch; writes autograd.json
"""

import contextlib
import io
import json
import re
import warnings
from pathlib import Path

HERE = Path(__file__).parent
CASES = HERE / "autograd_cases.txt"
ANSWERS = HERE / "autograd.json"
TOLD = (UserWarning, FutureWarning)  # the warnings that belong to an answer; not those about torch.jit and NumPy


def cases():
    """The programs by their titles."""
    parts = re.split(r"^#---- (.*)\n", CASES.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def answer(torch, code):
    """What a program prints, the error that ends it, and the warnings that it gave."""
    package = torch.__name__
    code = re.sub(r"\b(import|from) torch\b", rf"\1 {package}", code)
    names = {"torch": torch, "nn": torch.nn, "F": torch.nn.functional, "__name__": "program", package: torch}
    printed = io.StringIO()
    torch.manual_seed(0)
    with warnings.catch_warnings(record=True) as given, contextlib.redirect_stdout(printed):
        warnings.simplefilter("always")
        try:
            exec(compile(code, "<program>", "exec"), names)  # the file's own text
        except Exception as error:  # noqa: BLE001 - whatever it raises is the answer
            print(f"{type(error).__name__}: {error}")
        finally:
            torch.set_grad_enabled(True)
            torch.autograd.set_detect_anomaly(False)
    told = [f"{w.category.__name__}: {_first_line(w.message)}" for w in given if w.category in TOLD]
    told = [line for line in told if "get_attr Node" not in line]  # of PyTorch's tracer
    return re.sub(r"0x[0-9a-f]+", "0x", "\n".join([printed.getvalue().rstrip(), *told]).strip())


def _first_line(message):
    line = str(message).strip().partition("\n")[0]
    return re.sub(r"\s*\(Triggered internally.*", "", line).strip()


def main():
    import torch

    torch.set_num_threads(1)
    answers = {title: answer(torch, code) for title, code in cases().items()}
    ANSWERS.write_text(json.dumps(answers, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
