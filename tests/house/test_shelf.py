"""The learner's copy of the lessons: new ones come, untouched ones follow an update, and no work is ever lost."""

import json

import pytest

from pytorch_tutor_lessons.shelf import MANIFEST, copy_lessons, read_manifest, write_atomically


@pytest.fixture
def shipped(tmp_path):
    folder = tmp_path / "shipped"
    (folder / "pictures").mkdir(parents=True)
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "01_welcome.ipynb").write_text("one")
    (folder / "02_tensors.ipynb").write_text("two")
    (folder / "pictures/graph.svg").write_text("<svg/>")
    (folder / ".ipynb_checkpoints/01_welcome-checkpoint.ipynb").write_text("no")
    return folder


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_first_start_copies_everything(shipped, tmp_path):
    mine = tmp_path / "mine"
    report = copy_lessons(shipped, mine, "en")
    assert everything(mine) == {
        "en/01_welcome.ipynb": "one",
        "en/02_tensors.ipynb": "two",
        "en/pictures/graph.svg": "<svg/>",
    }
    assert sorted(report.new) == sorted(everything(mine))
    assert set(read_manifest(mine)) == set(everything(mine))


def test_a_second_start_leaves_changes_alone(shipped, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    (mine / "en/01_welcome.ipynb").write_text("my work")
    report = copy_lessons(shipped, mine, "en")
    assert everything(mine)["en/01_welcome.ipynb"] == "my work"
    assert (report.new, report.updated, report.beside) == ([], [], [])


def test_an_update_replaces_what_was_not_touched_and_lays_the_rest_beside(shipped, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    (mine / "en/01_welcome.ipynb").write_text("my work")
    (shipped / "01_welcome.ipynb").write_text("one, better")
    (shipped / "02_tensors.ipynb").write_text("two, better")
    report = copy_lessons(shipped, mine, "en")
    assert report.updated == ["en/02_tensors.ipynb"]
    assert report.beside == [("en/01_welcome.ipynb", "en/01_welcome.new.ipynb")]
    found = everything(mine)
    assert found["en/01_welcome.ipynb"] == "my work"
    assert found["en/01_welcome.new.ipynb"] == "one, better"
    assert found["en/02_tensors.ipynb"] == "two, better"
    again = copy_lessons(shipped, mine, "en")
    assert (again.new, again.updated, again.beside) == ([], [], [])
    assert everything(mine) == found


def test_work_in_a_lesson_laid_beside_is_work_too(shipped, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    (mine / "en/01_welcome.ipynb").write_text("my work")
    (shipped / "01_welcome.ipynb").write_text("better")
    copy_lessons(shipped, mine, "en")
    (mine / "en/01_welcome.new.ipynb").write_text("my work there")
    (shipped / "01_welcome.ipynb").write_text("best")
    report = copy_lessons(shipped, mine, "en")
    assert report.beside == [("en/01_welcome.ipynb", "en/01_welcome.new2.ipynb")]
    found = everything(mine)
    assert (found["en/01_welcome.ipynb"], found["en/01_welcome.new.ipynb"]) == ("my work", "my work there")
    assert found["en/01_welcome.new2.ipynb"] == "best"


def test_a_deleted_lesson_comes_back_afresh(shipped, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    (mine / "en/02_tensors.ipynb").unlink()
    assert copy_lessons(shipped, mine, "en").new == ["en/02_tensors.ipynb"]
    assert everything(mine)["en/02_tensors.ipynb"] == "two"


@pytest.mark.parametrize("damage", ["", "{", "[1]", None])
def test_without_its_memory_every_copy_counts_as_work(shipped, tmp_path, damage):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    if damage is None:
        (mine / MANIFEST).unlink()
    else:
        (mine / MANIFEST).write_text(damage)
    (shipped / "01_welcome.ipynb").write_text("one, better")
    report = copy_lessons(shipped, mine, "en")
    assert everything(mine)["en/01_welcome.ipynb"] == "one"
    assert report.beside == [("en/01_welcome.ipynb", "en/01_welcome.new.ipynb")]


def test_a_start_that_was_killed_is_taken_up(shipped, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    memory = (mine / MANIFEST).read_text()
    (shipped / "01_welcome.ipynb").write_text("one, better")
    copy_lessons(shipped, mine, "en")
    (mine / MANIFEST).write_text(memory)  # the copies were made, and the memory was not written
    report = copy_lessons(shipped, mine, "en")
    assert (report.updated, report.beside) == ([], [])
    assert json.loads((mine / MANIFEST).read_text()) != json.loads(memory)


def test_languages_live_side_by_side(shipped, tmp_path):
    mine = tmp_path / "mine"
    copy_lessons(shipped, mine, "en")
    copy_lessons(shipped, mine, "zh")
    assert {name.partition("/")[0] for name in everything(mine)} == {"en", "zh"}
    assert {name.partition("/")[0] for name in read_manifest(mine)} == {"en", "zh"}


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "lesson.ipynb"
    write_atomically(target, b"old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(OSError, match="No space left"):
        write_atomically(target, b"new")
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["lesson.ipynb"]
