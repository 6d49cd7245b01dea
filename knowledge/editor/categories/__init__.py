"""The pages of categories: what there is, in which order customers see it, and under which address."""
