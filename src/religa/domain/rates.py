"""Percentages of money, of a day or for some days: exact integers, truncated where the Manual says.

A rate is an integer number of hundredths of a percent (200 is 2.00 %), money is centavos. Multiplied before it is
divided: one percent by thirty and then times thirty days would end in 0.009999 and lose R$ 0.01 of R$ 1,000.00.
"""

from __future__ import annotations

MILLION = 1_000_000
_WHOLE = 100 * 100


def share(base: int, rate: int) -> int:
    """Centavos that a rate makes of a base, truncated: 2 % of R$ 99.90 is R$ 1.99."""
    return base * rate // _WHOLE


def factor(rate: int, *, days: int, basis: int) -> int:
    """What a rate per `basis` days has grown to after some days, in millionths.

    Six decimals, truncated (Manual de Padrões para Iniciação do Pix, Annex III, section 4).
    """
    return rate * days * MILLION // (_WHOLE * basis)
