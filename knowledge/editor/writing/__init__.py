"""Writing an article: its form, what is kept at every pause, two who write at once."""
