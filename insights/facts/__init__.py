"""One row for each conversation, derived from what was kept of it and nothing else: figures are read from these."""
