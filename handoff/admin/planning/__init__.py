"""When each team is there, and how fast it means to be."""
