"""Two modes on the same questions: who was right where, and whether chance may explain it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True)
class Paired:
    """The win/lose matrix of two modes: questions that both, one alone, or neither got right."""

    both: int
    only_first: int
    only_second: int
    neither: int

    @classmethod
    def of(cls, outcomes: Iterable[tuple[bool, bool]]) -> Paired:
        """From (first is right, second is right), a pair a question."""
        count = Counter(outcomes)
        return cls(count[True, True], count[True, False], count[False, True], count[False, False])

    @property
    def total(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def difference(self) -> float:
        """The second's share of right answers less the first's; 0 of nothing."""
        return (self.only_second - self.only_first) / self.total if self.total else 0.0

    @property
    def p_value(self) -> float:
        """McNemar's (1947) test, exact and two-sided: how likely so uneven a split is by chance.

        Only questions that one of the two got right say anything; each is a fair coin's throw if
        the modes are equally good.
        """
        discordant = self.only_first + self.only_second
        fewer = min(self.only_first, self.only_second)
        tail = sum(comb(discordant, k) for k in range(fewer + 1))
        return min(1.0, 2 * tail / 2**discordant)
