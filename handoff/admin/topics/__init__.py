"""The page of topics: to which team each goes."""
