"""Lesson 7: a network that sees."""
