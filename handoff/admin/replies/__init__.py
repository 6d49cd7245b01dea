"""Canned replies, as admins write them."""
