"""The learner's language, and sentences that exist in both."""

from __future__ import annotations

import os
from pathlib import Path

from pytorch_tutor_lessons import paths

Words = dict[str, str]  # {"en": ..., "zh": ...}
VARIABLE = "PYTORCH_TUTOR_LANG"


def learners_language() -> str:
    """`en` or `zh`: the folder that the notebook lies in, else the environment's word, else the system's."""
    here = Path.cwd().name
    if here in paths.LANGUAGES:
        return here
    asked = os.environ.get(VARIABLE, "")
    return asked if asked in paths.LANGUAGES else paths.language()


SENTENCES: dict[str, Words] = {
    "not attempted": {"en": "Not attempted yet.", "zh": "还没有作答。"},
    "right": {"en": "Right!", "zh": "正确！"},
    "wrong": {"en": "Not yet.", "zh": "还不对。"},
    "error": {"en": "Your code stopped with an error.", "zh": "你的代码运行时出错了。"},
    "replace": {
        "en": "Replace the ... in the cell above by your own code, then run it again.",
        "zh": "把上面单元格里的 ... 换成你自己的代码，再运行一次。",
    },
    "inputs": {"en": "with", "zh": "输入"},
    "expected": {"en": "expected", "zh": "期望"},
    "got": {"en": "got", "zh": "得到"},
    "next hint": {"en": "A hint: exercises.hint({key!r})", "zh": "想要提示：exercises.hint({key!r})"},
    "hint": {"en": "Hint {k} of {n}", "zh": "提示 {k} / {n}"},
    "last hint": {
        "en": "That was the last hint. The solution: exercises.solution({key!r})",
        "zh": "提示到此为止。参考答案：exercises.solution({key!r})",
    },
    "solution": {"en": "A solution", "zh": "参考答案"},
    "why": {"en": "Why", "zh": "为什么"},
    "progress": {"en": "{done} of {total} exercises of this lesson done.", "zh": "本课练习完成 {done} / {total}。"},
    "no exercise": {
        "en": "There is no exercise {key!r} in this lesson; there are: {known}",
        "zh": "本课没有练习 {key!r}；有这些：{known}",
    },
    "in line": {"en": "in line {line} of your code", "zh": "在你代码的第 {line} 行"},
    "shape": {"en": "shape {shape}", "zh": "形状 {shape}"},
}


def say(sentence: str, language: str, /, **values: object) -> str:
    """One of the sentences above, its holes filled."""
    return SENTENCES[sentence][language].format(**values)
