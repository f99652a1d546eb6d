import shutil
from pathlib import Path

import pytest

from handler.templates import COMPILED, TEMPLATES, compile_library, load_library, page_texts
from survey_flow.faults import FaultyDefinitions
from survey_flow.language import Language
from survey_flow.library import Library


def test_the_compiled_library_is_the_checked_one(tmp_path: Path, library: Library) -> None:
    compile_library(TEMPLATES, tmp_path / COMPILED)
    assert load_library(tmp_path) == library


def test_without_a_compiled_file_the_toml_is_read(tmp_path: Path, library: Library) -> None:
    shutil.copytree(TEMPLATES, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns(COMPILED))
    assert load_library(tmp_path) == library


def test_faulty_definitions_are_not_compiled(tmp_path: Path) -> None:
    with pytest.raises(FaultyDefinitions):
        compile_library(tmp_path, tmp_path / COMPILED)
    assert not (tmp_path / COMPILED).exists()


def test_the_pages_have_the_same_texts_in_every_language() -> None:
    texts = page_texts()
    assert texts[Language.SV].keys() == texts[Language.FI].keys()
    assert texts[Language.EN].keys() == texts[Language.FI].keys()
