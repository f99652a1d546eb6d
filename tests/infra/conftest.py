"""The package for this machine and for arm64, each built once a run."""

from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.packaging.build import Package, build
from infra.packaging.platforms import Platform, this_machine


@pytest.fixture(scope="session")
def arm64(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """What is deployed."""
    return build(tmp_path_factory.mktemp("arm64"), Platform.ARM64)


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The same for this machine, which can run it."""
    platform = this_machine()
    if platform is None:
        pytest.skip("no package runs on this system: Lambda has Linux on x86_64 and arm64")
    return build(tmp_path_factory.mktemp("here"), platform)


@pytest.fixture(scope="session")
def unpacked(here: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for this machine as it lies in Lambda; nothing may be written into it."""
    folder = tmp_path_factory.mktemp("unpacked")
    with ZipFile(here.path) as package:
        package.extractall(folder)
    return folder
