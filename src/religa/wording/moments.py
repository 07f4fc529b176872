"""Instants, days and months in words: `quarta-feira, 9 de dezembro, às 9 horas da manhã`.

A midnight that ends something is said as the end of the day before: "until midnight" leaves people guessing
which. Years are said only where they differ from `now`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from religa.wording.language import Language, Words

_WEEKDAYS = (
    Words("segunda-feira", "Monday", "lunes"),
    Words("terça-feira", "Tuesday", "martes"),
    Words("quarta-feira", "Wednesday", "miércoles"),
    Words("quinta-feira", "Thursday", "jueves"),
    Words("sexta-feira", "Friday", "viernes"),
    Words("sábado", "Saturday", "sábado"),
    Words("domingo", "Sunday", "domingo"),
)
_MONTHS = (
    Words("janeiro", "January", "enero"),
    Words("fevereiro", "February", "febrero"),
    Words("março", "March", "marzo"),
    Words("abril", "April", "abril"),
    Words("maio", "May", "mayo"),
    Words("junho", "June", "junio"),
    Words("julho", "July", "julio"),
    Words("agosto", "August", "agosto"),
    Words("setembro", "September", "septiembre"),
    Words("outubro", "October", "octubre"),
    Words("novembro", "November", "noviembre"),
    Words("dezembro", "December", "diciembre"),
)
_DAY = timedelta(days=1)


def weekday(when: date, *, language: Language) -> str:
    """`quarta-feira`."""
    return _WEEKDAYS[when.weekday()].in_(language)


def day(when: date, *, language: Language, now: date | None = None) -> str:
    """`quarta-feira, 9 de dezembro`; with the year if `now` lies in another."""
    name = _MONTHS[when.month - 1].in_(language)
    number = "1º" if when.day == 1 and language is Language.PT else str(when.day)
    of = " " if language is Language.EN else " de "
    year = "" if now is None or now.year == when.year else f"{of}{when.year}"
    return f"{weekday(when, language=language)}, {number}{of}{name}{year}"


def hour(minutes: int, *, language: Language) -> str:
    """A wall time, in minutes after midnight: `às 9 horas da manhã`, `às 20h12`, `ao meio-dia`."""
    return _HOURS[language](*divmod(minutes, 60))


def _hour_pt(hours: int, minutes: int) -> str:
    article = "à" if hours in (0, 1) or (hours == 13 and not minutes) else "às"
    if minutes:
        return f"{article} {hours}h{minutes:02}"
    if hours in (0, 12):
        return "à meia-noite" if hours == 0 else "ao meio-dia"
    part = (
        "da madrugada"
        if hours < 6
        else "da manhã"
        if hours < 12
        else "da tarde"
        if hours < 19
        else "da noite"
    )
    spoken = (hours - 1) % 12 + 1
    return f"{article} {spoken} hora{'' if spoken == 1 else 's'} {part}"


def _hour_en(hours: int, minutes: int) -> str:
    spoken = (hours - 1) % 12 + 1
    if minutes:
        return f"at {spoken}:{minutes:02} {'am' if hours < 12 else 'pm'}"
    if hours in (0, 12):
        return "at midnight" if hours == 0 else "at noon"
    part = "in the morning" if hours < 12 else "in the afternoon" if hours < 18 else "in the evening"
    return f"at {spoken} {part}"


def _hour_es(hours: int, minutes: int) -> str:
    article = "a la" if hours == 1 or (hours == 13 and not minutes) else "a las"
    if minutes:
        return f"{article} {hours}:{minutes:02}"
    if hours in (0, 12):
        return "a medianoche" if hours == 0 else "al mediodía"
    part = "de la madrugada" if hours < 6 else "de la mañana" if hours < 12 else "de la tarde"
    return f"{article} {(hours - 1) % 12 + 1} {part if hours < 21 else 'de la noche'}"


_HOURS: dict[Language, Callable[[int, int], str]] = {
    Language.PT: _hour_pt,
    Language.EN: _hour_en,
    Language.ES: _hour_es,
}


class Moments:
    """Says instants in one language, in the civil time of one zone, as read at `now`."""

    def __init__(self, *, language: Language, zone: ZoneInfo, now: datetime | None = None) -> None:
        self.language, self.zone = language, zone
        self._today = None if now is None else now.astimezone(zone).date()

    def at(self, when: datetime) -> str:
        """`quarta-feira, 9 de dezembro, às 9 horas da manhã`."""
        return f"{self.day(when)}, {self._hour(when)}"

    def day(self, when: datetime) -> str:
        """The civil day alone."""
        return day(self._local(when).date(), language=self.language, now=self._today)

    def on(self, when: datetime) -> str:
        """`na quarta-feira, 9 de dezembro, às 9 horas da manhã`; a midnight is the beginning of its day."""
        if self._is_midnight(when):
            return self.on_day(when)
        return f"{_preposition(_ON, self._local(when), self.language)}{self.at(when)}"

    def on_day(self, when: datetime) -> str:
        """`na quarta-feira, 9 de dezembro`."""
        return f"{_preposition(_ON, self._local(when), self.language)}{self.day(when)}"

    def until(self, when: datetime) -> str:
        """`até quarta-feira, ...`; at a midnight, `até o fim de terça-feira, ...`."""
        if self._is_midnight(when):
            return _UNTIL_END_OF.in_(self.language) + self.day_before(when)
        return _UNTIL.in_(self.language) + self.at(when)

    def since(self, when: datetime) -> str:
        """`desde segunda-feira, 30 de novembro`."""
        return _SINCE.in_(self.language) + self.day(when)

    def begun(self, when: datetime) -> str:
        """`desde hoje às 14h10`, `desde ontem às 9 horas da manhã`; earlier ones with their day."""
        local = self._local(when)
        if self._today is not None:
            for days, words in ((0, _SINCE_TODAY), (1, _SINCE_YESTERDAY)):
                if local.date() == self._today - days * _DAY:
                    return words.in_(self.language) + self._hour(when)
        return _SINCE.in_(self.language) + self.at(when)

    def starting(self, when: datetime) -> str:
        """`a partir de segunda-feira, 30 de novembro, às 9 horas da manhã`; a midnight needs no hour."""
        return _STARTING.in_(self.language) + (self.day(when) if self._is_midnight(when) else self.at(when))

    def day_before(self, when: datetime) -> str:
        """The last whole day before a midnight."""
        return day(self._local(when).date() - _DAY, language=self.language, now=self._today)

    def part_of_day(self, when: datetime) -> str:
        """`sábado à noite`: when a person is reading this."""
        local = self._local(when)
        part = _PARTS[local.hour // 6].in_(self.language)
        return f"{_WEEKDAYS[local.weekday()].in_(self.language)} {part}"

    def months(self, references: tuple[str, ...]) -> str:
        """`outubro e novembro` from `2026-10`, `2026-11`; texts of another form stay as they are."""
        return joined([month(r, language=self.language, now=self._today) for r in references], self.language)

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self.zone)

    def _is_midnight(self, when: datetime) -> bool:
        local = self._local(when)
        return local.hour == local.minute == 0

    def _hour(self, when: datetime) -> str:
        local = self._local(when)
        return hour(local.hour * 60 + local.minute, language=self.language)


_PARTS = (
    Words("de madrugada", "before dawn", "de madrugada"),
    Words("de manhã", "morning", "por la mañana"),
    Words("à tarde", "afternoon", "por la tarde"),
    Words("à noite", "evening", "por la noche"),
)
_UNTIL = Words("até ", "until ", "hasta el ")
_UNTIL_END_OF = Words("até o fim de ", "until the end of ", "hasta el final del ")
_SINCE = Words("desde ", "since ", "desde el ")
_SINCE_TODAY = Words("desde hoje ", "since today ", "desde hoy ")
_SINCE_YESTERDAY = Words("desde ontem ", "since yesterday ", "desde ayer ")
_STARTING = Words("a partir de ", "from ", "a partir del ")
_ON = (Words("na ", "on ", "el "), Words("no ", "on ", "el "))


def _preposition(words: tuple[Words, Words], local: datetime, language: Language) -> str:
    """Portuguese weekdays are feminine but for the weekend."""
    return words[local.weekday() >= 5].in_(language)


def month(reference: str, *, language: Language, now: date | None = None) -> str:
    """`novembro` from `2026-11`, with the year if `now` lies in another; any other text as it is."""
    year, _, number = reference.partition("-")
    if not (year.isdigit() and number.isdigit() and 1 <= int(number) <= 12):
        return reference
    name = _MONTHS[int(number) - 1].in_(language)
    of = " " if language is Language.EN else " de "
    return name if now is not None and now.year == int(year) else f"{name}{of}{year}"


def joined(parts: list[str], language: Language) -> str:
    """`a`, `a e b`, `a, b e c`."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])}{_AND.in_(language)}{parts[-1]}"


_AND = Words(" e ", " and ", " y ")
