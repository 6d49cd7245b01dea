"""Figures: each is one pure function over facts, with its one definition beside it, in words."""
