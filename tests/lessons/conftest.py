"""What tests of lessons share: a small data set that is drawn once."""

import pytest


@pytest.fixture(scope="session")
def small_data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a kernel that finds a few hundred pictures instead of ten thousand."""
    folder = tmp_path_factory.mktemp("data")
    return {
        "PYTORCH_TUTOR_DATA": str(folder),
        "PYTORCH_TUTOR_STANDIN_SIZES": "640,256",
        "JUPYTER_PLATFORM_DIRS": "1",
        "IPYTHONDIR": str(tmp_path_factory.mktemp("ipython")),
    }
