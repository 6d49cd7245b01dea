"""Runs any sentence-transformers model from a folder with torch: the encoder of models an operator chose."""

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

from knowledge.embedding.encoder import Kind, Vectors
from knowledge.embedding.errors import EmbeddingModelError
from knowledge.embedding.huggingface import quiet_huggingface
from knowledge.embedding.threads import cores

BATCH = 256  # texts between two reports of progress; sentence-transformers sorts them by length


class TorchEncoder:
    """An Encoder in the model's own precision, with the prompts that the model itself declares."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "modules.json").is_file():
            raise EmbeddingModelError(f"The folder {folder} holds no sentence-transformers model (no modules.json).")
        try:
            with quiet_huggingface():
                from sentence_transformers import SentenceTransformer

                self._model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
        except Exception as error:  # the libraries raise whatever a broken file makes them
            raise EmbeddingModelError(f"The embedding model in {folder} can't be loaded: {error}") from error
        self._alone = Lock()  # the tokenizer's padding is state
        self.name = f"{folder.resolve().name}/{_fingerprint(folder)}"
        self.dimensions = int(self._model.get_embedding_dimension() or 0)

    def embed(self, texts: Sequence[str], kind: Kind) -> Iterator[Vectors]:
        import torch

        encode = self._model.encode_query if kind == "question" else self._model.encode_document
        for start in range(0, len(texts), BATCH):
            with self._alone:
                torch.set_num_threads(cores())
                yield encode(list(texts[start : start + BATCH]), normalize_embeddings=True, show_progress_bar=False)

    def knows(self, word: str) -> bool:
        with self._alone:
            return len(self._model.tokenizer.tokenize(word)) == 1


def _fingerprint(folder: Path) -> str:
    """Of weights, tokenizer and settings: everything that decides a vector."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".safetensors", ".bin", ".json", ".txt", ".model"}:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:12]
