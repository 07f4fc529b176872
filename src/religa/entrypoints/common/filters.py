"""Template filters that all doors share. A built-in library of every template (project/settings.py)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum

from django import template

from religa import wording
from religa.domain import boleto, documents
from religa.domain.boleto import InvalidBoleto
from religa.domain.money import format_reais
from religa.entrypoints.common import i18n, itf
from religa.entrypoints.common import qr as qr_codes
from religa.wording import Moments, Words

register = template.Library()


@register.filter
def reais(centavos: int) -> str:
    """`R$ 1.234,56`, in English `R$ 1,234.56`."""
    return format_reais(centavos, i18n.active())


@register.filter
def say(code: StrEnum) -> str:
    """The name or the clause of a code, in the page's language."""
    return wording.say(code, i18n.active())


@register.filter
def guard_reason(code: str) -> str:
    """Why the mass-block guard holds a run, as a clause."""
    return wording.guard_reason(code)


@register.filter
def sentence(text: str) -> str:
    """A clause as a sentence of its own: capital and full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


@register.filter
def document(digits: str) -> str:
    """A CPF or CNPJ with its punctuation; a text that is neither stays."""
    try:
        return documents.parse(digits).formatted
    except documents.InvalidDocument:
        return digits


@register.filter
def phone(digits: str) -> str:
    """`(81) 99999-0001` for a Brazilian number with or without country code; others with a plus."""
    bare = "".join(c for c in digits if c.isdigit())
    if bare.startswith("0"):  # 0800 and the like, as printed
        return digits
    local = bare[2:] if len(bare) in (12, 13) and bare.startswith("55") else bare
    if len(local) not in (10, 11):
        return f"+{bare}" if len(bare) > 11 else digits
    return f"({local[:2]}) {local[2:-4]}-{local[-4:]}"


@register.filter
def dial(digits: str) -> str:
    """What a `tel:` link takes."""
    bare = "".join(c for c in digits if c.isdigit())
    return f"+55{bare}" if len(bare) in (10, 11) and not bare.startswith("0") else bare


@register.filter
def qr(code: str) -> str:
    """A Pix code as a drawing; nothing for a text too long to be one."""
    return qr_codes.svg(code) or ""


@register.filter
def bars(line: str) -> str:
    """The bar code of a typed line; nothing for a text that is no boleto."""
    try:
        return itf.svg(boleto.parse(line).barcode)
    except InvalidBoleto:
        return ""


@register.filter
def duration(seconds: float | None) -> str:
    """`0,8 s`, `2 min 5 s`, `3 h 10 min`, `2 dias 4 h`; empty where there is none."""
    if seconds is None:
        return ""
    if seconds < 60:
        return f"{max(seconds, 0):.1f} s".replace(".", ",")
    whole = timedelta(seconds=round(seconds))
    hours, rest = divmod(whole.seconds, 3600)
    if whole.days:
        return f"{whole.days} dia{'s' if whole.days > 1 else ''} {hours} h"
    return f"{hours} h {rest // 60} min" if hours else f"{rest // 60} min {rest % 60} s"


CHANNELS = {
    "email": Words("e-mail", "e-mail", "correo electrónico"),
    "sms": Words("SMS", "SMS", "SMS"),
    "whatsapp": Words("WhatsApp", "WhatsApp", "WhatsApp"),
    "push": Words("aviso no celular", "notification", "aviso en el teléfono"),
    "letter": Words("carta", "letter", "carta"),
}


@register.filter
def channel_name(code: str) -> str:
    """The way a message goes, as people call it."""
    words = CHANNELS.get(code)
    return words.in_(i18n.active()) if words else code


@register.filter
def address(written: str) -> str:
    """Where a message goes: a phone number as people write it, anything else as it is."""
    return phone(written) if written.lstrip("+").isdigit() else written


@register.filter
def in_words(at: datetime, moments: Moments) -> str:
    """`quarta-feira, 9 de dezembro, às 9 horas da manhã`."""
    return moments.at(at)


@register.filter
def due_words(day: date, moments: Moments) -> str:
    """`na sexta-feira, 4 de dezembro`: a civil day, in the zone of `moments`."""
    return moments.on_day(datetime.combine(day, time(), moments.zone))


@register.filter
def until_words(at: datetime, moments: Moments) -> str:
    return moments.until(at)


@register.filter
def starting_words(at: datetime, moments: Moments) -> str:
    return moments.starting(at)


@register.filter
def day_words(at: datetime, moments: Moments) -> str:
    return moments.day(at)


@register.filter
def tenths(cost: int) -> str:
    """A price in tenths of a centavo: `R$ 0,085`."""
    return f"R$\N{NO-BREAK SPACE}{cost // 1000},{cost % 1000:03}"
