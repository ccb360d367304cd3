"""Saving and loading: what comes back, where it goes, and what happens to the file when something fails."""

import errno
import io
import os
import pickle
import sys
import zipfile
from pathlib import Path
from types import FunctionType

import pytest

import pytorch_tutor as torch


def round_trip(obj, **options):
    file = io.BytesIO()
    torch.save(obj, file)
    file.seek(0)
    return torch.load(file, **options)


def test_layout_of_the_file(tmp_path):
    torch.save({"w": torch.ones(3)}, tmp_path / "model.pt")
    with zipfile.ZipFile(tmp_path / "model.pt") as archive:
        names = archive.namelist()
        assert names == [
            f"model/{member}"
            for member in ("data.pkl", ".format_version", ".storage_alignment", "byteorder", "data/0", "version")
        ]
        assert archive.read("model/version") == b"3\n"
        assert archive.read("model/byteorder") == b"little"
        assert all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist())
    raw = (tmp_path / "model.pt").read_bytes()
    assert raw.index(torch.ones(3).numpy().tobytes()) % 64 == 0


def test_same_object_same_bytes(tmp_path):
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        torch.save({"w": torch.arange(5)}, file)
    assert files[0].getvalue() == files[1].getvalue()


def test_parameters_modules_and_optimizers():
    model = torch.nn.Linear(2, 1)
    state = round_trip(model.state_dict())
    assert list(state) == ["weight", "bias"]
    assert type(state["weight"]) is torch.Tensor
    assert type(round_trip(model.weight)) is torch.nn.Parameter
    assert torch.equal(state["weight"], model.weight)


def test_strides_views_and_storage_of_a_part():
    base = torch.arange(1000.0)
    part = base[10:20:3]
    again = round_trip({"part": part, "same": part, "twice": base.reshape(10, 100).t()[3]})
    assert again["part"].tolist() == [10, 13, 16, 19]
    assert again["part"].stride() == (3,)
    assert again["part"] is again["same"]
    again["part"][1] = -1
    assert base[13].item() == 13
    assert again["twice"].tolist() == list(range(3, 1000, 100))


def test_views_still_share_after_a_second_round():
    base = torch.arange(6.0)
    again = round_trip(round_trip([base, base[2:]]))
    again[0][3] = -1
    assert again[1].tolist() == [2, -1, 4, 5]


def test_memory_shared_with_numpy():
    import numpy as np

    array = np.arange(6.0).reshape(2, 3)
    again = round_trip([torch.from_numpy(array), torch.from_numpy(array[:, ::2])])
    again[0][0, 2] = 50
    assert again[1].tolist() == [[0, 50], [3, 5]]
    assert round_trip(torch.from_numpy(np.asfortranarray(array))).stride() == (1, 2)


def test_results_with_a_graph_are_saved_as_leaves():
    x = torch.ones(2, requires_grad=True) * 3
    again = round_trip(x)
    assert again.is_leaf
    assert again.requires_grad


def test_same_memory_as_different_types_is_refused():
    x = torch.zeros(4)
    with pytest.raises(RuntimeError, match="Cannot save multiple tensors or storages that view the same data"):
        round_trip([x, x.view(torch.int32)])


def test_map_location():
    x = torch.ones(2)
    for where in (
        "cpu",
        torch.device("cpu"),
        {"cuda:0": "cpu"},
        lambda storage, location: storage,
        lambda storage, location: None,
    ):
        assert round_trip(x, map_location=where).device == torch.device("cpu")


@pytest.mark.skipif(torch.cuda.is_available(), reason="a GPU is there")
def test_saved_on_a_gpu_that_is_not_here():
    with pytest.raises(RuntimeError, match="Attempting to deserialize object on a CUDA device but") as caught:
        round_trip(torch.ones(2), map_location="cuda")
    assert 'map_location="cpu"' in "".join(caught.value.__notes__)


def test_paths_and_file_objects(tmp_path):
    for path in (tmp_path / "a.pt", str(tmp_path / "b.pt")):
        torch.save([1], path)
        assert torch.load(path) == [1]
    with (tmp_path / "c.pt").open("wb") as file:
        torch.save([2], file)
    with (tmp_path / "c.pt").open("rb") as file:
        assert torch.load(file) == [2]


def test_a_stream_without_positions():
    class Pipe:
        def __init__(self):
            self.data = b""

        def write(self, data):
            self.data += data

    pipe = Pipe()
    torch.save([3], pipe)
    assert torch.load(io.BytesIO(pipe.data)) == [3]


def test_wrong_arguments():
    with pytest.raises(AttributeError, match="expected 'f' to be string, path, or a file-like object with a 'write'"):
        torch.save([1], 5)
    with pytest.raises(AttributeError, match=r"You can only torch.load from a file that is seekable"):
        torch.load(5)
    with pytest.raises(FileNotFoundError):
        torch.load("no such file.pt")
    with pytest.raises(ValueError, match="f must be a file path in order to use the mmap argument"):
        torch.load(io.BytesIO(), mmap=True)
    with pytest.raises(RuntimeError, match=r"Parent directory .* does not exist."):
        torch.save([1], Path("no") / "such" / "folder" / "x.pt")


# ---------------------------------------------------------------- an old file is never lost


@pytest.fixture
def old(tmp_path):
    path = tmp_path / "model.pt"
    torch.save({"epoch": 1}, path)
    return path


def check_unharmed(old):
    assert torch.load(old) == {"epoch": 1}
    assert [p.name for p in old.parent.iterdir()] == ["model.pt"]


def test_what_cannot_be_saved_costs_nothing(old):
    with pytest.raises((pickle.PicklingError, AttributeError), match="lambda"):
        torch.save({"f": lambda: 1, "w": torch.ones(5)}, old)
    check_unharmed(old)


def test_disk_full_while_writing(old, monkeypatch):
    real = zipfile.ZipFile.writestr

    def writestr(self, info, data, *rest):
        if "data/0" in info.filename:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(self, info, data, *rest)

    monkeypatch.setattr(zipfile.ZipFile, "writestr", writestr)
    with pytest.raises(OSError, match="No space left on device") as caught:
        torch.save({"w": torch.ones(5)}, old)
    assert "the old file is unchanged" in "".join(caught.value.__notes__)
    monkeypatch.undo()
    check_unharmed(old)


def test_disk_full_at_the_last_moment(old, monkeypatch):
    def fsync(number):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="No space left on device"):
        torch.save({"w": torch.ones(5)}, old)
    monkeypatch.undo()
    check_unharmed(old)


def test_interrupt_while_writing(old, monkeypatch):
    def writestr(self, info, data, *rest):
        raise KeyboardInterrupt

    monkeypatch.setattr(zipfile.ZipFile, "writestr", writestr)
    with pytest.raises(KeyboardInterrupt):
        torch.save({"w": torch.ones(5)}, old)
    monkeypatch.undo()
    check_unharmed(old)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
def test_a_real_full_device():
    with pytest.raises(OSError, match="No space left on device"):
        torch.save({"w": torch.ones(5)}, "/dev/full")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="needs a user who may not write everywhere")
def test_folder_without_permission(old):
    old.parent.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            torch.save({"epoch": 2}, old)
    finally:
        old.parent.chmod(0o700)
    check_unharmed(old)


@pytest.mark.skipif(sys.platform == "win32", reason="links and permissions are POSIX")
def test_links_and_permissions_stay(old, tmp_path):
    link = tmp_path / "latest.pt"
    link.symlink_to(old)
    old.chmod(0o640)
    torch.save({"epoch": 2}, link)
    assert link.is_symlink()
    assert torch.load(old) == {"epoch": 2}
    assert old.stat().st_mode & 0o777 == 0o640


def test_a_folder_in_the_way(tmp_path):
    with pytest.raises(IsADirectoryError):
        torch.save([1], tmp_path)


def test_safetensors(tmp_path):
    from pytorch_tutor.serialization.safetensors import load_file, save_file

    tensors = {"b": torch.ones(2).bfloat16() * 1.5, "a": torch.arange(6).reshape(2, 3).t(), "é": torch.tensor(True)}
    path = tmp_path / "x.safetensors"
    save_file(tensors, path, {"made": "here"})
    for again in (load_file(path), torch.load(path)):
        assert sorted(again) == ["a", "b", "é"]
        assert again["b"].dtype is torch.bfloat16
        assert all(torch.equal(again[name], tensors[name]) for name in tensors)
    raw = path.read_bytes()
    for cut in (0, 4, 12, len(raw) - 1):
        path.write_bytes(raw[:cut])
        with pytest.raises(RuntimeError, match="Error while deserializing header"):
            load_file(path)
    with pytest.raises(ValueError, match=r"expected torch.Tensor but received <class 'int'>"):
        save_file({"a": 1}, path)


def test_safetensors_of_its_own_library(tmp_path):
    library = pytest.importorskip("safetensors.numpy", reason="the safetensors library is not installed")
    from pytorch_tutor.serialization.safetensors import load_file, save_file

    save_file({"w": torch.arange(6.0).reshape(2, 3)}, tmp_path / "x.safetensors")
    assert library.load_file(tmp_path / "x.safetensors")["w"].tolist() == [[0, 1, 2], [3, 4, 5]]
    library.save_file({"w": torch.ones(2).numpy()}, tmp_path / "y.safetensors")
    assert load_file(tmp_path / "y.safetensors")["w"].tolist() == [1, 1]


def test_every_public_function_is_found_by_its_name():
    spaces = [torch, torch.nn.functional, torch.nn.init]
    functions = [value for space in spaces for value in vars(space).values() if isinstance(value, FunctionType)]
    assert len(functions) > 700
    for function in functions:
        assert pickle.loads(pickle.dumps(function)) is function, function


def test_a_whole_model_that_holds_functions(tmp_path):
    layer = torch.nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0)
    torch.save(layer, tmp_path / "layer.pt")
    again = torch.load(tmp_path / "layer.pt", weights_only=False)
    x = torch.randn(3, 2, 4)
    assert again.activation is torch.nn.functional.relu
    assert torch.equal(again(x), layer(x))
