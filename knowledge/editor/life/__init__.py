"""The room of an article's life: the panel with the next steps, the page of a review, the history."""
