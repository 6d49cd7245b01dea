"""The page on which it is set by when follow-ups should be closed."""
