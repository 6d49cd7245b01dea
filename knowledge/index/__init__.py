"""Passages in memory: nearest vectors and BM25, in snapshots that follow what is published."""

from knowledge.index.follower import Follower
from knowledge.index.records import ArticleView, PassageRecord
from knowledge.index.snapshot import Snapshot

__all__ = ["ArticleView", "Follower", "PassageRecord", "Snapshot"]
