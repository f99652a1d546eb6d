"""What a cold start would compile, compiled when packaging (handler/cold_start.py says why, and reads it): the methods
of our dataclasses, and the regular expressions of whatever our code imports."""

from pathlib import Path

from infra.packaging.our_code import run_over
from infra.packaging.requirements import ROOT

# Run by the runtime's Python: writes down what dataclasses run and `re` compiles while every module of ours is
# imported. The tables of an expression are what its compiler hands to the engine, by the text and the flags.
_COMPILE = """
import _sre, importlib, marshal, pathlib, sys, types
from re import _compiler
root, target = map(pathlib.Path, sys.argv[1:])
methods, expressions, compile_anew = {}, {}, _compiler.compile

def compile_noted(text, flags=0):
    def note(text, flags_found, code, *groups):
        if type(text) in (str, bytes):
            expressions[text, int(flags)] = marshal.dumps((int(flags_found), list(map(int, code)), *groups))
        return _sre.compile(text, flags_found, code, *groups)

    _compiler._sre = types.SimpleNamespace(**{**vars(_sre), "compile": note})
    return compile_anew(text, flags)

_compiler.compile = compile_noted
from handler import cold_start

def run(source, names, made):
    if names["__name__"].partition(".")[0] in ("handler", "survey_flow"):
        methods[cold_start.key_of(source)] = marshal.dumps(compile(source, "<dataclass>", "exec", dont_inherit=True))
    exec(source, names, made)

cold_start.run_with(run)
for path in sorted(path for package in ("handler", "survey_flow") for path in (root / package).rglob("*.py")):
    importlib.import_module(".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__"))
made = marshal.dumps((dict(sorted(methods.items())), _sre.MAGIC, dict(sorted(expressions.items(), key=repr))))
(target / "handler" / cold_start.COMPILED).write_bytes(made)
"""


def compile_for_cold_starts(folder: Path, libraries: Path, root: Path = ROOT) -> None:
    """Writes the code into the package. `libraries` holds the requirements for this machine."""
    run_over(root, libraries, _COMPILE, root, folder, what="What cold starts use")
