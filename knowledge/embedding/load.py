"""Finds, prepares and loads the embedding model that a setting names."""

from pathlib import Path

from knowledge.embedding.cache import Say
from knowledge.embedding.catalogue import KNOWN_MODELS
from knowledge.embedding.embedder import Embedder
from knowledge.embedding.encoder import Encoder
from knowledge.embedding.errors import EmbeddingModelError
from knowledge.embedding.huggingface import stay_offline
from knowledge.embedding.prepare import prepare


def load_embedder(name: str, cache_dir: Path, progress: Say | None = None) -> Embedder:
    """The embedder for `name`: a model Handrail brings, a sentence-transformers model, or several joined by `+`.

    A model that comes along is prepared under `cache_dir` the first time, which takes a minute and is told to
    `progress` in sentences. Nothing is ever downloaded. Raises EmbeddingModelError.
    """
    names = [name] if Path(name).is_dir() else name.split("+")
    return Embedder([_load(each, cache_dir, progress) for each in names])


def _load(name: str, cache_dir: Path, progress: Say | None) -> Encoder:
    # The libraries are imported where they are needed: only an operator's own model takes torch, which takes seconds.
    if name in KNOWN_MODELS:
        from knowledge.embedding.onnx_encoder import OnnxEncoder

        return OnnxEncoder(KNOWN_MODELS[name], prepare(name, cache_dir, progress))
    folder = Path(name) if Path(name).is_dir() else _in_local_cache(name)
    if folder is not None:
        from knowledge.embedding.torch_encoder import TorchEncoder

        return TorchEncoder(folder)
    raise EmbeddingModelError(
        f"There is no embedding model named {name!r}. Name {' or '.join(KNOWN_MODELS)}, several joined by +, "
        "or a sentence-transformers model: its folder, or its name if it is in this machine's Hugging Face cache; "
        "Handrail downloads none."
    )


def _in_local_cache(name: str) -> Path | None:
    """The folder of a model that the operator has downloaded before."""
    # Not transformers: a name that was mistyped shall be answered at once.
    stay_offline()
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(name, local_files_only=True))
    except Exception:  # not there, or no such name is possible: the caller says so
        return None
