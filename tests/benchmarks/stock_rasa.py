"""Stock Rasa 3.6: the project `rasa init` writes, with its default pipeline and policies, and the FAQ added to it."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from tests.benchmarks.faq import Faq
from tests.benchmarks.processes import Command, run, serving
from tests.benchmarks.rest_client import RestClient
from tests.ports import free_port

EPOCHS = 2
"""Instead of 100, which take a quarter of an hour: a turn costs the same, whatever the weights are."""
PREFIX = "faq"
RASA = (sys.executable, "-m", "rasa")
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
}


def prepare(faq: Faq, cache: Path) -> Path:
    """The trained model, made on the first call for this FAQ, which takes a minute or two."""
    with TemporaryDirectory(prefix="handrail-stock-") as folder:
        project = _write_project(faq, Path(folder))
        model = cache / f"stock-{_fingerprint(project)}.tar.gz"
        if not model.exists():
            cache.mkdir(parents=True, exist_ok=True)
            _train(project, model)
    return model


@contextmanager
def stock_server(model: Path, folder: Path) -> Iterator[RestClient]:
    """`rasa run` in a process of its own, with REST and the tracker store it has without being told: in memory."""
    (folder / "credentials.yml").write_text("rest:\n")
    port = free_port()
    words = [*RASA, "run", "--model", str(model), "--interface", "127.0.0.1", "--port", str(port)]
    command = Command([*words, "--credentials", "credentials.yml"], folder, folder / "log", QUIET)
    # It listens when the model is loaded.
    with serving(command, port, "/webhooks/rest/"), RestClient(port) as client:
        yield client


def _train(project: Path, model: Path) -> None:
    words = ["nice", "-n", "10", *RASA, "train", "--domain", "domain", "--out", "models", "--fixed-model-name", "stock"]
    run(Command(words, project, project / "log", QUIET))
    # One step on one disk: what is found under its name is whole.
    shutil.copy(project / "models" / "stock.tar.gz", model.with_suffix(".part"))
    model.with_suffix(".part").rename(model)


def _write_project(faq: Faq, project: Path) -> Path:
    initial = _rasa_folder() / "cli" / "initial_project"
    shutil.copytree(initial / "data", project / "data")
    (project / "domain").mkdir()
    shutil.copy(initial / "domain.yml", project / "domain" / "domain.yml")
    _write(project / "config.yml", _config())
    _write(project / "data" / "faq.yml", {"version": "3.1", "nlu": _examples(faq), "rules": [_rule()]})
    _write(project / "domain" / "faq.yml", _domain(faq))
    return project


def _rasa_folder() -> Path:
    spec = find_spec("rasa")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _config() -> dict[str, Any]:
    default = _rasa_folder() / "engine" / "recipes" / "config_files" / "default_config.yml"
    config: dict[str, Any] = yaml.safe_load(default.read_text())
    config["assistant_id"] = "stock"
    for component in [*config["pipeline"], *config["policies"]]:
        if "epochs" in component:
            component["epochs"] = EPOCHS
    return config


def _examples(faq: Faq) -> list[dict[str, str]]:
    return [
        {"intent": f"{PREFIX}/{topic.id}", "examples": "".join(f"- {example}\n" for example in topic.examples)}
        for topic in faq.topics
    ]


def _rule() -> dict[str, Any]:
    return {"rule": "Answer the FAQ", "steps": [{"intent": PREFIX}, {"action": f"utter_{PREFIX}"}]}


def _domain(faq: Faq) -> dict[str, Any]:
    responses = {f"utter_{PREFIX}/{topic.id}": [{"text": topic.answer}] for topic in faq.topics}
    return {"version": "3.1", "intents": [PREFIX], "responses": responses}


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _fingerprint(project: Path) -> str:
    sha256 = hashlib.sha256(version("rasa").encode())
    for path in sorted(project.rglob("*.yml")):
        sha256.update(path.relative_to(project).as_posix().encode() + path.read_bytes())
    return sha256.hexdigest()[:16]
