"""Event files: every record has the checksums that TensorBoard asks for, and holds what was written."""

import struct

import numpy as np
import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.utils.tensorboard import SummaryWriter
from pytorch_tutor.utils.tensorboard.wire import masked


def records(path):
    data, place = path.read_bytes(), 0
    while place < len(data):
        length = data[place : place + 8]
        assert data[place + 8 : place + 12] == masked(length)
        (size,) = struct.unpack("<Q", length)
        body = data[place + 12 : place + 12 + size]
        assert data[place + 12 + size : place + 16 + size] == masked(body)
        yield body
        place += 16 + size


def fields(data):
    """(number, value) of each field of a protocol buffer."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(key & 7) or varint()
        yield key >> 3, data[place : place + size]
        place += size


def test_numbers(tmp_path):
    with SummaryWriter(tmp_path) as writer:
        writer.add_scalar("loss", torch.tensor(2.5), 3)
        writer.add_scalars("both", {"train": 1.0, "test": 2.0}, 1)
    (file,) = tmp_path.glob("events.out.tfevents.*")
    first, second = records(file)
    assert dict(fields(first))[3] == b"brain.Event:2"
    event = dict(fields(second))
    value = dict(fields(dict(fields(event[5]))[1]))
    assert (event[2], value[1], struct.unpack("<f", value[2])) == (3, b"loss", (2.5,))
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_dir()) == ["both_test", "both_train"]


def test_histograms_count_everything(tmp_path):
    with SummaryWriter(tmp_path) as writer:
        writer.add_histogram("h", torch.randn(1000), 0)
    (file,) = tmp_path.glob("events*")
    event = dict(fields(list(records(file))[1]))
    histogram = dict(fields(dict(fields(dict(fields(event[5]))[1]))[5]))
    limits, counts = np.frombuffer(histogram[6]), np.frombuffer(histogram[7])
    assert struct.unpack("<d", histogram[3]) == (1000.0,)
    assert (len(limits), counts.sum()) == (len(counts), 1000.0)
    with pytest.raises(ValueError, match="The input has no element"):
        SummaryWriter(tmp_path).add_histogram("h", torch.zeros(0))


def test_pictures_texts_graphs_points(tmp_path):
    model = nn.Sequential(nn.Linear(2, 3), nn.ReLU())
    with SummaryWriter(tmp_path) as writer:
        writer.add_image("one", torch.rand(3, 4, 5))
        writer.add_images("many", torch.rand(5, 3, 4, 5))
        writer.add_text("note", "**bold**")
        writer.add_graph(model, torch.rand(1, 2))
        writer.add_embedding(torch.rand(2, 3), metadata=["a", "b"])
        with pytest.raises(AssertionError, match="size of input tensor and input format are different"):
            writer.add_image("one", torch.rand(4, 5))
        writer.add_hparams({"lr": 0.1}, {"accuracy": 0.5}, run_name="run")
    (file,) = tmp_path.glob("events*")
    bodies = list(records(file))
    assert sum(b"\x89PNG" in body for body in bodies) == 2
    assert any(b"**bold**" in body for body in bodies)
    (graph,) = [body for body in bodies if b"Addmm" in body]
    assert b"parameters/0/weight" in graph
    assert (tmp_path / "00000" / "default" / "metadata.tsv").read_text() == "a\nb\n"
    assert list((tmp_path / "run").glob("events*"))


def test_figures(tmp_path):
    figures = pytest.importorskip("matplotlib.figure", reason="figures need matplotlib")
    figure = figures.Figure()
    figure.add_subplot().plot([1, 2])
    with SummaryWriter(tmp_path) as writer:
        writer.add_figure("curve", figure)
    (file,) = tmp_path.glob("events*")
    assert any(b"\x89PNG" in body for body in records(file))


def inside(body, *path):
    """The first value at the end of a path of fields."""
    for field in path:
        body = dict(reversed(list(fields(body))))[field]
    return body


def test_curves_of_precision_and_recall(tmp_path):
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_pr_curve("pr", torch.tensor([1, 0, 1]), torch.tensor([0.9, 0.1, 0.6]), 3, num_thresholds=5)
        counts = [torch.tensor(row) for row in ([2, 1], [1, 0], [0, 1], [0, 1], [0.5, 1.0], [1.0, 0.5])]
        writer.add_pr_curve_raw("raw", *counts, global_step=4)
    first, second = (inside(body, 5, 1) for body in list(records(next(tmp_path.iterdir())))[1:])
    assert inside(first, 1) == b"pr"
    assert inside(first, 9, 1, 1) == b"pr_curves"
    assert inside(first, 9, 1, 2) == b"\x10\x05"  # five thresholds
    table = np.frombuffer(inside(first, 8, 5), "<f4").reshape(6, 5)
    assert table[:4].tolist() == [[2, 2, 2, 1, 0], [1, 0, 0, 0, 0], [0, 1, 1, 1, 1], [0, 0, 0, 1, 2]]
    assert table[4:].tolist() == [[np.float32(2 / 3), 1, 1, 1, 0], [1, 1, 1, 0.5, 0]]
    assert np.frombuffer(inside(second, 8, 5), "<f4").tolist()[-2:] == [1.0, 0.5]


def test_scalars_drawn_together(tmp_path):
    layout = {"c": {"x": ["Multiline", ["a", "b"]], "y": ["Margin", ["a", "b", "c"]]}}
    with SummaryWriter(str(tmp_path)) as writer:
        writer.add_custom_scalars(layout)
        writer.add_custom_scalars_multilinechart(["a"], "c", "x")
        with pytest.raises(AssertionError, match=r"^Expected 3 tags, got 2\."):
            writer.add_custom_scalars_marginchart(["a", "b"])
    first = inside(list(records(next(tmp_path.iterdir())))[1], 5, 1)
    assert inside(first, 1) == b"custom_scalars__config__"
    assert (
        inside(first, 8, 8)
        == b'\x12"\n\x01c\x12\x0b\n\x01x\x12\x06\n\x01a\n\x01b\x12\x10\n\x01y\x1a\x0b\n\t\n\x01a\x12\x01b\x1a\x01c'
    )
