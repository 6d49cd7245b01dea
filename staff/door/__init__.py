"""The door: where staff sign in and out, and choose a password by a one-time link."""
