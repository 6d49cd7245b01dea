"""The page of the desk's settings: what is safe to change while everything runs."""
