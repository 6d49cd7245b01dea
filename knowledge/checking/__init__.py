"""What will it say? Drafts are asked before they are live, and every article what it must and must not answer."""

from knowledge.checking.asking import ask
from knowledge.checking.checks import Checked, check
from knowledge.checking.gate import Leaving, Settling, broken_now, gate, leaving, settle
from knowledge.checking.waiving import Waiver, WaiverError, take_back, waive

__all__ = [
    "Checked",
    "Leaving",
    "Settling",
    "Waiver",
    "WaiverError",
    "ask",
    "broken_now",
    "check",
    "gate",
    "leaving",
    "settle",
    "take_back",
    "waive",
]
