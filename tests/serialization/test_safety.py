"""No file runs code, and no file, however damaged, does more than raise an error that names it."""

import datetime
import io
import pickle
import random
import warnings
import zipfile
from fractions import Fraction
from pathlib import Path

import pytest

import pytorch_tutor as torch
from pytorch_tutor.serialization.archive import ArchiveWriter

FILES = Path(__file__).parents[1] / "golden" / "checkpoints"


def archive(description: bytes, *storages: bytes) -> io.BytesIO:
    file = io.BytesIO()
    writer = ArchiveWriter(file, "archive")
    writer.write("data.pkl", description)
    for number, data in enumerate(storages):
        writer.write(f"data/{number}", data)
    writer.close()
    file.seek(0)
    return file


class Bomb:
    """Would, with plain pickle, call a function that leaves a trace."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


TRACES = []


def leave_trace(*arguments):
    TRACES.append(arguments)


@pytest.mark.parametrize("weights_only", [True, False])
@pytest.mark.parametrize(
    "bomb",
    [
        Bomb(eval, "__import__('tests')"),
        Bomb(exec, "raise SystemExit"),
        Bomb(leave_trace, 1),
        Bomb(getattr, "text", "upper"),
        Bomb(torch.nn.functional.relu, 1),
        Bomb(torch.nn.init.zeros_, 1),
        Bomb(torch.save, 1, "trace.pt"),
        Bomb(torch.nn.Linear, 1, 1),
        Bomb(open, "trace", "w"),
    ],
)
def test_no_function_of_a_file_is_called(bomb, weights_only, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(pickle.UnpicklingError):
        torch.load(archive(pickle.dumps(bomb, protocol=2)), weights_only=weights_only)
    assert not TRACES
    assert not list(tmp_path.iterdir())


def test_the_sentence_for_an_unknown_class():
    with pytest.raises(pickle.UnpicklingError) as caught:
        torch.load(FILES / "refused.pt")
    text = str(caught.value)
    assert text.startswith("Weights only load failed. This file can still be loaded, to do so you have two options,")
    assert "Unsupported global: GLOBAL datetime.date was not an allowed global by default." in text
    assert "refused.pt" in "".join(caught.value.__notes__)
    assert "never runs code from a file" in "".join(caught.value.__notes__)


def test_blocked_modules_cannot_be_allowed():
    import os

    description = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00true\x85R."
    with (
        torch.serialization.safe_globals([(os.system, "os.system")]),
        pytest.raises(pickle.UnpicklingError, match="whose module os is blocked"),
    ):
        torch.load(archive(description))


def test_safe_globals():
    with torch.serialization.safe_globals([datetime.date]):
        assert torch.serialization.get_safe_globals() == [datetime.date]
        assert torch.load(FILES / "refused.pt") == {"date": datetime.date(2024, 6, 7)}
    assert torch.serialization.get_safe_globals() == []
    torch.serialization.add_safe_globals([Fraction])
    torch.serialization.clear_safe_globals()
    assert torch.serialization.get_safe_globals() == []
    with pytest.raises(ValueError, match="Expected tuple of length 2"):
        torch.serialization.add_safe_globals([(Fraction,)])
    with pytest.raises(TypeError, match="Expected second item in tuple to be str"):
        torch.serialization.add_safe_globals([(Fraction, 1)])


def test_attributes_of_tables_and_classes_cannot_be_set():
    """BUILD on a class or a function would change it for the whole program."""
    for target in (b"ctorch\nSize\n", b"ctorch.nn.parameter\nParameter\n", b"ctorch._utils\n_rebuild_tensor_v2\n"):
        with pytest.raises(pickle.UnpicklingError, match="Can only build"):
            torch.load(archive(b"\x80\x02" + target + b"}X\x01\x00\x00\x00aK\x01sb."))


def test_nothing_is_imported_for_a_file():
    import sys

    sys.modules.pop("colorsys", None)
    description = b"\x80\x02ccolorsys\nrgb_to_hls\n."
    with pytest.raises(pickle.UnpicklingError):
        torch.load(archive(description), weights_only=False)
    assert "colorsys" not in sys.modules


@pytest.mark.parametrize(
    ("offset", "size", "stride"),
    [
        (0, (5,), (1,)),
        (3, (2,), (1,)),
        (0, (2, 2), (4, 1)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (2,), ()),
        (0, (-1,), (1,)),
        (2**63, (1,), (1,)),
        (0, (2,), (2**62,)),
    ],
)
def test_no_tensor_reaches_outside_of_its_storage(offset, size, stride):
    class Storage:
        pass

    class Writer(pickle._Pickler):
        def persistent_id(self, obj):
            return ("storage", Name("torch", "FloatStorage"), "0", "cpu", 4) if isinstance(obj, Storage) else None

        def reducer_override(self, obj):
            return obj.call if isinstance(obj, Bomb) else NotImplemented

        def save_name(self, obj):
            self.write(f"c{obj.module}\n{obj.name}\n".encode())

    class Name:
        def __init__(self, module, name):
            self.module, self.name = module, name

        def __call__(self):
            pass

    Writer.dispatch = {**pickle._Pickler.dispatch, Name: Writer.save_name}
    file = io.BytesIO()
    rebuild = Name("torch._utils", "_rebuild_tensor_v2")
    Writer(file, 2).dump(Bomb(rebuild, Storage(), offset, size, stride, False, {}))
    with pytest.raises(pickle.UnpicklingError, match=r"reaches to element|makes no sense"):
        torch.load(archive(file.getvalue(), b"\0" * 16))


ACCEPTED = (RuntimeError, pickle.UnpicklingError, EOFError)


@pytest.mark.parametrize("name", ["tensors.pt", "legacy.pt", "plain.pt", "training.pt"])
def test_a_file_that_is_cut_off(name, tmp_path):
    raw = (FILES / name).read_bytes()
    path = tmp_path / "cut.pt"
    generator = random.Random(0)
    for length in [0, 1, 4, 30, 100, len(raw) - 1, *(generator.randrange(len(raw)) for _ in range(40))]:
        path.write_bytes(raw[:length])
        with pytest.raises(ACCEPTED) as caught:
            torch.load(path)
        notes = "".join(caught.value.__notes__)
        assert "cut.pt" in notes
        assert "download or save it again" in notes


@pytest.mark.parametrize("name", ["tensors.pt", "legacy.pt", "plain.pt", "training.pt", "model.pt"])
def test_flipped_bits(name):
    """A changed byte is an error, or lies where it means nothing; never a crash, never another kind of exception."""
    raw = bytearray((FILES / name).read_bytes())
    generator = random.Random(1)
    refused = noted = 0
    for _ in range(150):
        at, bit = generator.randrange(len(raw)), 1 << generator.randrange(8)
        raw[at] ^= bit
        try:
            torch.load(io.BytesIO(bytes(raw)), weights_only=name != "model.pt")
        except ACCEPTED as error:
            noted += bool(error.__notes__)
            refused += 1
        finally:
            raw[at] ^= bit
    assert noted == refused > 20


def test_a_changed_weight_is_noticed():
    raw = bytearray((FILES / "tensors.pt").read_bytes())
    at = raw.index(torch.arange(12.0).numpy().tobytes())
    raw[at + 6] ^= 1
    with pytest.raises(RuntimeError, match="failed reading file data/0: file read failed"):
        torch.load(io.BytesIO(bytes(raw)))


def test_random_bytes():
    generator = random.Random(2)
    warnings.simplefilter("ignore")
    for length in range(1, 200):
        data = bytes(generator.randrange(256) for _ in range(length))
        with pytest.raises(ACCEPTED):
            torch.load(io.BytesIO(data))


def test_random_programs():
    """Instructions of the little machine in random order: it may refuse, it may not stumble otherwise."""
    codes = b"N\x88\x89KMJGXU)]}\x8f(t\x85\x86\x87aesucR\x81bQqrhj0."
    generator = random.Random(3)
    for _ in range(500):
        program = b"\x80\x02" + bytes(generator.choice(codes) for _ in range(20)) + b"ctorch\nSize\n" + b"."
        try:
            torch.load(archive(program))
        except ACCEPTED:
            continue


def test_other_zip_files_are_no_checkpoints():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        other.writestr("photo.txt", "hello")
    file.seek(0)
    with pytest.raises(RuntimeError, match=r"failed locating file data.pkl: file not found"):
        torch.load(file)
    file = io.BytesIO()
    zipfile.ZipFile(file, "w").close()
    with pytest.raises(ACCEPTED):
        torch.load(io.BytesIO(file.getvalue()))


def test_missing_storage():
    whole = io.BytesIO()
    torch.save(torch.ones(3), whole)
    with zipfile.ZipFile(whole) as source:
        description = source.read("archive/data.pkl")
    with pytest.raises(RuntimeError, match="failed locating file data/0: file not found"):
        torch.load(archive(description))
