"""How many processor cores embedding may keep busy, set once for the process."""

_cores = 1


def configure_threads(cores: int) -> None:
    """Let passages be embedded on so many cores at once. A question takes one for each model."""
    global _cores  # noqa: PLW0603 - the cores are the process's, as they are ONNX Runtime's and torch's
    _cores = max(1, cores)


def cores() -> int:
    return _cores
