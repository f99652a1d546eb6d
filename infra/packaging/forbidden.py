"""That no file in the package is of the kind that holds secrets, or belongs to tests and tools."""

from fnmatch import fnmatchcase
from pathlib import Path

_NEVER = (
    *(".env", ".env.*", "*.pem", "*.key", "*.p12", "*.pfx", "*.kdbx", "id_rsa*", "id_ed25519*"),
    *("credentials", "credentials.*", ".netrc", ".pypirc", ".npmrc", "*.sqlite", "*.db", "secrets.*"),
)
_FOLDERS = ("tests", "local", "infra", "benchmarks", ".git", ".aws", ".ssh", "node_modules")
# Certificates of authorities, which are public.
_KNOWN = (
    "certifi/cacert.pem",
    "botocore/cacert.pem",
    "botocore/credentials.py",
    "botocore/__pycache__/credentials.*.pyc",
)


def forbidden_files(folder: Path) -> list[str]:
    paths = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return [path.as_posix() for path in paths if _is_forbidden(path)]


def _is_forbidden(path: Path) -> bool:
    if any(fnmatchcase(path.as_posix(), known) for known in _KNOWN):
        return False
    return path.parts[0] in _FOLDERS or any(fnmatchcase(path.name, pattern) for pattern in _NEVER)
