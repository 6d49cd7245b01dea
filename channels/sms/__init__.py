"""The SMS channel: short texts in few segments."""
