"""What the holder is told after a contact, after a change of his addresses, and with a way to pay that he asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from religa.domain.contacts import Account, Caller
from religa.domain.money import format_reais
from religa.wording.language import Language, Words
from religa.wording.moments import Moments
from religa.wording.proofs import DESK_NAMES
from religa.wording.receipts import Receipt


def contact_receipt(
    written: Account, *, protocol: str, started_at: datetime, phone: str, corrected: bool, moments: Moments
) -> Receipt:
    """That there was a contact, what was promised in it, and whom to call if it was not he. `phone`: as printed."""
    language = moments.language
    about = DESK_NAMES[type(written.about)][written.about].in_(language).lower()
    first = (_CORRECTED if corrected else _CONTACT).in_(language)
    said = [first.format(on=moments.on(started_at), about=about)]
    if written.promised_on is not None:
        said.append(_promise(written, moments))
    if written.caller is Caller.OTHER:
        said.append(_OTHER.in_(language).format(name=written.caller_name))
    said.append(_PROTOCOL.in_(language).format(protocol=protocol))
    return Receipt(_CONTACT_SUBJECT.in_(language), " ".join([*said, *_not_you(phone, language)]))


def _promise(written: Account, moments: Moments) -> str:
    assert written.promised_on is not None
    day = moments.day(_noon(written.promised_on, moments))
    if written.promised_amount is None:
        return _PROMISED_DAY.in_(moments.language).format(day=day)
    amount = format_reais(written.promised_amount, moments.language)
    return _PROMISED.in_(moments.language).format(amount=amount, day=day)


def _noon(day: date, moments: Moments) -> datetime:
    return datetime.combine(day, time(12), moments.zone)


def address_changed(*, is_phone: bool, new: str, protocol: str, phone: str, moments: Moments) -> Receipt:
    """To the address that was in use until now, and to the new one. `new` is masked by the caller."""
    language = moments.language
    said = [(_PHONE_CHANGED if is_phone else _EMAIL_CHANGED).in_(language).format(new=new)]
    said.append(_PROTOCOL.in_(language).format(protocol=protocol))
    return Receipt(_CHANGED_SUBJECT.in_(language), " ".join([*said, *_not_you(phone, language)]))


def address_code(code: str, *, is_phone: bool, moments: Moments) -> Receipt:
    """The code that proves a new phone or e-mail. It is read out to the agent, unlike one that opens a door."""
    language = moments.language
    what = (_THIS_PHONE if is_phone else _THIS_EMAIL).in_(language)
    return Receipt(_CODE_SUBJECT.in_(language), _CODE.in_(language).format(code=code, what=what))


def _not_you(phone: str, language: Language) -> list[str]:
    return [_NOT_YOU.in_(language).format(phone=phone)] if phone else []


def boleto_text(
    *,
    line: str,
    amount: int,
    months: Sequence[str],
    due: date | None,
    payee: str,
    cnpj: str,
    moments: Moments,
) -> Receipt:
    """The line of a boleto to type or copy, alone on its line."""
    language = moments.language
    of = moments.months(tuple(months))
    said = [
        _BOLETO.in_(language).format(of=of, amount=format_reais(amount, language), payee=payee, cnpj=cnpj)
    ]
    if due is not None:
        said.append(_DUE.in_(language).format(day=moments.day(_noon(due, moments))))
    return Receipt(_BOLETO_SUBJECT.in_(language), f"{' '.join(said)}\n\n{line}")


_CONTACT_SUBJECT = Words("Seu contato com a gente", "Your contact with us", "Su contacto con nosotros")
_CONTACT = Words(
    "Registramos um contato {on}. Assunto: {about}.",
    "We took down a contact {on}. About: {about}.",
    "Registramos un contacto {on}. Asunto: {about}.",
)
_CORRECTED = Words(
    "Corrigimos o registro do contato feito {on}. Assunto: {about}.",
    "We corrected what we took down of the contact {on}. About: {about}.",
    "Corregimos el registro del contacto hecho {on}. Asunto: {about}.",
)
_PROMISED = Words(
    "Ficou combinado o pagamento de {amount} até {day}.",
    "It was agreed that {amount} will be paid by {day}.",
    "Se acordó el pago de {amount} hasta el {day}.",
)
_PROMISED_DAY = Words(
    "Ficou combinado o pagamento até {day}.",
    "It was agreed that payment will be made by {day}.",
    "Se acordó el pago hasta el {day}.",
)
_OTHER = Words(
    "Quem falou com a gente foi {name}, e não demos nenhum valor a essa pessoa.",
    "It was {name} who spoke with us, and we gave that person no amounts.",
    "Quien habló con nosotros fue {name}, y no le dimos ningún monto.",
)
_PROTOCOL = Words("Protocolo: {protocol}.", "Protocol number: {protocol}.", "Protocolo: {protocol}.")
_NOT_YOU = Words(
    "Se você não reconhece isto, fale com a gente: {phone}.",
    "If you do not recognise this, call us: {phone}.",
    "Si usted no reconoce esto, llámenos: {phone}.",
)
_CHANGED_SUBJECT = Words("Seu cadastro mudou", "Your registered data changed", "Sus datos cambiaron")
_PHONE_CHANGED = Words(
    "O telefone do seu cadastro agora é o de final {new}.",
    "The phone in your registered data is now the one that ends in {new}.",
    "El teléfono de sus datos ahora es el que termina en {new}.",
)
_EMAIL_CHANGED = Words(
    "O e-mail do seu cadastro agora é {new}.",
    "The e-mail in your registered data is now {new}.",
    "El correo de sus datos ahora es {new}.",
)
_CODE_SUBJECT = Words("Confirme o seu cadastro", "Confirm your registered data", "Confirme sus datos")
_CODE = Words(
    "{code} confirma {what} no seu cadastro. Diga o código ao atendente só se foi você quem pediu. Vale 10 minutos.",
    "{code} confirms {what} in your registered data. Tell it to the agent only if you asked for it. Valid 10 minutes.",
    "{code} confirma {what} en sus datos. Dígalo al agente solo si usted lo pidió. Vale 10 minutos.",
)
_THIS_PHONE = Words("este telefone", "this phone", "este teléfono")
_THIS_EMAIL = Words("este e-mail", "this e-mail", "este correo")
_BOLETO_SUBJECT = Words("A linha do seu boleto", "The line of your boleto", "La línea de su boleto")
_BOLETO = Words(
    "Este é o boleto da conta de {of}, de {amount}, para {payee}, CNPJ {cnpj}. Copie a linha no aplicativo do seu "
    "banco. Pago depois do vencimento, o banco soma multa e juros.",
    "This is the boleto of your {of} bill, {amount}, to {payee}, CNPJ {cnpj}. Copy the line into your bank's app. Paid "
    "after its due date, the bank adds fine and interest.",
    "Este es el boleto de la factura de {of}, de {amount}, a {payee}, CNPJ {cnpj}. Copie la línea en la aplicación de "
    "su banco. Pagado después del vencimiento, el banco suma multa e intereses.",
)
_DUE = Words("Vencimento: {day}.", "Due date: {day}.", "Vencimiento: {day}.")
