"""Programs written for PyTorch run as they stand, and only inside the process that asked for it."""

import subprocess
import sys
from pathlib import Path

import pytest

import pytorch_tutor as torch
from pytorch_tutor.run import counterpart, install, uninstall

PROGRAM = """
import sys
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset
import torch.optim as optim
import torchvision.transforms as transforms
from torchvision import datasets

torch.manual_seed(int(sys.argv[1]))
net = nn.Sequential(nn.Linear(2, 3), nn.ReLU(), nn.Linear(3, 1))
optimizer = optim.SGD(net.parameters(), lr=0.1)
x = torch.rand(8, 2)
for batch, in DataLoader(TensorDataset(x), batch_size=4):
    loss = F.mse_loss(net(batch), batch.sum(1, keepdim=True))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
print(torch.__name__, torch.nn is nn, transforms.Compose([]), round(loss.item(), 4))
"""


def run(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "pytorch_tutor", "run", *arguments], capture_output=True, text=True, timeout=120, cwd=cwd
    )


def test_a_script_runs_unmodified_with_its_arguments(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text(PROGRAM)
    done = run(str(script), "0")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("pytorch_tutor True Compose(")


def test_what_is_missing_is_named_with_the_nearest_thing(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text("import torch.optimm\n")
    done = run(str(script))
    assert done.returncode != 0
    assert "No module named 'torch.optimm'" in done.stderr
    assert "torch.optim" in done.stderr.split("No module named 'torch.optimm'")[1]


def test_a_missing_name_is_named_with_the_nearest_thing():
    import pytorch_tutor as torch

    with pytest.raises(AttributeError, match="module 'torch' has no attribute 'zeross'") as caught:
        torch.zeross  # noqa: B018 - looking it up is the test
    assert any("torch.zeros" in note for note in caught.value.__notes__)


def test_exit_codes_and_missing_files(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text("raise SystemExit(3)\n")
    assert run(str(script)).returncode == 3
    assert "there is no file" in run(str(tmp_path / "none.py")).stderr


def test_it_is_undone():
    real = sys.modules.get("torch")
    install()
    try:
        import torch

        assert torch.__name__ == "pytorch_tutor"
    finally:
        uninstall()
    assert sys.modules.get("torch") is real
    assert counterpart("torchvision.transforms") == "pytorch_tutor.vision.transforms"


def test_layers_and_optimizers_show_pytorchs_modules_there_and_only_there(tmp_path: Path):
    script = tmp_path / "kinds.py"
    script.write_text(
        "import copy, torch\n"
        "from torch import nn\n"
        "layer = nn.Linear(1, 1)\n"
        "print(type(layer), torch.optim.SGD, type(layer.weight))\n"
        "torch.save(nn.Sequential(layer), 'whole.pt')\n"
        "torch.save(layer.state_dict(), 'state.pt'); layer.load_state_dict(torch.load('state.pt'))\n"
        "print(torch.load('whole.pt', weights_only=False), type(copy.deepcopy(layer)).__name__)\n"
    )
    wanted = "<class 'torch.nn.modules.linear.Linear'> <class 'torch.optim.sgd.SGD'> <class 'torch.nn.parameter.Parameter'>\n"
    shown = "Sequential(\n  (0): Linear(in_features=1, out_features=1, bias=True)\n) Linear\n"
    assert run(str(script), cwd=tmp_path).stdout == wanted + shown
    install()
    uninstall()
    assert repr(torch.nn.Linear) == "<class 'pytorch_tutor.nn.modules.linear.Linear'>"


def test_a_module_never_takes_the_place_of_the_function_of_its_name(tmp_path: Path):
    script = tmp_path / "names.py"
    script.write_text(
        "from torch.autograd.gradcheck import gradcheck\n"
        "import torch, torch.nn.modules.linear\n"
        "print(torch.autograd.gradcheck is gradcheck, torch.nn.modules.linear.Linear is torch.nn.Linear)\n"
    )
    assert run(str(script)).stdout == "True True\n"


def test_libraries_find_the_version_and_the_core(tmp_path: Path):
    script = tmp_path / "library.py"
    script.write_text(
        "import importlib.metadata as metadata, torch\n"
        "print(metadata.version('torch') == torch.__version__, 'torch' in {d.name for d in metadata.distributions()})\n"
        "print(torch._C._log_api_usage_once('library'))\n"
        "try: torch._C._jit_clear_class_registry()\n"
        "except AttributeError as error: print(error)\n"
    )
    done = run(str(script))
    assert done.stderr == ""
    assert done.stdout == "True True\nNone\nmodule 'torch._C' has no attribute '_jit_clear_class_registry'\n"


SPAWNING = """
import torch
import torch.multiprocessing as mp

class Squares(torch.utils.data.Dataset):
    def __len__(self):
        return 4

    def __getitem__(self, i):
        return torch.tensor(float(i * i))

def work(rank, queue):
    queue.put((rank, torch.ones(2).sum().item(), __name__))

if __name__ == "__main__":
    context = mp.get_context("spawn")
    queue = context.SimpleQueue()
    process = context.Process(target=work, args=(3, queue))
    process.start()
    print(queue.get())
    process.join()
    print([b.tolist() for b in torch.utils.data.DataLoader(Squares(), 2, num_workers=1, multiprocessing_context="spawn")])
"""


def test_processes_that_a_program_spawns_find_torch_too(tmp_path):
    """On Windows and macOS every worker starts this way, and reads the program from its first line."""
    script = tmp_path / "spawning.py"
    script.write_text(SPAWNING)
    done = subprocess.run(
        [sys.executable, "-m", "pytorch_tutor", "run", str(script)], capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "(3, 2.0, '__mp_main__')\n[[0.0, 1.0], [4.0, 9.0]]\n", done.stderr


def test_other_processes_are_left_alone():
    from multiprocessing import spawn

    before = spawn.get_preparation_data
    install()
    assert spawn.get_preparation_data is not before
    uninstall()
    assert spawn.get_preparation_data is before


def test_older_names_of_modules_and_the_package_functorch(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text(
        "import importlib.metadata\n"
        "import functorch, torch\n"
        "from functorch import vmap\n"
        "from torch.autograd.variable import Variable\n"
        "from torch.cpu.amp.autocast_mode import autocast as on_cpu\n"
        "from torch.cuda.amp import GradScaler, autocast, autocast_mode, grad_scaler\n"
        "print(Variable is torch.autograd.Variable, GradScaler is grad_scaler.GradScaler, autocast is autocast_mode.autocast)\n"
        "print(grad_scaler.OptState.READY, on_cpu is torch.cpu.amp.autocast, functorch.vmap is vmap)\n"
        "print([d.metadata['Name'] for d in importlib.metadata.distributions() if d.metadata['Name'] == 'functorch'])\n"
    )
    done = run(str(script))
    assert done.stdout == "True True True\nOptState.READY True True\n[]\n", done.stderr


def test_modules_that_have_another_name_here(tmp_path: Path):
    script = tmp_path / "program.py"
    script.write_text(
        "import torch\n"
        "import torch._C\n"
        "from torch.functional import einsum\n"
        "from torch.nn.utils.stateless import functional_call\n"
        "from torch.types import Device, Number\n"
        "from torch.utils.data._utils.collate import default_collate\n"
        "print(einsum('i,i->', torch.ones(3), torch.ones(3)), torch._C.__name__)\n"
        "print(functional_call(torch.nn.Flatten(), {}, torch.ones(1, 2, 3)).shape, isinstance(2.5, Number))\n"
        "print(default_collate([1, 2]), default_collate is torch.utils.data.default_collate)\n"
    )
    done = run(str(script))
    assert done.stdout.splitlines()[1:] == ["torch.Size([1, 6]) True", "tensor([1, 2]) True"], done.stderr
    assert done.stdout.startswith("tensor(3.) "), done.stderr
