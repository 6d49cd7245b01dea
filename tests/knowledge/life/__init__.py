"""The life of an article, as editors lead it."""
