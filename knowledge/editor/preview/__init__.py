"""The preview: what is being written, as customers will see it in every channel."""
