"""The two machines that Lambda has, and which of them this one is."""

import platform
import sys
from enum import StrEnum


class Platform(StrEnum):
    """By AWS's names."""

    ARM64 = "arm64"
    X86_64 = "x86_64"

    @property
    def wheels(self) -> str:
        """Whose wheels are taken, by uv's name: those for glibc 2.17, which every Lambda image has."""
        return f"{_MACHINES[self]}-manylinux2014"

    @property
    def elf_machine(self) -> int:
        """e_machine in the header of its binaries (System V ABI: EM_X86_64, EM_AARCH64)."""
        return {Platform.ARM64: 183, Platform.X86_64: 62}[self]


_MACHINES = {Platform.ARM64: "aarch64", Platform.X86_64: "x86_64"}


def this_machine() -> Platform | None:
    """The platform whose package runs here; None where none does."""
    if sys.platform != "linux":
        return None
    return next((each for each, machine in _MACHINES.items() if machine == platform.machine()), None)
