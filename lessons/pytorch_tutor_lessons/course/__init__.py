"""The course: one folder per lesson, each with its checks, its solutions and its typical wrong answers."""
