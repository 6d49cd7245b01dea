"""The pages on which the question at the end is set, and its links are made."""
