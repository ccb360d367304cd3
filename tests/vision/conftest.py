"""Tiny data files and a local web server, so that the tests of pictures need no network."""

from __future__ import annotations

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from pytorch_tutor.vision.datasets import cifar_format, idx_format


@pytest.fixture
def cifar_files(tmp_path: Path) -> Path:
    """A root with CIFAR-10's seven files, four pictures in each batch."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    random = np.random.RandomState(7)
    for name in (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch"):
        pictures = random.randint(0, 256, (4, 3072), dtype=np.uint8)
        cifar_format.write_batch(folder / name, pictures, [3, 0, 9, 5], name)
    names = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]
    cifar_format.write_meta(folder / "batches.meta", names, 4, "a test")
    return tmp_path


@pytest.fixture
def mnist_files(tmp_path: Path) -> Path:
    """A root with MNIST's four files, unpacked, six training and two test pictures."""
    folder = tmp_path / "MNIST" / "raw"
    folder.mkdir(parents=True)
    random = np.random.RandomState(7)
    for split, count in (("train", 6), ("t10k", 2)):
        pictures = random.randint(0, 256, (count, 28, 28), dtype=np.uint8)
        idx_format.write_idx(folder / f"{split}-images-idx3-ubyte", pictures)
        idx_format.write_idx(folder / f"{split}-labels-idx1-ubyte", np.arange(count, dtype=np.uint8))
    return tmp_path


class Handler(http.server.BaseHTTPRequestHandler):
    """Serves files from memory, with ranges; can break off, and writes down what was asked."""

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, body: bool) -> None:
        server: Server = self.server  # type: ignore[assignment]
        server.asked.append((self.command, self.path, self.headers.get("Range")))
        content = server.files.get(self.path.lstrip("/"))
        if content is None:
            self.send_error(404)
            return
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start = int(found[1]) if found and server.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if body:
            stop = server.break_after.pop(0) if server.break_after else None
            self.wfile.write(content[start:] if stop is None else content[start : start + stop])

    def log_message(self, *_: object) -> None:
        pass


class Server(http.server.ThreadingHTTPServer):
    """``break_after``: for each coming request, after how many bytes the connection breaks off (None: not at all)."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        self.break_after: list[int | None] = []
        self.ranges = True

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    running = Server()
    thread = threading.Thread(target=functools.partial(running.serve_forever, poll_interval=0.01), daemon=True)
    thread.start()
    yield running
    running.shutdown()
    running.server_close()
    thread.join()
