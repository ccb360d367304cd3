"""Exercise: a question with a reference solution, graded hints, and wrong answers that are understood."""

from __future__ import annotations

import copy
import inspect
import textwrap
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytorch_tutor_lessons.compare import same, shown
from pytorch_tutor_lessons.verdict import Verdict
from pytorch_tutor_lessons.words import Words, say


class NotAttempted(Exception):
    """The answer is still the ``...`` that was shipped."""


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer and what to say to whoever gives it.

    ``answer`` is written as a learner would write it: a value, a function or a class. A learner whose results are the
    same as this answer's on every case gets ``message``.
    """

    name: str
    answer: Any
    message: Words


def call(answer: Any, *arguments: Any) -> Any:
    """The answer's result on arguments; NotAttempted if there is none."""
    result = answer(*arguments)
    if result is None or result is ...:
        raise NotAttempted
    return result


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        key: its name, also the name of the variable or function that the learner fills in.
        solution: a value, a function or a class that answers it.
        why: the reason behind the solution.
        hints: from a nudge to nearly the answer.
        cases: a function that returns the argument tuples to try; each call must return fresh ones.
        probe: from (answer, *arguments) to the result that is compared; the answer is simply called unless told.
        mistakes: typical wrong answers.
        tolerance: how far numbers may be apart.
    """

    key: str
    solution: Any
    why: Words
    hints: Sequence[Words]
    cases: Callable[[], Sequence[tuple[Any, ...]]] = field(default=lambda: ((),))
    probe: Callable[..., Any] | None = None
    mistakes: Sequence[Mistake] = ()
    tolerance: float = 1e-4

    @property
    def is_value(self) -> bool:
        """Is the answer a value to give, and not code to write?"""
        return not callable(self.solution)

    def results(self, answer: Any) -> list[Any]:
        """What the answer gives on every case (a value gives itself)."""
        if answer is None or answer is ...:
            raise NotAttempted
        if self.is_value:
            return [answer]
        probe = self.probe or call
        found = []
        for arguments in self.cases():
            result = probe(answer, *arguments)
            if result is None or result is ...:
                raise NotAttempted
            found.append(result)
        return found

    def check(self, answer: Any, language: str) -> Verdict:
        """Right, wrong (with the recognised mistake or a counter-example), error, or not attempted."""
        try:
            results = self.results(answer)
        except NotAttempted:
            return Verdict("not attempted", say("not attempted", language), (say("replace", language),))
        except Exception as error:  # noqa: BLE001 - whatever the learner's code raises is shown, never passed on
            known = self._known_error(error, language)
            return known or Verdict("error", say("error", language), self._error_lines(error, answer, language))
        expected = self.results(self.solution)
        places = [i for i, (r, e) in enumerate(zip(results, expected, strict=True)) if not same(r, e, self.tolerance)]
        if not places:
            return Verdict("right", say("right", language), (self.why[language],))
        for mistake in self.mistakes:
            if self._recognised(mistake, results):
                lines = (mistake.message[language], say("next hint", language, key=self.key))
                return Verdict("wrong", say("wrong", language), lines, mistake=mistake.name)
        return Verdict("wrong", say("wrong", language), self._counter_example(places[0], results, expected, language))

    def _recognised(self, mistake: Mistake, results: list[Any]) -> bool:
        try:
            theirs = self.results(mistake.answer)
        except Exception:  # noqa: BLE001 - a wrong answer that raises is recognised by its error, in _known_error
            return False
        return all(same(r, t, self.tolerance) for r, t in zip(results, theirs, strict=True))

    def _known_error(self, error: Exception, language: str) -> Verdict | None:
        """A typical wrong answer that fails with the same error."""
        for mistake in self.mistakes:
            try:
                self.results(mistake.answer)
            except NotAttempted:
                continue
            except Exception as theirs:  # noqa: BLE001 - the point is to see which error it is
                if type(theirs) is type(error) and str(theirs) == str(error):
                    lines = (f"{type(error).__name__}: {error}", mistake.message[language])
                    return Verdict("error", say("error", language), lines, mistake=mistake.name)
        return None

    def _error_lines(self, error: Exception, answer: Any, language: str) -> tuple[str, ...]:
        lines = [f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())]
        theirs = _file_of(answer)
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if theirs is not None and frame.filename == theirs:
                lines.append(say("in line", language, line=frame.lineno) + f":  {frame.line}")
                break
        return (*lines, say("next hint", language, key=self.key))

    def _counter_example(self, place: int, results: list[Any], expected: list[Any], language: str) -> tuple[str, ...]:
        lines = []
        arguments = () if self.is_value else tuple(self.cases())[place]
        if arguments:
            lines.append(f"{say('inputs', language)}  {', '.join(shown(a) for a in arguments)}")
        if not self.is_value:  # a value is the whole answer: saying it would give it away
            lines.append(f"{say('expected', language)}  {shown(expected[place])}")
        lines.append(f"{say('got', language)}  {shown(results[place])}")
        return (*lines, say("next hint", language, key=self.key))

    def source(self) -> str:
        """The solution as a learner would write it."""
        if self.is_value:
            return f"{self.key} = {self.solution!r}"
        return textwrap.dedent(inspect.getsource(self.solution)).rstrip()


def _file_of(answer: Any) -> str | None:
    try:
        return inspect.getfile(answer)
    except (TypeError, OSError):
        code = getattr(answer, "__code__", None)
        return None if code is None else str(code.co_filename)


def fresh(*arguments: Any) -> tuple[Any, ...]:
    """Arguments copied, so that an answer that changes them in place spoils nothing."""
    return tuple(copy.deepcopy(arguments))
