"""Saving and loading: keys, metadata, every mismatch in one error."""

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn


def test_the_tensors_share_memory_with_the_module():
    layer = nn.Linear(2, 2)
    layer.state_dict()["weight"].fill_(3.0)
    assert (layer.weight == 3).all()
    assert not layer.state_dict()["weight"].requires_grad
    assert layer.state_dict(keep_vars=True)["weight"] is layer.weight


def test_metadata_holds_versions():
    state = nn.Sequential(nn.BatchNorm1d(2)).state_dict()
    assert state._metadata == {"": {"version": 1}, "0": {"version": 2}}


def test_a_round_trip():
    source, target = nn.Linear(3, 2), nn.Linear(3, 2)
    result = target.load_state_dict(source.state_dict())
    assert str(result) == "<All keys matched successfully>"
    assert torch.equal(source.weight, target.weight)
    assert source.weight is not target.weight


def test_all_mismatches_are_told_at_once():
    model = nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    state = model.state_dict()
    state["2.weight"] = state.pop("1.weight")
    state["0.bias"] = torch.ones(5)
    with pytest.raises(RuntimeError) as caught:
        model.load_state_dict(state)
    assert str(caught.value) == (
        "Error(s) in loading state_dict for Sequential:\n"
        '\tMissing key(s) in state_dict: "1.weight". \n'
        '\tUnexpected key(s) in state_dict: "2.weight". \n'
        "\tsize mismatch for 0.bias: copying a param with shape torch.Size([5]) from checkpoint, "
        "the shape in current model is torch.Size([2])."
    )
    assert any("strict=False" in note for note in caught.value.__notes__)


def test_strict_false_reports_instead():
    model = nn.Linear(2, 2)
    result = model.load_state_dict({"weight": torch.zeros(2, 2), "more": torch.ones(1)}, strict=False)
    assert result.missing_keys == ["bias"]
    assert result.unexpected_keys == ["more"]
    assert (model.weight == 0).all()


def test_assign_takes_the_tensors_over():
    model = nn.Linear(2, 2)
    state = {"weight": torch.zeros(2, 2), "bias": torch.zeros(2)}
    model.load_state_dict(state, assign=True)
    assert isinstance(model.weight, nn.Parameter)
    state["weight"].fill_(4.0)
    assert (model.weight == 4).all()


def test_batch_norm_reads_files_from_before_version_2():
    norm = nn.BatchNorm1d(2)
    state = {k: v for k, v in norm.state_dict().items() if k != "num_batches_tracked"}
    norm.load_state_dict(dict(state))
    assert norm.num_batches_tracked == 0


def test_extra_state():
    class Counted(nn.Module):
        count = 0

        def get_extra_state(self):
            return {"count": self.count}

        def set_extra_state(self, state):
            self.count = state["count"]

    source, target = Counted(), Counted()
    source.count = 5
    target.load_state_dict(source.state_dict())
    assert target.count == 5
    with pytest.raises(RuntimeError, match="_extra_state"):
        target.load_state_dict({})


def test_hooks_around_saving_and_loading():
    model = nn.Linear(1, 1)
    seen = []
    model.register_state_dict_pre_hook(lambda module, prefix, keep_vars: seen.append("before saving"))
    model.register_state_dict_post_hook(lambda module, state, prefix, metadata: seen.append("after saving"))
    model.register_load_state_dict_pre_hook(lambda module, state, *rest: seen.append("before loading"))
    model.register_load_state_dict_post_hook(lambda module, keys: seen.append("after loading"))
    model.load_state_dict(model.state_dict())
    assert seen == ["before saving", "after saving", "before loading", "after loading"]


def test_lazy_modules_load_shapes_from_a_state_dict():
    lazy = nn.LazyLinear(2)
    lazy.load_state_dict(nn.Linear(5, 2).state_dict())
    assert lazy.weight.shape == (2, 5)


def test_not_a_mapping():
    with pytest.raises(TypeError, match="Expected state_dict to be dict-like, got <class 'int'>"):
        nn.Linear(1, 1).load_state_dict(3)
