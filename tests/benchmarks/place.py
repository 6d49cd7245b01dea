"""Where a run measures: the settings of the product, the public data sets, and a folder that is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from app.settings import Settings

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"


@dataclass(frozen=True)
class Place:
    settings: Settings
    """As the environment says: what is measured is what is served."""
    data: Path
    scratch: Path

    @property
    def cache(self) -> Path:
        """What a later run needs again: the stock bot that took minutes to train."""
        return self.settings.cache_dir / "bench"

    @contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        with TemporaryDirectory(dir=self.scratch, prefix=f"{name}-") as folder:
            yield Path(folder)


@contextmanager
def make_place(settings: Settings, data: Path) -> Iterator[Place]:
    settings = replace(settings, cache_dir=(ROOT / settings.cache_dir).resolve())
    with TemporaryDirectory(prefix="handrail-bench-") as scratch:
        yield Place(settings, data.resolve(), Path(scratch))
