"""What will it say? Drafts are asked before they are live, and every article what it must and must not answer."""

from knowledge.checking.asking import ask
from knowledge.checking.checks import Checked, check
from knowledge.checking.gate import Settling, broken_now, gate, settle
from knowledge.checking.waiving import Waiver, WaiverError, take_back, waive

__all__ = [
    "Checked",
    "Settling",
    "Waiver",
    "WaiverError",
    "ask",
    "broken_now",
    "check",
    "gate",
    "settle",
    "take_back",
    "waive",
]
