"""``torch.utils.deterministic``: memory of ``torch.empty`` is not filled here, deterministic or not."""

fill_uninitialized_memory = True
