"""What has no place here says why and names the nearest thing: by attribute, by import, and in programs that are run."""

import importlib
import operator
import subprocess
import sys
from pathlib import Path

import pytest

import pytorch_tutor as torch
from pytorch_tutor import absent


def test_attributes():
    with pytest.raises(AttributeError, match="module 'torch' has no attribute 'onnx'") as caught:
        torch.onnx  # noqa: B018 - looking it up is the test
    assert any("torch.save" in note for note in caught.value.__notes__)
    assert not hasattr(torch, "fx")


def test_attributes_of_parts_say_one_thing_to_try():
    with pytest.raises(AttributeError, match=r"module 'torch\.masked' has no attribute 'masked_tensor'") as caught:
        torch.masked.masked_tensor  # noqa: B018 - looking it up is the test
    assert [note.split()[0] for note in caught.value.__notes__] == ["got", "try"]
    assert "masked_fill" in caught.value.__notes__[1]


@pytest.mark.parametrize("name", ["fx", "onnx.utils", "ao.quantization", "distributed.rpc", "vision.models.detection"])
def test_imports(name):
    with pytest.raises(ModuleNotFoundError, match="No module named 'torch") as caught:
        importlib.import_module(f"pytorch_tutor.{name}")
    assert any("has no place here" in note for note in caught.value.__notes__)


def test_programs(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text(
        "try:\n    import torch.fx\nexcept ImportError:\n    print('without')\nfrom torch.export import export\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "pytorch_tutor", "run", str(script)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "without\n"
    assert "No module named 'torch.export'" in done.stderr
    assert "programs are not turned into graphs" in done.stderr


def test_whatever_is_listed_is_missing_indeed():
    there = []
    for package, table in (("pytorch_tutor", absent.TORCH), ("pytorch_tutor.vision", absent.TORCHVISION)):
        for name in table:
            place = importlib.import_module(package)
            for part in name.split("."):
                place = getattr(place, part, None)
            if place is not None:
                there.append(name)
    assert there == []


def test_names_that_begin_alike_are_not_meant():
    assert absent.find("torch.condition") is None
    assert absent.find("torch.fx.Proxy") is absent.TORCH["fx"]
    assert absent.find("numpy.fx") is None


@pytest.mark.parametrize(
    ("module", "shown"),
    [("nn.init", "torch.nn.init"), ("optim.lr_scheduler", "torch.optim.lr_scheduler"), ("linalg", "torch.linalg")],
)
def test_every_part_speaks_by_pytorchs_name(module, shown):
    part = operator.attrgetter(module)(torch)
    with pytest.raises(AttributeError, match=f"^module '{shown}' has no attribute 'gain'"):
        part.gain  # noqa: B018 - looking it up is the test


def test_parts_of_a_program_that_is_run(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text("from torchvision import transforms\ntransforms.Scale\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytorch_tutor", "run", str(script)], capture_output=True, text=True, timeout=120
    )
    assert "AttributeError: module 'torchvision.transforms' has no attribute 'Scale'" in done.stderr
