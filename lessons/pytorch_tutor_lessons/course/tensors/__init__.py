"""Lesson 2: boxes of numbers with a shape."""
