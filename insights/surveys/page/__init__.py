"""The page behind a signed link: one question, and its answer."""
