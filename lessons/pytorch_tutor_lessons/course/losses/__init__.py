"""Lesson 5: how wrong becomes a number."""
