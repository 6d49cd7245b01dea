"""Making archives."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Mapping


def packed(files: Mapping[str, str | bytes]) -> bytes:
    content = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(content, "w") as archive:
        warnings.simplefilter("ignore")
        for name, text in files.items():
            kind = zipfile.ZIP_DEFLATED if len(text) > 1_000 else zipfile.ZIP_STORED
            archive.writestr(name, text, kind)
    return content.getvalue()
