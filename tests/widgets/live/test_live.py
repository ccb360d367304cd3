"""Messages are heard early, once each, and left where they are; foreign and forged ones are not heard."""

import queue

from jupyter_client.session import Session

from pytorch_tutor_widgets.live import Ear, KernelQueue
from pytorch_tutor_widgets.live_budget import Budget


class Comm:
    """A comm of ipykernel 7.4: it is asked on the kernel's receiving thread where a message shall go."""

    comm_id = "ours"

    def _reply_subshell_for(self, data, default):
        return ("routed", default)


def custom(**content):
    return {"method": "custom", "content": content}


def test_the_comm_still_routes_and_the_ear_hears():
    heard = []
    comm = Comm()
    ear = Ear(heard.append)
    ear.attach(comm)
    assert comm._reply_subshell_for(custom(action="stop", id="1"), "sub") == ("routed", "sub")
    ear.receive({"action": "stop", "id": "1"})  # the same message, in its turn
    assert heard == [{"action": "stop", "id": "1"}]


def test_nothing_strange_disturbs_the_kernel():
    heard = []
    comm = Comm()
    Ear(heard.append).attach(comm)
    for data in (None, [], {"method": "update"}, custom(), {"method": "custom"}, {"method": "custom", "content": 3}):
        assert comm._reply_subshell_for(data, None) == ("routed", None)
    assert heard == []


class OldKernel:
    """As much of an ipykernel 6 as matters: one thread, a socket, and a queue of what has been read from it."""

    def __init__(self):
        self.session = Session(key=b"secret")
        self.shell_stream = self
        self.msg_queue = queue.Queue()
        self.msg_queue._queue = []
        self.arrived = []

    def flush(self, flag):
        assert flag == 1
        self.msg_queue._queue += [(0, None, (frames,)) for frames in self.arrived]
        self.arrived = []

    def send(self, comm_id, data, session=None):
        session = session or self.session
        message = session.msg("comm_msg", {"comm_id": comm_id, "data": data})
        self.arrived.append([b"browser", *session.serialize(message)])


def test_an_old_kernels_queue_is_read_and_stays_as_it_is():
    kernel = OldKernel()
    comm = type("OldComm", (), {"comm_id": "ours", "kernel": kernel})()
    heard = []
    ear = Ear(heard.append)
    ear.attach(comm)
    kernel.send("theirs", custom(action="stop", id="1"))
    kernel.send("ours", {"method": "update", "state": {}})
    kernel.send("ours", custom(action="stop", id="2"), session=Session(key=b"forged"))
    kernel.send("ours", custom(action="pause", id="3"))
    ear.look()
    assert heard == [{"action": "pause", "id": "3"}]
    assert len(kernel.msg_queue._queue) == 4  # every message is still there, in its order
    kernel.send("ours", custom(action="stop", id="4"))
    ear.look()  # too soon after the last look: twenty a second are enough
    assert len(heard) == 1
    ear._next_look = 0
    ear.look()
    assert [content["action"] for content in heard] == ["pause", "stop"]


def test_a_kernel_of_another_kind_is_left_alone():
    assert KernelQueue.of(object()) is None
    ear = Ear(lambda content: None)
    ear.attach(type("Bare", (), {"comm_id": "ours", "kernel": object()})())
    ear.look()


def test_the_budget_allows_what_either_clock_allows(monkeypatch):
    now = [0.0, 0.0]
    monkeypatch.setattr("time.perf_counter", lambda: now[0])
    monkeypatch.setattr("time.thread_time", lambda: now[1])
    budget = Budget(0.02)
    budget.begin()
    assert budget.allows()  # the first picture comes at once

    def look(clock, computing):
        with budget.spending(first_half=True):
            pass
        with budget.spending():
            now[0] += clock
            now[1] += computing

    look(0.01, 0.01)
    now[0] += 0.5
    now[1] += 0.5
    assert not budget.allows()  # 0.02 of 0.51 would be too much
    now[0] += 0.5
    now[1] += 0.5
    assert budget.allows()
    look(5.0, 0.01)  # another program had the processor meanwhile: that is not our cost
    now[0] += 0.5
    now[1] += 0.5
    assert budget.allows()
    assert budget.share() < 0.02
    look(0.01, 0.01)
    assert not budget.allows()  # not twice within 0.12 seconds
