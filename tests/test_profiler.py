"""Profilers: what ran is in the table once, times add up, schedules choose steps, traces are JSON."""

import json

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.autograd.profiler import shown_name
from pytorch_tutor.graph.observers import observers
from pytorch_tutor.ops.arithmetic import Add
from pytorch_tutor.ops.pooling import MaxPool2DWithIndices
from pytorch_tutor.profiler import ProfilerActivity, profile, record_function, schedule, tensorboard_trace_handler


def work():
    model = nn.Sequential(nn.Linear(20, 30), nn.ReLU(), nn.Linear(30, 2))
    return model(torch.rand(8, 20)).sum()


def test_every_operation_and_step_is_counted():
    with profile(activities=[ProfilerActivity.CPU], record_shapes=True, profile_memory=True, with_flops=True) as prof:
        with record_function("forward"):
            loss = work()
        loss.backward()
    sums = {event.key: event for event in prof.key_averages()}
    assert sums["forward"].count == 1
    assert sums["aten::addmm"].count == 2
    assert sums["autograd::engine::evaluate_function: AddmmBackward0"].count == 2
    assert sums["aten::addmm"].flops == 2 * (8 * 20 * 30 + 8 * 30 * 2)
    assert sums["aten::addmm"].cpu_memory_usage == 4 * (8 * 30 + 8 * 2)
    shapes = {str(e.input_shapes) for e in prof.key_averages(group_by_input_shape=True) if e.key == "aten::addmm"}
    assert shapes == {"[[30], [8, 20], [20, 30]]", "[[2], [8, 30], [30, 2]]"}
    inside = sum(child.cpu_time_total for child in prof.events()[0].cpu_children)
    assert 0 < inside < prof.events()[0].cpu_time_total
    assert observers.op_called == observers.op_entered == observers.step_entered == ()


def test_the_table_is_pytorchs():
    with torch.autograd.profiler.profile() as prof:
        work()
    lines = prof.key_averages().table(sort_by="self_cpu_time_total", row_limit=2).splitlines()
    assert lines[1].split("  ")[-2].strip() == "# of Calls"
    assert lines[1].split()[0] == "Name"
    assert len(lines) == 7
    assert lines[-1].startswith("Self CPU time total: ")
    assert set(lines[0]) == {"-", " "}
    times = [event.self_cpu_time_total for event in prof.key_averages()]
    assert prof.total_average().self_cpu_time_total == pytest.approx(sum(times))


def test_an_error_inside_does_not_confuse_it():
    with profile() as prof:
        with pytest.raises(RuntimeError):
            torch.ones(2, 3) @ torch.ones(2, 3)
        torch.ones(2).exp()
    exp = next(event for event in prof.events() if event.name == "aten::exp")
    assert exp.cpu_time_total > 0


def test_a_schedule_chooses_steps():
    ready = []
    with profile(
        schedule=schedule(wait=1, warmup=1, active=2, repeat=1), on_trace_ready=lambda p: ready.append(p.step_num)
    ) as prof:
        for _ in range(6):
            torch.ones(2).exp()
            prof.step()
    assert ready == [4]
    sums = {event.key: event.count for event in prof.key_averages()}
    assert sums == {"ProfilerStep*": 2, "aten::exp": 2}


def test_traces_are_json(tmp_path):
    with profile(on_trace_ready=tensorboard_trace_handler(str(tmp_path), "me"), with_stack=True) as prof:
        torch.ones(2, requires_grad=True).exp()
    (file,) = tmp_path.glob("me.*.pt.trace.json")
    events = json.loads(file.read_text())["traceEvents"]
    (exp,) = [event for event in events if event["name"] == "aten::exp"]
    assert exp["ph"] == "X"
    assert exp["dur"] > 0
    prof.export_stacks(str(tmp_path / "stacks.txt"))
    assert "test_profiler.py" in (tmp_path / "stacks.txt").read_text()


def test_names_are_pytorchs():
    assert [shown_name(op) for op in (Add, MaxPool2DWithIndices)] == ["aten::add", "aten::max_pool2d_with_indices"]


def test_record_function_decorates():
    @record_function("mine")
    def double(x):
        return x + x

    with profile() as prof:
        double(double(torch.ones(1)))
    assert {e.key: e.count for e in prof.key_averages()}["mine"] == 2


def test_asking_too_early():
    prof = torch.autograd.profiler.profile()
    with pytest.raises(RuntimeError, match="Profiler didn't finish running"):
        prof.key_averages()


def test_it_may_end_inside_a_block_that_began_later():
    profiler = torch.profiler.profile()
    profiler.start()
    with torch.autocast("cpu"):
        profiler.stop()
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.bfloat16
    assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype is torch.float32
