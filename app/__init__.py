"""The roof: settings, wiring, web application and command line; imported by no other package."""

import os

# Before numpy comes: the products of a turn are small, and OpenBLAS's other threads, once woken, turn idly for 30 ms.
# Three quarters of a turn's processor time went into that (209 ms, and 53 ms without).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
