"""Looking at graphs: reading, recording a pass, summarising tensors; no widget, no browser, no import of an engine."""
