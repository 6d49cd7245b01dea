"""The desk's live wire."""
