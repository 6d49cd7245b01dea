"""The one question at the end: when it is asked, how its answer is read and kept."""
