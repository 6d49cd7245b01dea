"""The pictures of articles: checked and kept with us, so that no reader's browser has to ask another site for them."""

from knowledge.pictures.beside_files import BYTES, PictureFile, store_picture, take_pictures
from knowledge.pictures.bodies import SCHEME, STORED, rewritten, stored_pictures
from knowledge.pictures.kept import KINDS, NOTHING_RUNS, TYPES, Picture, PictureStore, Size, exported_name, sizes_of

__all__ = [
    "BYTES",
    "KINDS",
    "NOTHING_RUNS",
    "SCHEME",
    "STORED",
    "TYPES",
    "Picture",
    "PictureFile",
    "PictureStore",
    "Size",
    "exported_name",
    "rewritten",
    "sizes_of",
    "store_picture",
    "stored_pictures",
    "take_pictures",
]
