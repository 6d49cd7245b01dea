"""Trains the Rasa model, when anything it is made of has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from bot import quiet, runtime
from bot.runtime import SentenceEmbedder

PROJECT = Path(__file__).parent
CONFIG = PROJECT.parent / "config.yml"

Say = Callable[[str], None]


def train(model_dir: Path, embedder: SentenceEmbedder, say: Say = lambda _sentence: None) -> Path:
    """The model archive for this project and this embedder, trained first if it isn't there.

    `say` is told in sentences what takes long. The archive appears in one step and earlier ones are removed.
    """
    model = model_dir / f"handrail-{fingerprint(embedder.name)}.tar.gz"
    if model.exists():
        return model
    say("Training the bot. This happens whenever what it learns from has changed, and takes a quarter of a minute.")
    runtime.use(embedder=embedder)
    model_dir.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=model_dir, prefix=".training-") as scratch:
        trained = _train(Path(scratch) / model.name)
        trained.replace(model)
    for earlier in model_dir.glob("handrail-*.tar.gz"):
        if earlier != model:
            earlier.unlink(missing_ok=True)
    say("The bot is trained.")
    return model


def fingerprint(embedder_name: str) -> str:
    """Of all a model is made of: configuration, domain, data, our components, the embedder and Rasa itself."""
    digest = hashlib.sha256(f"{embedder_name} {version('rasa')}".encode())
    for path in _ingredients():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _ingredients() -> Iterator[Path]:
    yield CONFIG
    for folder, pattern in (("domain", "*.yml"), ("data", "**/*.yml"), ("nlu", "*.py"), ("nlu", "*.yml")):
        yield from sorted((PROJECT / folder).glob(pattern))


def _train(archive: Path) -> Path:
    with quiet.importing_rasa():
        from rasa.engine.recipes.default_recipe import DefaultV1Recipe
        from rasa.engine.runner.dask import DaskGraphRunner
        from rasa.engine.storage.local_model_storage import LocalModelStorage
        from rasa.engine.training.graph_trainer import GraphTrainer
        from rasa.engine.validation import validate
        from rasa.shared.data import TrainingType
        from rasa.shared.importers.importer import TrainingDataImporter

        from bot.no_cache import NoCache

        # Rasa imports its components, ours among them, when it first looks for one by name.
        import_module("rasa.engine.recipes.default_components")
        quiet.hush()
        importer = TrainingDataImporter.load_from_config(str(CONFIG), str(PROJECT / "domain"), [str(PROJECT / "data")])
        graph = DefaultV1Recipe().graph_config_for_recipe(importer.get_config(), {}, TrainingType.BOTH)
        validate(graph)
        with TemporaryDirectory(dir=archive.parent) as storage:
            trainer = GraphTrainer(LocalModelStorage(Path(storage)), NoCache(), DaskGraphRunner)
            trainer.train(graph, importer, archive, force_retraining=True)
    return archive
