"""Lets Hugging Face's libraries in quietly: offline, without telemetry, progress bars or reports."""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_huggingface() -> Iterator[None]:
    """Around every import and use of transformers and sentence_transformers."""
    stay_offline()
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def stay_offline() -> None:
    """Counts only before the first import of huggingface_hub."""
    os.environ.update(HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", TOKENIZERS_PARALLELISM="false")
