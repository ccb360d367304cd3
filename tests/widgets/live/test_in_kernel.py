"""In a real kernel: a Stop sent while a cell runs ends the loop at once, and an interrupt leaves everything usable."""

import time

import pytest
from jupyter_client.manager import start_new_kernel

SETUP = """
import time
from pytorch_tutor_widgets.curve import LossCurve
curve = LossCurve()
print(curve.comm.comm_id)
"""
BUSY = """
for batch in curve.track(range(100_000)):
    end = time.perf_counter() + 0.01
    while time.perf_counter() < end:
        sum(range(1000))
    curve.add(loss=batch)
print(time.time(), curve.state)
"""


@pytest.fixture(scope="module")
def kernel():
    manager, client = start_new_kernel(kernel_name="python3")
    yield Kernel(manager, client)
    client.stop_channels()
    manager.shutdown_kernel(now=True)


class Kernel:
    def __init__(self, manager, client):
        self.manager, self.client = manager, client

    def start(self, code):
        return self.client.execute(code)

    def finish(self, message_id, timeout=30):
        """What the cell printed, and the name of the error that it ended in."""
        printed, error = "", None
        while True:
            message = self.client.get_iopub_msg(timeout=timeout)
            if message["parent_header"].get("msg_id") != message_id:
                continue
            if message["msg_type"] == "stream":
                printed += message["content"]["text"]
            elif message["msg_type"] == "error":
                error = message["content"]["ename"]
            elif message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return printed, error

    def run(self, code):
        return self.finish(self.start(code))

    def click(self, comm_id, **content):
        data = {"method": "custom", "content": {"id": str(time.time()), **content}}
        self.client.shell_channel.send(self.client.session.msg("comm_msg", {"comm_id": comm_id, "data": data}))


def test_stop_acts_while_the_cell_runs(kernel):
    comm_id = kernel.run(SETUP)[0].strip()
    delays = []
    for run in range(1, 6):
        cell = kernel.start(BUSY)
        time.sleep(0.5)
        clicked = time.time()
        kernel.click(comm_id, action="stop", run=run)
        printed, error = kernel.finish(cell)
        assert error is None
        ended, state = printed.split()
        assert state == "stopped"
        delays.append(float(ended) - clicked)
    # One batch takes 10 ms here. Measured: 15 to 25 ms; the promise is 200 ms.
    assert sorted(delays)[2] < 0.2
    assert max(delays) < 1


def test_other_cells_wait_their_turn(kernel):
    comm_id = kernel.run(SETUP)[0].strip()
    cell = kernel.start(BUSY)
    following = kernel.start("print('next', curve.state)")
    time.sleep(0.3)
    kernel.click(comm_id, action="stop", run=1)
    assert "stopped" in kernel.finish(cell)[0]
    assert kernel.finish(following) == ("next stopped\n", None)


def test_an_interrupt_leaves_the_curve_usable(kernel):
    kernel.run(SETUP)
    cell = kernel.start(BUSY)
    time.sleep(0.5)
    kernel.manager.interrupt_kernel()
    assert kernel.finish(cell)[1] == "KeyboardInterrupt"
    assert kernel.run("print(curve.state, len(curve.values('loss')) > 5)")[0] == "interrupted True\n"
    assert kernel.run("print(list(curve.track(range(3))), curve.state)")[0] == "[0, 1, 2] finished\n"


def test_an_error_is_told_from_a_break(kernel):
    kernel.run(SETUP)
    assert kernel.run("for batch in curve.track(range(3)):\n    1 / 0")[1] == "ZeroDivisionError"
    assert kernel.run("print(curve.state)")[0] == "failed\n"
    kernel.run("for batch in curve.track(range(3)):\n    break")
    assert kernel.run("print(curve.state)")[0] == "left\n"
