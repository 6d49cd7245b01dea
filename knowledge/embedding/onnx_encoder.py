"""Runs a prepared model with ONNX Runtime: the encoder of the models Handrail brings along."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from knowledge.embedding.catalogue import KnownModel
from knowledge.embedding.encoder import Kind, Vectors
from knowledge.embedding.threads import cores

ERRORS_ONLY = 3


class OnnxEncoder:
    """An Encoder that computes each text by itself, on one core, and so many texts at once as there are cores.

    In a batch, int8 texts share their ranges: a text's vector would depend on its neighbours. And a batch gains little:
    texts of a hundred tokens nothing, of twelve a time and a half (measured on one core, batches of 16).
    """

    def __init__(self, model: KnownModel, folder: Path) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = ERRORS_ONLY
        self._session = InferenceSession(folder / "model.onnx", options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._prefixes: dict[Kind, str] = {"question": model.question_prefix, "passage": model.passage_prefix}
        self.name = model.full_name
        self.dimensions = int(self._session.get_outputs()[0].shape[1])

    def embed(self, texts: Sequence[str], kind: Kind) -> Iterator[Vectors]:
        prefixed = [self._prefixes[kind] + text for text in texts]
        if len(prefixed) == 1:
            yield self._vector(prefixed[0])
            return
        with ThreadPoolExecutor(cores()) as pool:
            yield from pool.map(self._vector, prefixed)

    def knows(self, word: str) -> bool:
        return len(self._tokenizer.encode(word, add_special_tokens=False).tokens) == 1

    def _vector(self, text: str) -> Vectors:
        tokens = np.array([self._tokenizer.encode(text).ids], np.int64)
        vector: Vectors = self._session.run(None, {"tokens": tokens})[0]
        return vector
