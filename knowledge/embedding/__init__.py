"""Turns questions and passages into vectors that are close where their meanings are."""

from knowledge.embedding.embedder import Embedder
from knowledge.embedding.errors import EmbeddingModelError
from knowledge.embedding.load import load_embedder
from knowledge.embedding.threads import configure_threads

__all__ = ["Embedder", "EmbeddingModelError", "configure_threads", "load_embedder"]
