"""The invented company's own desk: its opening hours, targets and canned replies."""
