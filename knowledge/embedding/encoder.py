"""What every encoder offers, whatever it runs on."""

from collections.abc import Iterator, Sequence
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Kind = Literal["question", "passage"]


class Encoder(Protocol):
    """Turns texts into vectors of unit norm. May be used by several threads at once.

    `name` tells apart all vectors that mustn't be compared: those of other weights, precision or preparation.
    """

    name: str
    dimensions: int

    def embed(self, texts: Sequence[str], kind: Kind) -> Iterator[Vectors]:
        """The texts' vectors in their order, in batches (float32, any number of texts x dimensions)."""
        ...

    def knows(self, word: str) -> bool:
        """Whether the vocabulary has the word as a whole: what it was trained on said it often."""
        ...
