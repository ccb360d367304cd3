"""Every exercise: not attempted as shipped, right with its solution, and each typical wrong answer is recognised."""

import pytest

from pytorch_tutor_lessons.exercise import Exercise
from pytorch_tutor_lessons.lesson import NAMES, lesson

ALL = [(name, exercise) for name in NAMES for exercise in lesson(name, "en")]
IDS = [f"{name}-{exercise.key}" for name, exercise in ALL]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTORCH_TUTOR_LANG", "en")


def test_every_lesson_has_at_least_three_exercises():
    assert all(len(list(lesson(name, "en"))) >= 3 for name in NAMES)


@pytest.mark.parametrize(("name", "exercise"), ALL, ids=IDS)
def test_the_solution_is_right(name: str, exercise: Exercise):
    verdict = lesson(name, "en").check(exercise.key, exercise.solution)
    assert verdict.state == "right", verdict


@pytest.mark.parametrize(("name", "exercise"), ALL, ids=IDS)
def test_an_ellipsis_is_not_attempted(name: str, exercise: Exercise):
    assert exercise.check(..., "en").state == "not attempted"


@pytest.mark.parametrize(("name", "exercise"), ALL, ids=IDS)
def test_each_typical_wrong_answer_gets_its_own_message(name: str, exercise: Exercise):
    assert exercise.mistakes
    for mistake in exercise.mistakes:
        for language in ("en", "zh"):
            verdict = exercise.check(mistake.answer, language)
            assert verdict.state in ("wrong", "error")
            assert verdict.mistake == mistake.name, verdict
            assert mistake.message[language] in verdict.lines


@pytest.mark.parametrize(("name", "exercise"), ALL, ids=IDS)
def test_both_languages_say_everything(name: str, exercise: Exercise):
    sentences = [exercise.why, *exercise.hints, *(m.message for m in exercise.mistakes)]
    assert len(exercise.hints) >= 2
    for words in sentences:
        assert set(words) == {"en", "zh"}
        assert all(text.strip() for text in words.values())


def test_a_wrong_answer_nobody_thought_of_gets_a_counter_example():
    verdict = lesson("autograd", "en").check("derivative", lambda x: x + 1000.0)
    assert verdict.state == "wrong"
    assert [line.split()[0] for line in verdict.lines[:3]] == ["with", "expected", "got"]


def test_an_error_in_the_answer_names_the_learners_line():
    def broken(x):
        return x.no_such_thing

    verdict = lesson("autograd", "en").check("derivative", broken)
    assert verdict.state == "error"
    assert "AttributeError" in verdict.lines[0]
    assert any("no_such_thing" in line and "line" in line for line in verdict.lines[1:])


def test_hints_come_one_after_another_and_then_point_to_the_solution():
    exercises = lesson("autograd", "en")
    count = len(exercises["derivative"].hints)
    headlines = [exercises.hint("derivative").headline for _ in range(count + 1)]
    assert headlines == [f"Hint {k} of {count}" for k in range(1, count + 1)] + [f"Hint {count} of {count}"]
    assert "solution" in exercises.hint("derivative").lines[-1]


def test_the_solution_is_shown_with_its_reason():
    shown = lesson("autograd", "zh").solution("derivative")
    assert "def derivative(x):" in shown.code
    assert "为什么" in shown.lines[0]


def test_progress_is_kept_and_can_be_reset(tmp_path):
    exercises = lesson("losses", "en")
    exercises.check("clueless", exercises["clueless"].solution)
    assert "1 of 4" in repr(lesson("losses", "en"))
    (tmp_path / ".progress.json").write_text("{ broken")
    assert "0 of 4" in repr(lesson("losses", "en"))
    exercises.check("clueless", 4.605)
    exercises.reset("clueless")
    assert "0 of 4" in repr(exercises)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(KeyError, match="derivative"):
        lesson("autograd", "en").check("derivatve", 1)
    with pytest.raises(ValueError, match="autograd"):
        lesson("autograt")


def test_text_from_an_answer_is_never_html():
    class Evil:
        def __repr__(self):
            return "<img src=x onerror=alert(1)>"

    verdict = lesson("autograd", "en").check("derivative", lambda x: Evil())
    assert "<img" not in verdict._repr_html_()
    assert "&lt;img" in verdict._repr_html_()
