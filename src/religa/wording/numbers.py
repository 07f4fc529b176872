"""Whole numbers and sums of money in words, for a voice that reads aloud."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from religa.wording.language import Language, Words

MOST = 999_999_999  # reais


def _words(text: str) -> Sequence[str]:
    return text.split()


_PT = _words(
    "zero um dois três quatro cinco seis sete oito nove dez onze doze treze quatorze quinze dezesseis"
    " dezessete dezoito dezenove"
)
_PT_TENS = _words("vinte trinta quarenta cinquenta sessenta setenta oitenta noventa")
_PT_HUNDREDS = _words(
    "cento duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos novecentos"
)
_EN = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen"
)
_EN_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")
_ES = _words(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis"
    " diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco"
    " veintiséis veintisiete veintiocho veintinueve"
)
_ES_TENS = _words("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = _words(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)


def whole(number: int, *, language: Language) -> str:
    """`mil duzentos e três` from 1203. Raises ValueError below 0 and above 999,999,999."""
    if not 0 <= number <= MOST:
        raise ValueError(f"{number} is not said in words")
    return _SAY[language](number)


def reais(centavos: int, *, language: Language) -> str:
    """`cento e dois reais e setenta e dois centavos` from 10272."""
    units, cents = divmod(centavos, 100)
    parts = [_counted(units, _REAL, language)] if units or not cents else []
    if cents:
        parts.append(_counted(cents, _CENTAVO, language))
    return _AND.in_(language).join(parts)


def _counted(number: int, names: tuple[Words, Words], language: Language) -> str:
    said = whole(number, language=language)
    if language is Language.ES:
        said = _before_noun(said)
    of = " de" if number and number % 1_000_000 == 0 and language is not Language.EN else ""
    return f"{said}{of} {names[number != 1].in_(language)}"


_REAL = (Words("real", "real", "real"), Words("reais", "reais", "reales"))
_CENTAVO = (Words("centavo", "centavo", "centavo"), Words("centavos", "centavos", "centavos"))
_AND = Words(" e ", " and ", " con ")


def _pt(number: int) -> str:
    if number >= 1000:
        return _pt_thousands(number)
    if number < 20:
        return _PT[number]
    if number == 100:
        return "cem"
    if number > 100:
        rest = number % 100
        return _PT_HUNDREDS[number // 100 - 1] + (f" e {_pt(rest)}" if rest else "")
    return _PT_TENS[number // 10 - 2] + (f" e {_pt(number % 10)}" if number % 10 else "")


def _pt_thousands(number: int) -> str:
    size, names = (1_000_000, (" milhão", " milhões")) if number >= 1_000_000 else (1000, (" mil", " mil"))
    many, rest = divmod(number, size)
    head = "mil" if (size, many) == (1000, 1) else _pt(many) + names[many > 1]
    if not rest:
        return head
    joins = rest < 100 or (rest < 1000 and rest % 100 == 0)  # mil e duzentos, mil duzentos e três
    return f"{head}{' e ' if joins else ' '}{_pt(rest)}"


def _en(number: int) -> str:
    if number < 20:
        return _EN[number]
    if number < 100:
        return _EN_TENS[number // 10 - 2] + (f"-{_EN[number % 10]}" if number % 10 else "")
    for size, name in ((1_000_000, "million"), (1000, "thousand"), (100, "hundred")):
        if number >= size:
            many, rest = divmod(number, size)
            link = " and " if size == 100 else " "
            return f"{_en(many)} {name}" + (f"{link}{_en(rest)}" if rest else "")
    raise AssertionError


def _es(number: int) -> str:
    if number < 30:
        return _ES[number]
    if number < 100:
        return _ES_TENS[number // 10 - 3] + (f" y {_ES[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = number % 100
        return (
            "cien" if number == 100 else _ES_HUNDREDS[number // 100 - 1] + (f" {_es(rest)}" if rest else "")
        )
    size, name, one = (1_000_000, " millones", "un millón") if number >= 1_000_000 else (1000, " mil", "mil")
    many, rest = divmod(number, size)
    head = one if many == 1 else _before_noun(_es(many)) + name
    return f"{head}{f' {_es(rest)}' if rest else ''}"


def _before_noun(said: str) -> str:
    """`un real`, `veintiún reales`."""
    if said.endswith("veintiuno"):
        return f"{said[:-3]}ún"
    return said[:-1] if said.endswith("uno") else said


_SAY: dict[Language, Callable[[int], str]] = {Language.PT: _pt, Language.EN: _en, Language.ES: _es}
