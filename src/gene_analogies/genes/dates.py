"""Dates, into which spreadsheets turn names of genes: ``1-Mar`` was MARCH1 or MARC1."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from gene_analogies.genes.other_symbols import step_back

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gene_analogies.genes.gene import Gene
    from gene_analogies.genes.table import GeneTable

__all__ = ["Origin", "origins"]

_MONTHS: Final = (
    "JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER",
    "OCTOBER", "NOVEMBER", "DECEMBER",
)  # fmt: skip
_NUMBER_OF: Final = {month[:3]: number for number, month in enumerate(_MONTHS, 1)}
_SHORT: Final = "|".join(_NUMBER_OF)
_DAY_FIRST: Final = re.compile(
    rf"([0-9]{{1,2}})[-/. ]+({_SHORT}|SEPT|{'|'.join(_MONTHS)})\.?(?:[-/. ]+[0-9]{{2,4}})?",
    re.A | re.I,
)
# As spreadsheets write a month and a year; OCT-4 and MARCH-10 are what people write.
_MONTH_FIRST: Final = re.compile(rf"({_SHORT})[-/. ]+([0-9]{{2}})", re.A | re.I)
_IN_NUMBERS: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?")
_WITH_SLASHES: Final = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/(?:[0-9]{2}){1,2}")
_FIRST_DAY: Final = date(1899, 12, 30)
# Days from 1990 to 2050, in which the files were written.
_SERIALS: Final = range(32874, 54790)


class Origin(NamedTuple):
    """A gene whose name may have become a date, that name, and whether it was once approved."""

    gene: Gene
    name: str
    is_previous: bool


def origins(name: str, table: GeneTable) -> tuple[Origin, ...]:
    """Return the genes whose names a spreadsheet turns into this date.

    Parameters
    ----------
    name
        A name, such as ``1-Mar``, ``Sep-02``, ``2020-03-01`` or a day's number, ``43891``.
    table
        The known genes.

    Returns
    -------
    tuple of Origin
        The genes that had such a symbol before, then those that list it as an alias, each once;
        none where the name is no date, or is an alias or Entrez id itself.

    Examples
    --------
    >>> from gene_analogies.genes.table import GeneTable
    >>> [origin.gene.symbol for origin in origins("1-Mar", GeneTable.packaged())][:2]
    ['MARCHF1', 'MTARC1']

    References
    ----------
    Ziemann, Eren and El-Osta, *Gene name errors are widespread in the scientific literature*,
    Genome Biology, 2016.
    """
    names = list(dict.fromkeys(_names(name)))
    if not names or table.by_alias(name) or table.by_identifier(name):
        return ()
    found: dict[Gene, Origin] = {}
    for is_previous, genes_of in ((True, table.by_previous), (False, table.by_alias)):
        for once in names:
            for gene in genes_of(once):
                found.setdefault(gene, Origin(gene, once, is_previous))
    for once in names:
        for gene in table.by_symbol(once):
            found.setdefault(gene, Origin(gene, once, False))
    return tuple(found[gene] for gene in step_back(tuple(found)))


def _names(name: str) -> Iterator[str]:
    """Yield names that become this date: the month's first letters, and the day or year."""
    for month, number in _months_and_numbers(name):
        whole = _MONTHS[month - 1]
        # The longest first: MARCH1, MARC1, MAR1.
        for letters in range(len(whole), 2, -1):
            yield f"{whole[:letters]}{number}"
            yield f"{whole[:letters]}-{number}"


def _months_and_numbers(name: str) -> Iterator[tuple[int, int]]:
    if found := _DAY_FIRST.fullmatch(name):
        yield _NUMBER_OF[found[2][:3].upper()], int(found[1])
    elif found := _MONTH_FIRST.fullmatch(name):
        yield _NUMBER_OF[found[1].upper()], int(found[2])
    elif found := _WITH_SLASHES.fullmatch(name):
        first, second = int(found[1]), int(found[2])
        # Americans write the month first.
        for month, number in ((first, second), (second, first)):
            if 1 <= month <= 12:
                yield month, number
    elif found := _IN_NUMBERS.fullmatch(name):
        yield from _of_day(int(found[1]), int(found[2]), int(found[3]))
    elif name.isdecimal() and int(name) in _SERIALS:
        day = _FIRST_DAY + timedelta(int(name))
        yield from _of_day(day.year, day.month, day.day)


def _of_day(year: int, month: int, day: int) -> Iterator[tuple[int, int]]:
    """Yield a day of some year; and the year of a first day, since Sep-02 is September 2002."""
    if 1 <= month <= 12:
        yield month, day
        if day == 1:
            yield month, year % 100
