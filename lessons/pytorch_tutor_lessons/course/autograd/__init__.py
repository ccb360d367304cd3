"""Lesson 3: how gradients are computed."""
