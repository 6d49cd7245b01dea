"""What can go wrong with an embedding model, said so that the person who starts Handrail can act on it."""


class EmbeddingModelError(Exception):
    """The embedding model can't be used; the message is a sentence for whoever runs Handrail."""
