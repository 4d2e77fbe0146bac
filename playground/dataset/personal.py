"""What in a text looks like personal data, or like a secret that a model should not learn."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from playground.dataset.reasons import Reason

_DIGIT = re.compile(r"[0-9]")
_FULL_WIDTH = re.compile(r"[０-９＠]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


@dataclass(frozen=True)
class Sort:
    """One sort of personal data: how it is called, what it looks like, and what then decides.

    `has` is a string or pattern without which the slower `pattern` need not be tried.
    """

    name: Reason
    has: str | re.Pattern[str]
    pattern: re.Pattern[str]
    decides: Callable[[str], bool] = lambda found: True

    def is_in(self, text: str) -> bool:
        """Whether `text` holds something of the sort."""
        there = self.has in text if isinstance(self.has, str) else self.has.search(text)
        return bool(there) and any(self.decides(m[0]) for m in self.pattern.finditer(text))


def sorts_in(text: str) -> tuple[Sort, ...]:
    """The sorts of personal data that seem to be in `text`."""
    if _FULL_WIDTH.search(text):
        text = unicodedata.normalize("NFKC", text)
    return tuple(sort for sort in SORTS if sort.is_in(text))


def _is_somebodys(email: str) -> bool:
    """Addresses under names that are reserved for examples are nobody's."""
    return not re.search(r"[@.](?:example\.(?:com|org|net)|example|test|invalid)$", email.lower())


def _is_chinese_id(number: str) -> bool:
    total = sum(w * int(d) for w, d in zip(_ID_WEIGHTS, number, strict=False))
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return _ID_CHECKS[total % 11] == number[17].upper()


def _is_card(number: str) -> bool:
    digits = [int(d) for d in _DIGIT.findall(number)]
    doubled = [d * 2 - 9 * (d > 4) for d in digits[-2::-2]]
    is_one_digit = len(set(digits)) == 1
    return not is_one_digit and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


# Chinese characters stand right beside numbers, so \b, for which they are letters, would not do.
_START, _END = r"(?<![0-9A-Za-z_.+-])", r"(?![0-9A-Za-z_]|[.-][0-9])"
SORTS = (
    Sort(
        Reason("e-mail addresses", "电子邮箱"),
        "@",
        # From the "@" on, which is looked for fast; what is before it is only glanced at.
        re.compile(r"@(?<=[\w.+-]@)(?:[A-Za-z0-9-]{1,63}\.){1,5}[A-Za-z]{2,24}", re.A),
        _is_somebodys,
    ),
    Sort(
        Reason("phone numbers", "电话号码"),
        re.compile(r"[0-9][0-9 ().-]{6}"),
        re.compile(
            _START
            + r"(?:"
            + r"(?:(?:\+|00)?86[ -]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}"  # Chinese mobiles
            + r"|0[1-9][0-9]{1,2}-[2-9][0-9]{6,7}"  # Chinese landlines
            + r"|\(?[2-9][0-9]{2}\)?[ .-][2-9][0-9]{2}[.-][0-9]{4}"  # North America
            + r"|\+[1-9](?:[ ().-]{0,2}[0-9]){7,14}"  # with a country code
            + r")"
            + _END
        ),
    ),
    Sort(
        Reason("Chinese ID numbers", "身份证号"),
        re.compile(r"[0-9]{17}"),
        re.compile(_START + r"[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx]" + _END),
        _is_chinese_id,
    ),
    Sort(
        Reason("bank card numbers", "银行卡号"),
        re.compile(r"[0-9][0-9 -]{13}"),
        re.compile(
            _START
            + r"(?:(?:4|5[1-5]|2[2-7]|6[0-9]|35)[0-9]{2,3}(?:[ -]?[0-9]{4}){3}(?:[0-9]{3})?"
            + r"|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5})"
            + _END
        ),
        _is_card,
    ),
    Sort(
        Reason("keys or passwords of services", "服务密钥"),
        re.compile(r"sk-|hf_|gh[opsu]_|github_pat_|glpat-|xox[abpr]-|AKIA|AIza|LTAI|PRIVATE KEY"),
        re.compile(
            r"(?<![A-Za-z0-9])(?:"
            r"sk-[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{30,}|gh[opsu]_[A-Za-z0-9]{36}"
            r"|github_pat_\w{22,}|glpat-[\w-]{20,}|xox[abpr]-[A-Za-z0-9-]{10,}"
            r"|AKIA[0-9A-Z]{16}|AIza[\w-]{35}|LTAI[0-9A-Za-z]{12,24})"
            r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----",
            re.A,
        ),
    ),
)
