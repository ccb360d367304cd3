"""torch.compile, torch.jit, the version and the switches: accepted as PyTorch accepts them, refused where it refuses."""

import io
import pickle
import warnings

import pytest

import pytorch_tutor as torch
from pytorch_tutor import nn
from pytorch_tutor.version import TorchVersion


def test_a_compiled_module_is_a_coat():
    model = nn.Sequential(nn.Linear(2, 2))
    compiled = torch.compile(model, mode="reduce-overhead", fullgraph=True)
    assert repr(compiled).startswith("OptimizedModule(\n  (_orig_mod): Sequential(")
    assert list(compiled.state_dict()) == ["_orig_mod.0.weight", "_orig_mod.0.bias"]
    assert compiled._orig_mod is model
    assert len(compiled) == 1
    x = torch.ones(1, 2)
    assert torch.equal(compiled(x), model(x))
    compiled.eval()
    assert not model.training


def test_a_compiled_function_is_itself():
    def double(x):
        return 2 * x

    assert torch.compile(double) is double
    assert torch.compile(dynamic=True)(double) is double
    assert torch.compiler.disable(double) is torch.compiler.disable()(double) is double
    with torch.compiler.set_stance("force_eager"):
        assert not torch.compiler.is_compiling()


@pytest.mark.parametrize(
    ("arguments", "kind", "sentence"),
    [
        ({"mode": "foo"}, RuntimeError, "Unrecognized mode=foo, should be one of: default, lite, reduce-overhead"),
        ({"mode": "default", "options": {}}, RuntimeError, "Either mode or options can be specified, but both can't"),
        ({"backend": "foo"}, RuntimeError, "Invalid backend: 'foo', see `torch._dynamo.list_backends"),
    ],
)
def test_wrong_options(arguments, kind, sentence):
    with pytest.raises(kind) as caught:
        torch.compile(abs, **arguments)
    assert sentence in str(caught.value)


def test_what_cannot_be_called_cannot_be_compiled():
    with pytest.raises(AssertionError, match="A callable function is expected, but <class 'int'> is provided"):
        torch.compile(5)


@pytest.fixture
def quiet():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


@pytest.mark.usefixtures("quiet")
def test_scripted_and_traced_modules_run_and_are_saved():
    model = nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.5)).eval()
    x = torch.ones(1, 2)
    for made in (torch.jit.script(model), torch.jit.trace(model, x)):
        assert torch.equal(made(x), model(x))
        assert list(made.state_dict()) == list(model.state_dict())
        file = io.BytesIO()
        torch.jit.save(made, file)
        file.seek(0)
        loaded = torch.jit.load(file)
        assert type(loaded) is type(made)
        assert torch.equal(loaded(x), model(x))
    scripted = torch.jit.freeze(torch.jit.script(model))
    assert repr(scripted).splitlines()[:2] == ["RecursiveScriptModule(", "  original_name=Sequential"]
    assert scripted.train()[1].training


def twice(x):
    return 2 * x


@pytest.mark.usefixtures("quiet")
def test_functions_are_saved_by_their_names():
    """No code is stored, so a file names only what the program that reads it has scripted, too."""
    for made in (torch.jit.script(twice), torch.jit.trace(twice, torch.ones(1)), torch.jit.script(torch.relu)):
        file = io.BytesIO()
        made.save(file)
        file.seek(0)
        assert torch.jit.load(file)(torch.ones(1)) == made(torch.ones(1))
        with pytest.MonkeyPatch.context() as patch:  # as in another program
            patch.setattr("pytorch_tutor.jit.files.KNOWN", {})
            file.seek(0)
            with pytest.raises(RuntimeError, match=r"this file holds the name of a function, '.*', and no code"):
                torch.jit.load(file)


@pytest.mark.usefixtures("quiet")
def test_functions_without_a_name_are_not_saved():
    def inside(x):
        return x

    for nameless in (lambda x: x, inside):
        file = io.BytesIO()
        with pytest.raises(RuntimeError, match="Could not save the function"):
            torch.jit.save(torch.jit.script(nameless), file)
        assert not file.getvalue()


@pytest.mark.usefixtures("quiet")
def test_what_scripting_has_not():
    def double(x):
        return 2 * x

    scripted = torch.jit.script(double)
    assert scripted(2) == 4
    with pytest.raises(AttributeError, match="this ScriptModule has no attribute 'graph'"):
        scripted.graph  # noqa: B018 - looking it up is the test
    file = io.BytesIO()
    torch.save({"a": 1}, file)
    file.seek(0)
    with pytest.raises(RuntimeError, match=r"failed locating file constants\.pkl"):
        torch.jit.load(file)
    with pytest.raises(ValueError, match=r"The provided filename nowhere\.pt does not exist"):
        torch.jit.load("nowhere.pt")


def test_scripting_warns_as_in_pytorch():
    with pytest.warns(DeprecationWarning, match="`torch.jit.script` is deprecated. Please switch to `torch.compile`"):
        torch.jit.script(nn.ReLU())


def test_versions_compare_by_numbers():
    assert torch.__version__ > "2.9"
    assert torch.__version__ >= (2, 13)
    assert torch.__version__ < "10.0"
    assert torch.__version__.split("+")[0] == "2.13.0"
    assert TorchVersion("1.2.0") == "1.2"
    assert torch.version.cuda is None
    assert pickle.loads(pickle.dumps(torch.__version__)) == torch.__version__


def test_switches():
    torch.set_deterministic_debug_mode("warn")
    assert torch.get_deterministic_debug_mode() == 1
    assert torch.is_deterministic_algorithms_warn_only_enabled()
    torch.use_deterministic_algorithms(False)
    with pytest.raises(RuntimeError, match="expected 0, 1, or 2, but got 5"):
        torch.set_deterministic_debug_mode(5)
    with pytest.warns(UserWarning, match="foo is not one of 'highest', 'high', or 'medium'"):
        torch.set_float32_matmul_precision("foo")
    with torch.backends.cudnn.flags(enabled=False, benchmark=True):
        assert (torch.backends.cudnn.enabled, torch.backends.cudnn.benchmark) == (False, True)
    assert (torch.backends.cudnn.enabled, torch.backends.cudnn.benchmark) == (True, False)
    assert torch.backends.cuda.matmul.allow_tf32 is False
    with pytest.raises(AttributeError, match="Unknown attribute foo"):
        torch.backends.cuda.matmul.foo  # noqa: B018 - looking it up is the test
    assert "NumPy" in torch.__config__.show()


def test_checks():
    with pytest.raises(RuntimeError, match="Expected cond to be True, but got False"):
        torch._check(False)
    with pytest.raises(ValueError, match=r"^bad$"):
        torch._check_value(False, lambda: "bad")
    with pytest.raises(TypeError, match="cond must be a bool, but got <class 'int'>"):
        torch._check(5)
    torch._check_is_size(0)
