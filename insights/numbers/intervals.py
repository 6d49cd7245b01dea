"""How sure a figure is: 95 % confidence intervals of shares and of means."""

from __future__ import annotations

from math import sqrt

import numpy as np
from scipy.special import stdtrit

from insights.facts.columns import Array

Z = 1.959963984540054
"""The 97.5th percentile of the standard normal distribution."""
P = 0.975


def wilson(met: float, n: float) -> tuple[float, float] | None:
    """Of a share, met out of n; None without a case.

    Wilson's score interval (E. B. Wilson: Probable Inference, the Law of Succession, and Statistical Inference,
    JASA 22, 1927): also near 0 and 1, and of few cases, it keeps its promise.
    """
    if n <= 0:
        return None
    share = met / n
    middle = share + Z * Z / (2 * n)
    reach = Z * sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max((middle - reach) / (1 + Z * Z / n), 0.0), min((middle + reach) / (1 + Z * Z / n), 1.0)


def student(values: Array) -> tuple[float, float] | None:
    """Of a mean; None with fewer than two cases. Student's t interval, with n − 1 degrees of freedom."""
    n = len(values)
    if n < 2:
        return None
    mean = float(np.mean(values))
    reach = float(stdtrit(n - 1, P)) * float(np.std(values, ddof=1)) / sqrt(n)
    return mean - reach, mean + reach
