"""The pages of what needs somebody: the work list, and the table of translations."""
