"""Bringing articles in and taking them out, in the browser."""
