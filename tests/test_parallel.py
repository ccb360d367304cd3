"""One process under the names of many: distributed, multiprocessing, data parallel, shared memory, weights by address."""

import multiprocessing as python_multiprocessing

import pytest

import pytorch_tutor as torch
import pytorch_tutor.distributed as dist
from pytorch_tutor import hub, nn
from pytorch_tutor.multiprocessing import ProcessRaisedException, spawn, start_processes
from pytorch_tutor.nn.attention.flex_attention import and_masks, create_block_mask, flex_attention
from pytorch_tutor.nn.parallel import DistributedDataParallel, gather, parallel_apply, replicate, scatter

can_fork = "fork" in python_multiprocessing.get_all_start_methods()


@pytest.fixture
def group():
    dist.init_process_group("gloo", rank=0, world_size=1)
    yield
    dist.destroy_process_group()


def test_before_the_group_pytorchs_sentence():
    for ask in (dist.get_rank, dist.get_world_size, dist.barrier, lambda: DistributedDataParallel(nn.Linear(1, 1))):
        with pytest.raises(ValueError, match="Default process group has not been initialized, please make sure"):
            ask()
    with pytest.raises(ValueError, match="environment variable RANK expected, but not set"):
        dist.init_process_group("gloo")
    with pytest.raises(NotImplementedError, match="a process group of 4 processes"):
        dist.init_process_group("gloo", rank=0, world_size=4)
    assert (dist.is_available(), dist.is_initialized(), dist.is_nccl_available()) == (True, False, False)


@pytest.mark.usefixtures("group")
def test_a_group_of_one():
    x, parts, objects = torch.ones(2), [torch.zeros(2)], [None]
    assert dist.all_reduce(x) is None
    assert dist.all_reduce(x, op=dist.ReduceOp.SUM, async_op=True).wait()
    dist.all_gather(parts, x)
    dist.scatter(x, [x * 3])
    dist.all_gather_object(objects, {"a": 1})
    assert (x.tolist(), parts[0].tolist(), objects) == ([3.0, 3.0], [1.0, 1.0], [{"a": 1}])
    assert (dist.get_rank(), dist.get_world_size(), dist.get_backend()) == (0, 1, "gloo")
    with pytest.raises(ValueError, match="twice"):
        dist.init_process_group("gloo", rank=0, world_size=1)
    with pytest.raises(ValueError, match="there is nobody to talk to"):
        dist.send(x, 1)
    with pytest.raises(TypeError, match=r"Expected parameter `tensor` of type torch\.Tensor"):
        dist.all_reduce(5)


@pytest.mark.usefixtures("group")
def test_distributed_data_parallel():
    model = DistributedDataParallel(nn.Linear(1, 1))
    assert list(model.state_dict()) == ["module.weight", "module.bias"]
    with model.no_sync():
        model(torch.ones(1, 1)).sum().backward()
    assert model.module.weight.grad is not None
    with pytest.raises(RuntimeError, match="DistributedDataParallel is not needed"):
        DistributedDataParallel(nn.ReLU())


def test_the_four_steps_by_hand():
    model = nn.Linear(2, 1)
    parts = scatter(torch.arange(8.0).reshape(4, 2), ["cpu", "cpu"])
    copies = replicate(model, ["cpu", "cpu"])
    results = gather(parallel_apply(copies, parts), "cpu")
    assert torch.equal(results, model(torch.arange(8.0).reshape(4, 2)))
    results.sum().backward()
    assert model.weight.grad.tolist() == [[12.0, 16.0]]
    assert scatter({"a": torch.arange(2), "b": 1}, ["cpu", "cpu"])[1] == {"a": torch.tensor([1]), "b": 1}


def fill(i, shared):
    shared[i] = i + 1.0


def fail(i):
    raise KeyError(f"number {i}")


@pytest.mark.skipif(not can_fork, reason="this system cannot fork")
def test_forked_processes_change_shared_memory():
    shared = torch.zeros(2).share_memory_()
    assert shared.is_shared()
    assert shared[1:].is_shared()
    assert not torch.zeros(2).is_shared()
    start_processes(fill, (shared,), nprocs=2, start_method="fork")
    assert shared.tolist() == [1.0, 2.0]


def test_sharing_moves_the_memory_with_all_who_show_it():
    p = torch.nn.Parameter(torch.ones(4))
    view, bare = p.data[1:3], p.data
    bare.share_memory_()
    assert p.is_shared()
    assert view.is_shared()
    assert p.data_ptr() == bare.data_ptr() == view.data_ptr() - 4
    x = torch.ones(4)
    y = x[1:].share_memory_()
    y[0] = 5
    assert x.tolist() == [1, 5, 1, 1]
    assert (x.storage_offset(), y.storage_offset()) == (0, 1)
    turned = torch.arange(6.0).reshape(2, 3).t().clone()
    wide = turned.expand(2, 3, 2)
    turned.share_memory_()[0, 0] = 9
    assert turned.stride() == (1, 3)
    assert wide[1, 0, 0] == 9


def test_the_error_of_a_process_is_raised_here():
    with pytest.raises(ProcessRaisedException, match="number 0"):
        spawn(fail, nprocs=1, start_method="fork" if can_fork else "spawn")


def test_attention_with_functions_of_yours():
    q, k, v = (torch.randn(1, 2, 5, 4) for _ in range(3))
    plain = nn.functional.scaled_dot_product_attention
    assert torch.allclose(flex_attention(q, k, v), plain(q, k, v), atol=1e-5)
    causal = create_block_mask(lambda b, h, i, j: i >= j, None, None, 5, 5)
    assert torch.allclose(flex_attention(q, k, v, block_mask=causal), plain(q, k, v, is_causal=True), atol=1e-5)
    shifted = flex_attention(q, k, v, score_mod=lambda score, b, h, i, j: torch.where(i >= j, score, -float("inf")))
    assert torch.allclose(shifted, plain(q, k, v, is_causal=True), atol=1e-5)
    nothing = create_block_mask(and_masks(lambda b, h, i, j: i < j, lambda b, h, i, j: i > j), None, None, 5, 5)
    assert flex_attention(q, k, v, block_mask=nothing).abs().sum() == 0
    assert nothing.sparsity() == 100.0
    bias = nn.attention.bias.causal_lower_right(2, 5)
    assert bias.sum(1).tolist() == [4, 5]


def test_weights_by_address(tmp_path):
    torch.save({"w": torch.ones(2)}, tmp_path / "file.pt")
    address = (tmp_path / "file.pt").as_uri()
    state = hub.load_state_dict_from_url(address, model_dir=str(tmp_path / "cache"))
    assert state["w"].tolist() == [1.0, 1.0]
    with pytest.raises(RuntimeError, match='invalid hash value \\(expected "00000000"'):
        hub.download_url_to_file(address, str(tmp_path / "copy.pt"), hash_prefix="00000000")
    assert not list(tmp_path.glob("copy*"))
    with pytest.raises(RuntimeError, match="are not fetched and run"):
        hub.load("pytorch/vision", "resnet18")


def test_tensors_change_places():
    a, b = torch.zeros(1), torch.ones(2, requires_grad=True)
    torch.utils.swap_tensors(a, b)
    assert (a.tolist(), a.requires_grad, b.tolist(), b.requires_grad) == ([1.0, 1.0], True, [0.0], False)
