"""The code of our dataclasses' methods, compiled when packaging (handler/cold_start.py says why, and reads it)."""

from pathlib import Path

from infra.packaging.our_code import run_over
from infra.packaging.requirements import ROOT

# Run by the runtime's Python: writes down what source dataclasses run while every module of ours is imported.
_COMPILE = """
import importlib, marshal, pathlib, sys
root, target = map(pathlib.Path, sys.argv[1:])
from handler import cold_start
codes = {}

def run(source, names, made):
    if names["__name__"].partition(".")[0] in ("handler", "survey_flow"):
        codes[cold_start.key_of(source)] = marshal.dumps(compile(source, "<dataclass>", "exec", dont_inherit=True))
    exec(source, names, made)

cold_start.run_with(run)
for path in sorted(path for package in ("handler", "survey_flow") for path in (root / package).rglob("*.py")):
    importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))
(target / "handler" / cold_start.COMPILED).write_bytes(marshal.dumps(dict(sorted(codes.items()))))
"""


def compile_dataclasses(folder: Path, libraries: Path, root: Path = ROOT) -> None:
    """Writes the code into the package. `libraries` holds the requirements for this machine."""
    run_over(root, libraries, _COMPILE, root, folder, what="The dataclasses")
