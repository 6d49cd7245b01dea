"""How a sentence is spelled, as hashed character n-grams: what its vector passes over, such as a name or a typo."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.preprocessing import normalize

DIMENSIONS = 2**13

_ngrams = HashingVectorizer(
    analyzer="char_wb", ngram_range=(2, 5), n_features=DIMENSIONS, alternate_sign=False, norm=None, dtype=np.float64
)


def spelled(texts: list[str]) -> csr_matrix:
    """Rows of unit norm (or zero), shape (texts, `DIMENSIONS`)."""
    counted = _ngrams.transform(texts)
    counted.data = 1 + np.log(counted.data)
    return normalize(counted, copy=False)
