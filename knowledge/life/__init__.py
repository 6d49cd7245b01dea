"""The life of an article: from a draft over its review to what customers read, and what is kept of all that."""
