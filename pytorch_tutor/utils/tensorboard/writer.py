"""SummaryWriter: keeps numbers, histograms, pictures, texts and graphs of a training, to be seen in TensorBoard."""

from __future__ import annotations

import datetime
import io
import os
import socket
import time
from pathlib import Path
from typing import Any

import numpy as np

from pytorch_tutor.autograd import no_grad
from pytorch_tutor.graph.observers import observe
from pytorch_tutor.tensor import Tensor

from . import events


def _array(value: Any) -> np.ndarray:
    if isinstance(value, Tensor):
        return np.asarray(value.detach().cpu().float().numpy() if value.is_floating_point() else value.cpu().numpy())
    return np.asarray(value)


def _number(value: Any) -> float:
    array = _array(value).squeeze()
    if array.ndim:
        raise AssertionError("scalar should be 0D")
    return float(array)


def _edges() -> np.ndarray:
    """TensorBoard's own bins: each a tenth wider than the last, to both sides of zero."""
    steps = [1e-12]
    while steps[-1] * 1.1 < 1e20:
        steps.append(steps[-1] * 1.1)
    return np.array([-step for step in reversed(steps)] + [0.0] + steps)


def _pixels(picture: Any, dataformats: str) -> np.ndarray:
    """A picture, or several side by side, as bytes (H, W, C); floats from 0 to 1 become 0 to 255."""
    array = _array(picture)
    letters = dataformats.upper()
    if len(letters) != array.ndim:
        raise AssertionError(
            f"size of input tensor and input format are different. tensor shape: {array.shape}, "
            f"input_format: {dataformats}"
        )
    scaled = array if array.dtype == np.uint8 else np.clip(array * 255, 0, 255)
    if "N" in letters:
        batch = scaled.transpose([letters.index(letter) for letter in "NHWC"])
        columns = int(np.ceil(np.sqrt(len(batch))))
        rows = -(-len(batch) // columns)
        height, width, colours = batch.shape[1:]
        whole = np.zeros((rows * height, columns * width, colours), scaled.dtype)
        for i, one in enumerate(batch):
            top, left = i // columns * height, i % columns * width
            whole[top : top + height, left : left + width] = one
        scaled = whole
    elif "C" in letters:
        scaled = scaled.transpose([letters.index(letter) for letter in "HWC"])
    else:
        scaled = scaled.transpose([letters.index(letter) for letter in "HW"])[..., None]
    return np.ascontiguousarray(scaled.astype(np.uint8))


class SummaryWriter:
    """Writes event files into ``log_dir`` (by default ``runs/`` with the date and the computer's name).

    The files are TensorBoard's own format, written without the package `tensorboard`: that is needed only to look at
    them (``pip install tensorboard``, then ``tensorboard --logdir runs``).

    >>> import tempfile, pytorch_tutor as torch
    >>> from pytorch_tutor.utils.tensorboard import SummaryWriter
    >>> folder = tempfile.mkdtemp()
    >>> with SummaryWriter(folder) as writer:
    ...     for step in range(3):
    ...         writer.add_scalar("loss", 1 / (step + 1), step)
    """

    def __init__(
        self,
        log_dir: Any = None,
        comment: str = "",
        purge_step: int | None = None,
        max_queue: int = 10,
        flush_secs: int = 120,
        filename_suffix: str = "",
    ) -> None:
        if not log_dir:
            now = datetime.datetime.now().strftime("%b%d_%H-%M-%S")  # noqa: DTZ005 - the learner's own clock
            log_dir = str(Path("runs") / f"{now}_{socket.gethostname()}{comment}")
        self.log_dir = os.fspath(log_dir)
        self.filename_suffix = filename_suffix
        self.flush_secs, self._flushed = flush_secs, time.monotonic()
        self._files: dict[str, events.EventFile] = {self.log_dir: events.EventFile(self.log_dir, filename_suffix)}

    def get_logdir(self) -> str:
        """The folder."""
        return self.log_dir

    def _add(self, summary: bytes, step: Any, walltime: Any, field: int = 5) -> None:
        self._files[self.log_dir].add(summary, step, walltime, field)
        if time.monotonic() - self._flushed > self.flush_secs:
            self.flush()

    def add_scalar(
        self, tag: str, scalar_value: Any, global_step: Any = None, walltime: Any = None, new_style: bool = False,
        double_precision: bool = False,
    ) -> None:  # fmt: skip
        """Keeps one number."""
        self._add(events.scalar(tag, _number(scalar_value), new_style), global_step, walltime)

    def add_scalars(self, main_tag: str, tag_scalar_dict: Any, global_step: Any = None, walltime: Any = None) -> None:
        """Keeps several numbers that are to be seen in one picture, each in a folder of its own."""
        for tag, value in tag_scalar_dict.items():
            folder = str(Path(self.log_dir) / f"{main_tag.replace('/', '_')}_{tag}")
            if folder not in self._files:
                self._files[folder] = events.EventFile(folder, self.filename_suffix)
            self._files[folder].add(events.scalar(main_tag, _number(value)), global_step, walltime)

    def add_histogram(
        self, tag: str, values: Any, global_step: Any = None, bins: Any = "tensorflow", walltime: Any = None,
        max_bins: int | None = None,
    ) -> None:  # fmt: skip
        """Keeps how many values lie where."""
        array = _array(values).reshape(-1)
        if not array.size:
            raise ValueError("The input has no element.")
        self._add(events.histogram(tag, array, _edges() if bins == "tensorflow" else bins), global_step, walltime)

    def add_image(
        self, tag: str, img_tensor: Any, global_step: Any = None, walltime: Any = None, dataformats: str = "CHW"
    ) -> None:
        """Keeps a picture: bytes, or floats from 0 to 1."""
        self._add(events.image(tag, _pixels(img_tensor, dataformats)), global_step, walltime)

    def add_images(
        self, tag: str, img_tensor: Any, global_step: Any = None, walltime: Any = None, dataformats: str = "NCHW"
    ) -> None:
        """Keeps several pictures, as one."""
        self.add_image(tag, img_tensor, global_step, walltime, dataformats)

    def add_figure(
        self, tag: str, figure: Any, global_step: Any = None, close: bool = True, walltime: Any = None
    ) -> None:
        """Keeps a figure of matplotlib, or a list of them."""
        for one in figure if isinstance(figure, list) else [figure]:
            file = io.BytesIO()
            one.savefig(file, format="rgba", dpi=one.dpi)
            width, height = one.canvas.get_width_height()
            pixels = np.frombuffer(file.getvalue(), np.uint8).reshape(height, width, 4)
            self._add(events.image(tag, np.ascontiguousarray(pixels[..., :3])), global_step, walltime)
            if close:
                one.clear()

    def add_text(self, tag: str, text_string: str, global_step: Any = None, walltime: Any = None) -> None:
        """Keeps a text, which TensorBoard shows as Markdown."""
        self._add(events.text(tag, text_string), global_step, walltime)

    def add_graph(
        self, model: Any, input_to_model: Any = None, verbose: bool = False, use_strict_trace: bool = True
    ) -> None:
        """Keeps the operations that the model carries out on an input."""
        inputs = input_to_model if isinstance(input_to_model, (list, tuple)) else (input_to_model,)
        self._add(events.graph(_traced(model, inputs)), None, None, field=4)

    def add_hparams(
        self, hparam_dict: Any, metric_dict: Any, hparam_domain_discrete: Any = None, run_name: str | None = None,
        global_step: Any = None,
    ) -> None:  # fmt: skip
        """Keeps settings as a text and results as numbers, in a folder of their own."""
        if not isinstance(hparam_dict, dict) or not isinstance(metric_dict, dict):
            raise TypeError("hparam_dict and metric_dict should be dictionary.")
        with SummaryWriter(str(Path(self.log_dir) / (run_name or str(time.time())))) as writer:
            rows = "\n".join(f"|{name}|{value}|" for name, value in hparam_dict.items())
            writer.add_text("hparams", "|name|value|\n|-|-|\n" + rows, global_step)
            for name, value in metric_dict.items():
                writer.add_scalar(name, value, global_step)

    def add_embedding(
        self, mat: Any, metadata: Any = None, label_img: Any = None, global_step: Any = None, tag: str = "default",
        metadata_header: Any = None,
    ) -> None:  # fmt: skip
        """Keeps points with labels for TensorBoard's projector, as tables; pictures of the points are left out."""
        array = _array(mat)
        if array.ndim != 2:
            raise AssertionError("mat should be 2D, where mat.size(0) is the number of data points")
        place = f"{0 if global_step is None else global_step:05d}/{tag}"
        folder = Path(self.log_dir) / place
        folder.mkdir(parents=True, exist_ok=True)
        lines = ["\t".join(map(str, row)) + "\n" for row in array.tolist()]
        (folder / "tensors.tsv").write_text("".join(lines), encoding="utf-8")
        entry = f'embeddings {{\ntensor_name: "{tag}:{place[:5]}"\ntensor_path: "{place}/tensors.tsv"\n'
        if metadata is not None:
            if len(metadata) != len(array):
                raise AssertionError("#labels should equal with #data points")
            rows = [[str(x) for x in row] if isinstance(row, (list, tuple)) else [str(row)] for row in metadata]
            rows = [list(metadata_header), *rows] if metadata_header else rows
            (folder / "metadata.tsv").write_text("".join("\t".join(r) + "\n" for r in rows), encoding="utf-8")
            entry += f'metadata_path: "{place}/metadata.tsv"\n'
        with (Path(self.log_dir) / "projector_config.pbtxt").open("a", encoding="utf-8") as config:
            config.write(entry + "}\n")

    def add_pr_curve(
        self, tag: str, labels: Any, predictions: Any, global_step: Any = None, num_thresholds: int = 127,
        weights: Any = None, walltime: Any = None,
    ) -> None:  # fmt: skip
        """Keeps how precision and recall depend on the threshold above which a prediction (0 to 1) counts as yes."""
        thresholds = min(num_thresholds, 127)
        right, found = _array(labels).reshape(-1).astype(np.float64), _array(predictions).reshape(-1)
        weight = 1.0 if weights is None else weights
        places = np.floor(found * (thresholds - 1)).astype(np.int32)
        ends = (0, thresholds - 1)
        hits, misses = (
            np.cumsum(np.histogram(places, thresholds, ends, weights=share * weight)[0][::-1])[::-1]
            for share in (right, 1.0 - right)
        )
        left, passed = misses[0] - misses, hits[0] - hits
        precision, recall = (hits / np.maximum(1e-7, hits + other) for other in (misses, passed))
        table = np.stack([hits, misses, left, passed, precision, recall])
        self._add(events.pr_curve(tag, table, thresholds), global_step, walltime)

    def add_pr_curve_raw(
        self, tag: str, true_positive_counts: Any, false_positive_counts: Any, true_negative_counts: Any,
        false_negative_counts: Any, precision: Any, recall: Any, global_step: Any = None, num_thresholds: int = 127,
        weights: Any = None, walltime: Any = None,
    ) -> None:  # fmt: skip
        """Keeps a curve of precision and recall that was counted elsewhere."""
        rows = true_positive_counts, false_positive_counts, true_negative_counts, false_negative_counts
        table = np.stack([_array(row) for row in (*rows, precision, recall)])
        self._add(events.pr_curve(tag, table, min(num_thresholds, 127)), global_step, walltime)

    def add_custom_scalars(self, layout: Any) -> None:
        """Says which scalars are drawn together: ``{category: {chart: ["Multiline", tags]}}``."""
        self._add(events.layout(layout), None, None)

    def add_custom_scalars_multilinechart(self, tags: Any, category: str = "default", title: str = "untitled") -> None:
        """Draws several scalars in one chart."""
        self.add_custom_scalars({category: {title: ["Multiline", tags]}})

    def add_custom_scalars_marginchart(self, tags: Any, category: str = "default", title: str = "untitled") -> None:
        """Draws a scalar between two others: tags of the value, of its lower and of its upper bound."""
        if len(tags) != 3:
            raise AssertionError(f"Expected 3 tags, got {len(tags)}.")
        self.add_custom_scalars({category: {title: ["Margin", tags]}})

    def flush(self) -> None:
        """Sees to it that everything is on the disk."""
        self._flushed = time.monotonic()
        for file in self._files.values():
            file.flush()

    def close(self) -> None:
        """Ends the files."""
        for file in self._files.values():
            file.close()

    def __enter__(self) -> SummaryWriter:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _traced(model: Any, inputs: Any) -> list[tuple[str, str, list[str], tuple[int, ...]]]:
    """The operations of one run: name, kind, names of the inputs, shape of the result."""
    names: dict[int, str] = {}
    held: list[Any] = []  # as long as tensors live, no two have one id
    nodes: list[tuple[str, str, list[str], tuple[int, ...]]] = []

    def give(tensor: Any, name: str, op: str, sources: list[str]) -> None:
        held.append(tensor)
        names[id(tensor)] = name
        nodes.append((name, op, sources, tuple(tensor.shape)))

    def called(node: Any, arguments: Any, result: Any) -> None:
        sources = []
        for argument in arguments:
            if isinstance(argument, Tensor):
                if id(argument) not in names:
                    give(argument, f"constant_{len(nodes)}", "Constant", [])
                sources.append(names[id(argument)])
        for one in result if isinstance(result, tuple) else (result,):
            give(one, f"{type(node).__name__}_{len(nodes)}", type(node).__name__, sources)

    for i, one in enumerate(inputs):
        give(one, f"input/{i}", "IO Node", [])
    for name, parameter in model.named_parameters():
        give(parameter, "parameters/" + name.replace(".", "/"), "Parameter", [])
    with no_grad(), observe(op_called=called):
        model(*inputs)
    return nodes


__all__ = ["SummaryWriter"]
