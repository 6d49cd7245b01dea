"""Training: only when something changed, whole or not at all, and without a trace elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot import training
from knowledge.embedding import Embedder
from tests.conftest import ROOT


def test_what_is_trained_already_is_not_trained_again(model: Path, embedder: Embedder) -> None:
    said: list[str] = []

    assert model == training.train(model.parent, embedder, said.append)

    assert not said


def test_another_embedder_is_another_model(embedder: Embedder) -> None:
    assert training.fingerprint(embedder.name) != training.fingerprint("another")


def test_a_change_of_the_words_is_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = training.fingerprint("some")
    config = tmp_path / "config.yml"
    config.write_text(training.CONFIG.read_text() + "# changed\n")
    monkeypatch.setattr(training, "CONFIG", config)

    assert before != training.fingerprint("some")


LOAD = """
import sys
from pathlib import Path
from bot import runtime
from bot.engine import Engine
from bot.reply import TurnContext

class Embedder:
    name = "none"
    def embed_question(self, text):
        import numpy
        return numpy.zeros(int(sys.argv[2]), numpy.float32)

class Nothing(runtime.NothingKnown):
    pass

runtime.use(embedder=Embedder())
engine = Engine(Path(sys.argv[1]), Nothing(), deadline=60)
engine.reply(None, "where is my parcel", TurnContext("c1", "web"))
print(sorted({"tensorflow", "keras", "jax", "matplotlib", "twilio", "torch"} & set(sys.modules)))
"""


def test_a_process_that_serves_has_no_tensorflow_makes_no_noise_and_writes_nothing(
    model: Path, embedder: Embedder, tmp_path: Path
) -> None:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOAD, model, str(embedder.dimensions)],
        env={"HOME": str(tmp_path), "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ("[]\n", "") == (ran.stdout, ran.stderr)
    assert not list(tmp_path.iterdir())
