"""Tests of how it went."""
