"""What we know: help articles, their passages, semantic search and the answers made of them."""
