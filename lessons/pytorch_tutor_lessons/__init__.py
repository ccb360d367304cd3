"""The lessons: notebooks in English and Chinese, and what checks their exercises."""

from pytorch_tutor_lessons.lesson import Lesson, lesson
from pytorch_tutor_lessons.verdict import Verdict

__all__ = ["Lesson", "Verdict", "lesson"]
