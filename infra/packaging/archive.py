"""The zip: the same bytes for the same files, whenever, wherever and under whatever umask it is made."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The first moment that a ZIP can tell.
_MADE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_REGULAR_FILE = 0o100000
_LEVEL = 9


def write_zip(folder: Path, target: Path) -> None:
    """Files in the order of their names. Readable by everybody: Lambda runs as a user of its own."""
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=_LEVEL) as package:
        for name, path in sorted((path.relative_to(folder).as_posix(), path) for path in _files(folder)):
            entry = ZipInfo(name, _MADE)
            entry.create_system = _UNIX
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = (_REGULAR_FILE | (0o755 if path.suffix == ".so" else 0o644)) << 16
            package.writestr(entry, path.read_bytes(), compresslevel=_LEVEL)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
