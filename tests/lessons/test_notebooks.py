"""The shipped notebooks: the same code in both languages, no outputs, and each runs alone from a fresh kernel."""

import shutil
from pathlib import Path

import pytest

from pytorch_tutor_lessons import paths
from pytorch_tutor_lessons.lesson import NAMES, lesson
from tests.lessons.notebooks import STEMS, cells, execute, exercise_of, outputs_text, shape_of_code, source

SMALL = {"PYTORCH_TUTOR_OFFLINE": "1", "OMP_NUM_THREADS": "2"}


def test_there_is_a_notebook_for_each_lesson():
    assert [stem.split("_", 1)[1] for stem in STEMS] == list(NAMES)
    assert [path.stem for path in paths.lessons("zh")] == STEMS


@pytest.mark.parametrize("stem", STEMS)
def test_both_languages_have_the_same_code(stem: str):
    english, chinese = cells("en", stem), cells("zh", stem)
    assert len(english) == len(chinese)
    for en, zh in zip(english, chinese, strict=True):
        assert shape_of_code(source(en)) == shape_of_code(source(zh)), source(en)
        assert en["id"] == zh["id"]
        assert en["metadata"] == zh["metadata"]


@pytest.mark.parametrize("stem", STEMS)
def test_both_languages_explain_the_same_steps(stem: str):
    english, chinese = cells("en", stem, "markdown"), cells("zh", stem, "markdown")
    assert [cell["id"] for cell in english] == [cell["id"] for cell in chinese]
    for en, zh in zip(english, chinese, strict=True):
        assert source(en).count("\n#") == source(zh).count("\n#")
        assert any("一" <= letter <= "鿿" for letter in source(zh))


@pytest.mark.parametrize("language", paths.LANGUAGES)
@pytest.mark.parametrize("stem", STEMS)
def test_notebooks_are_committed_without_outputs(stem: str, language: str):
    for cell in cells(language, stem):
        assert cell["outputs"] == []
        assert cell["execution_count"] is None


@pytest.mark.parametrize("stem", STEMS)
def test_every_exercise_has_its_cell_and_every_cell_its_exercise(stem: str):
    found = [name for name in map(exercise_of, cells("en", stem)) if name]
    assert found == [exercise.key for exercise in lesson(stem.split("_", 1)[1], "en")]


@pytest.mark.parametrize("language", paths.LANGUAGES)
@pytest.mark.parametrize("stem", STEMS)
def test_as_shipped_it_runs_and_every_check_says_not_attempted(stem: str, language: str, tmp_path: Path, small_data):
    folder = tmp_path / language
    folder.mkdir()
    path = shutil.copy(paths.notebooks(language) / f"{stem}.ipynb", folder)
    done = execute(Path(path), folder, SMALL | small_data)
    wanted = {"en": "Not attempted yet.", "zh": "还没有作答。"}[language]
    for cell in done.cells:
        if cell.cell_type == "code" and exercise_of(cell):
            assert wanted in outputs_text(cell), cell.source


@pytest.mark.parametrize("stem", STEMS)
def test_with_the_solutions_every_check_says_right(stem: str, tmp_path: Path, small_data):
    import nbformat

    name = stem.split("_", 1)[1]
    notebook = nbformat.read(paths.notebooks("en") / f"{stem}.ipynb", as_version=4)
    for cell in notebook.cells:
        key = exercise_of(cell) if cell.cell_type == "code" else None
        if key:
            cell.source = f'{lesson(name, "en")[key].source()}\n\n\nexercises.check("{key}", {key})'
    folder = tmp_path / "en"
    folder.mkdir()
    nbformat.write(notebook, folder / f"{stem}.ipynb")
    done = execute(folder / f"{stem}.ipynb", folder, SMALL | small_data)
    for cell in done.cells:
        if cell.cell_type == "code" and exercise_of(cell):
            assert "✓ Right!" in outputs_text(cell), outputs_text(cell)
    assert (tmp_path / ".progress.json").exists()
