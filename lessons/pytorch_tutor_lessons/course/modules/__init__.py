"""Lesson 4: networks from pieces."""
