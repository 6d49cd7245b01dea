"""Imports that are looked at before they are done: kept as rows, and gone on with by whichever process is there."""
