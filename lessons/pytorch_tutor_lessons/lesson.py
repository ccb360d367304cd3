"""``lesson("autograd")``: the exercises of a lesson, as its notebook uses them."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from typing import Any

from pytorch_tutor_lessons import progress
from pytorch_tutor_lessons.exercise import Exercise
from pytorch_tutor_lessons.verdict import Verdict
from pytorch_tutor_lessons.words import VARIABLE, learners_language, say

NAMES = ("welcome", "tensors", "autograd", "modules", "losses", "optimizers", "cnn")


class Lesson:
    """A lesson's exercises: ``check``, ``hint``, ``solution`` by name."""

    def __init__(self, name: str, exercises: tuple[Exercise, ...], language: str) -> None:
        self.name = name
        self.language = language
        self._exercises = {exercise.key: exercise for exercise in exercises}
        self._hints_given: dict[str, int] = {}

    def __iter__(self) -> Iterator[Exercise]:
        return iter(self._exercises.values())

    def __getitem__(self, key: str) -> Exercise:
        if key not in self._exercises:
            raise KeyError(say("no exercise", self.language, key=key, known=", ".join(self._exercises)))
        return self._exercises[key]

    def check(self, key: str, answer: Any) -> Verdict:
        """Says whether an answer is right, and if not, what is wrong with it."""
        verdict = self[key].check(answer, self.language)
        if verdict.state == "right":
            progress.record(self.name, key)
        return verdict

    def hint(self, key: str) -> Verdict:
        """The next hint; each call says a little more."""
        exercise = self[key]
        count = len(exercise.hints)
        given = min(self._hints_given.get(key, 0) + 1, count)
        self._hints_given[key] = given
        lines = [exercise.hints[given - 1][self.language]]
        if given == count:
            lines.append(say("last hint", self.language, key=key))
        return Verdict("hint", say("hint", self.language, k=given, n=count), tuple(lines))

    def solution(self, key: str) -> Verdict:
        """A solution, and the reason behind it."""
        exercise = self[key]
        why = f"{say('why', self.language)}: {exercise.why[self.language]}"
        return Verdict("hint", say("solution", self.language), (why,), exercise.source())

    def reset(self, key: str | None = None) -> None:
        """Forgets that an exercise (or all of them) was solved."""
        progress.reset(self.name, key)
        self._hints_given.clear()

    def __repr__(self) -> str:
        done = progress.solved(self.name) & self._exercises.keys()
        lines = [say("progress", self.language, done=len(done), total=len(self._exercises))]
        lines += [f"  {'✓' if key in done else '○'} {key}" for key in self._exercises]
        return "\n".join(lines)


def lesson(name: str, language: str | None = None) -> Lesson:
    """The exercises of a lesson, in the language of the notebook's folder unless told; its widgets then speak it, too.

    >>> lesson("autograd", "en").hint("derivative").state
    'hint'
    """
    if name not in NAMES:
        raise ValueError(f"there is no lesson {name!r}; there are: {', '.join(NAMES)}")
    if language is None:
        language = os.environ[VARIABLE] = learners_language()
    module = importlib.import_module(f"pytorch_tutor_lessons.course.{name}.checks")
    return Lesson(name, tuple(module.EXERCISES), language)
