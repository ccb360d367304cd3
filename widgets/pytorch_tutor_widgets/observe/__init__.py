"""Looking at graphs: read them, record a backward pass, summarise tensors; no widget, no browser, no import of an engine."""
