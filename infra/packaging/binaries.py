"""That every binary in the package is the platform's own: a foreign one fails at the first import, in Lambda only."""

from pathlib import Path

from infra.packaging.platforms import Platform

_ELF = b"\x7fELF"
_PLACE = 18  # of e_machine in an ELF header, two bytes (System V ABI)
# How other systems' binaries begin: Mach-O (both word sizes, both orders, fat) and Windows.
_FOREIGN = (
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
    b"\xfe\xed\xfa\xcf",
    b"\xfe\xed\xfa\xce",
    b"\xca\xfe\xba\xbe",
    b"MZ",
)
_LIBRARIES = (".so", ".dylib", ".pyd", ".dll", ".a", ".o")


def foreign_binaries(folder: Path, platform: Platform) -> list[str]:
    """Binaries of another machine or system, and libraries that are none at all."""
    found = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            head = file.read(_PLACE + 2)
        is_library = path.suffix in _LIBRARIES or ".so." in path.name
        if (is_library or head.startswith((_ELF, *_FOREIGN))) and not _is_of(head, platform):
            found.append(path.relative_to(folder).as_posix())
    return found


def _is_of(head: bytes, platform: Platform) -> bool:
    return head.startswith(_ELF) and int.from_bytes(head[_PLACE : _PLACE + 2], "little") == platform.elf_machine
