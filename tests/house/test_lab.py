"""`pytorch-tutor lab` as a learner runs it: a real JupyterLab, on localhost, behind its token, on the first lesson."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from pytorch_tutor_lessons import lab, paths, websocket

START_SECONDS = 60


@pytest.fixture
def running(tmp_path):
    """The command in a subprocess, with a home of its own; gives the URL that it printed and its log so far."""
    home, lessons, log = tmp_path / "home", tmp_path / "lessons", tmp_path / "log"
    home.mkdir()
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("JUPYTER", "IPYTHON"))}
    environment |= {"HOME": str(home), "USERPROFILE": str(home), lab.FOLDER_VARIABLE: str(lessons), "LANG": "C.UTF-8"}
    environment.pop("LC_ALL", None)
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "pytorch_tutor", "lab", "--no-browser", "--port", str(free_port())],
            env=environment,
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = None
        end = time.monotonic() + START_SECONDS
        while url is None and time.monotonic() < end and process.poll() is None:
            time.sleep(0.1)
            url = re.search(r"http://127\.0\.0\.1:\d+/\S*token=\w+", log.read_text(errors="replace"))
        assert url, log.read_text(errors="replace")
        yield url.group(), lessons, log, process
    finally:
        process.terminate()
        process.wait(20)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def status(url, token=None):
    headers = {"Authorization": f"token {token}"} if token else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def wait_until_it_listens(base):
    """The address is printed a moment before anybody listens there."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            return status(f"{base}/api/contents")
        except urllib.error.URLError:
            time.sleep(0.1)
    raise AssertionError(f"nobody listens at {base}")


def test_a_real_jupyterlab_on_localhost_behind_its_token(running):
    url, lessons, log, process = running
    base, token = re.match(r"(http://[^/]+).*token=(\w+)", url).groups()
    first = paths.lessons("en")[0].name
    assert f"/lab/tree/en/{first}?" in url
    assert (lessons / "en" / first).read_bytes() == (paths.notebooks("en") / first).read_bytes()
    assert f"Your lessons are in {lessons}" in log.read_text()

    assert wait_until_it_listens(base) == 403
    assert status(f"{base}/api/contents", "wrong") == 403
    assert status(f"{base}/api/contents/en/{first}", token) == 200
    assert status(f"{base}/lab/tree/en/{first}", token) == 200
    if Path("/proc/net/tcp").exists():
        port = int(base.rpartition(":")[2])
        assert listening_addresses(port) == {"127.0.0.1"}

    process.send_signal(signal.SIGTERM)
    assert process.wait(20) is not None


def listening_addresses(port):
    """The addresses on which anybody listens at this port, by the kernel's own table."""
    addresses = set()
    for table, family in (("/proc/net/tcp", socket.AF_INET), ("/proc/net/tcp6", socket.AF_INET6)):
        for line in Path(table).read_text().splitlines()[1:] if Path(table).exists() else []:
            _, local, _, state = line.split()[:4]
            address, _, number = local.partition(":")
            if state == "0A" and int(number, 16) == port:
                raw = b"".join(bytes.fromhex(address[i : i + 8])[::-1] for i in range(0, len(address), 8))
                addresses.add(socket.inet_ntop(family, raw))
    return addresses


def test_the_command_line():
    command = lab.jupyter_command(Path("lessons"), "zh/01.ipynb", 9000, open_browser=True, rest=["--debug"])
    assert command[1:3] == ["-m", "jupyterlab"]
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--LabApp.default_url=/lab/tree/zh/01.ipynb" in command
    assert "--ServerApp.port=9000" in command
    assert "--no-browser" not in command
    assert command[-1] == "--debug"
    assert "token" not in " ".join(command)  # Jupyter makes its own, a new one each time
    assert "--no-browser" in lab.jupyter_command(Path("lessons"), None, None, open_browser=False)


def test_options(monkeypatch, tmp_path):
    monkeypatch.setenv(lab.FOLDER_VARIABLE, str(tmp_path))
    options, rest = lab.parser().parse_known_args(["--lang", "zh", "--no-browser", "--ServerApp.open_browser=False"])
    assert (options.lang, options.dir, options.port, options.no_browser) == ("zh", tmp_path, None, True)
    assert rest == ["--ServerApp.open_browser=False"]
    monkeypatch.delenv(lab.FOLDER_VARIABLE)
    assert lab.parser().parse_args([]).dir == Path("~/pytorch-tutor-lessons")


@pytest.mark.parametrize(
    ("environment", "platform", "expected"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "darwin", True),
        ({}, "win32", True),
    ],
)
def test_whether_there_is_a_display(environment, platform, expected):
    assert lab.has_display(environment, platform) is expected


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "", "LC_MESSAGES": "zh_CN"}, "zh"),
    ],
)
def test_the_language_is_the_systems(monkeypatch, variables, expected):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert paths.language() == expected


def test_an_unknown_language_is_named():
    with pytest.raises(ValueError, match="must be one of en, zh, not 'fr'"):
        paths.notebooks("fr")


def test_a_folder_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "file").touch()
    assert lab.main(["--dir", str(tmp_path / "file" / "lessons")]) == 1
    message = capsys.readouterr().err
    assert "cannot be copied" in message
    assert "--dir" in message


def test_both_languages_have_lessons_of_the_same_names():
    names = [[path.name for path in paths.lessons(language)] for language in paths.LANGUAGES]
    assert names[0]
    assert names[0] == names[1]


def test_small_messages_are_sent_at_once(monkeypatch):
    calls = []

    class Handler:
        def set_nodelay(self, value):
            calls.append(value)

    base = websocket.ZMQChannelsWebsocketConnection
    monkeypatch.setattr(base, "connect", lambda self: "connected")
    monkeypatch.setattr(base, "websocket_handler", Handler())
    connection = websocket.PromptConnection.__new__(websocket.PromptConnection)
    assert connection.connect() == "connected"
    assert calls == [True]


def test_our_settings_are_ones_that_jupyterlab_knows(tmp_path):
    """The news question does not come up: asked of JupyterLab's own settings, with our defaults in front."""
    program = """
from jupyterlab.labapp import LabApp
from jupyterlab_server.settings_utils import get_settings
app = LabApp.initialize_server(argv=["--no-browser", "--allow-root"])
lab = app.extension_manager.extension_apps["jupyterlab"].pop()
settings, _ = get_settings(lab.app_settings_dir, lab.schemas_dir, "", labextensions_path=lab.labextensions_path,
                           schema_name="@jupyterlab/apputils-extension:notification", overrides=None)
print("fetchNews", settings["schema"]["properties"]["fetchNews"]["default"])
print("connection", app.kernel_websocket_connection_class.__name__)
"""
    environment = lab.jupyter_environment({**os.environ, "HOME": str(tmp_path), "USERPROFILE": str(tmp_path)})
    result = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert "connection PromptConnection" in result.stdout, result.stderr
    assert "fetchNews false" in result.stdout, result.stdout + result.stderr
