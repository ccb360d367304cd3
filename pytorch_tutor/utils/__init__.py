"""Helpers around a model: `data` brings samples in batches, `hooks` holds the handles of hooks."""
