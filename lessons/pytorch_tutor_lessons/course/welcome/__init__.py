"""Lesson 1: a machine that learns, in six lines."""
