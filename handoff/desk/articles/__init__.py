"""The page on which those who work here read an article, one for staff alone too."""
