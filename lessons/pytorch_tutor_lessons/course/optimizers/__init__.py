"""Lesson 6: taking good steps."""
