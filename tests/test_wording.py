"""Every code has words in every language, and the words say what a worried reader needs."""

import enum
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from religa import wording
from religa.domain import billing, contacts, facts, proofs, reasons
from religa.domain.access import Decision
from religa.domain.facts import Access, Status
from religa.domain.reasons import Refusal, TrustRefusal, Why
from religa.domain.trust import TrustRefused
from religa.wording import Cause, Circumstances, Fault, Language, Moments, Reader, moments

RECIFE = ZoneInfo("America/Recife")
CODES = [
    kind
    for module in (reasons, facts, billing, proofs, contacts)
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, enum.StrEnum) and kind is not enum.StrEnum
]
SATURDAY = datetime(2026, 12, 5, 20, 12, tzinfo=RECIFE)


def said(language: Language = Language.PT, now: datetime | None = SATURDAY) -> Moments:
    return Moments(language=language, zone=RECIFE, now=now)


def recife(*parts: int) -> datetime:
    """As the domain hands instants out: in UTC."""
    return datetime(*parts, tzinfo=RECIFE).astimezone(UTC)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", CODES, ids=lambda k: k.__name__)
def test_each_code_is_worded(kind, language):
    for code in kind:
        words = wording.say(code, language)
        assert words.strip() == words != "", f"{code!r} has no words in {language}"


@pytest.mark.parametrize("kind", [k for k in CODES if k is not Why], ids=lambda k: k.__name__)
def test_no_two_codes_of_a_kind_say_the_same(kind):
    for language in Language:
        words = [wording.say(code, language) for code in kind]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize(
    "kind",
    [
        reasons.Why,
        reasons.ClosedBecause,
        reasons.TrustRefusal,
        reasons.Refusal,
        billing.Nothing,
        billing.Problem,
        proofs.ProofFault,
        contacts.ContactFault,
    ],
    ids=lambda k: k.__name__,
)
def test_reasons_are_clauses_that_can_follow_because(kind):
    for code in kind:
        for language in Language:
            words = wording.say(code, language)
            assert words[0].islower() and not words.endswith(".")


def test_a_language_tag_is_read_leniently_and_portuguese_comes_first():
    tags = ("pt-BR", "en_US", "es-419", "fr", "")
    assert [Language.of(tag).value for tag in tags] == ["pt-br", "en", "es", "pt-br", "pt-br"]


@pytest.mark.parametrize(
    ("hour", "minute", "portuguese", "english", "spanish"),
    [
        (0, 0, "à meia-noite", "at midnight", "a medianoche"),
        (0, 10, "à 0h10", "at 12:10 am", "a las 0:10"),
        (1, 0, "à 1 hora da madrugada", "at 1 in the morning", "a la 1 de la madrugada"),
        (9, 0, "às 9 horas da manhã", "at 9 in the morning", "a las 9 de la mañana"),
        (9, 30, "às 9h30", "at 9:30 am", "a las 9:30"),
        (12, 0, "ao meio-dia", "at noon", "al mediodía"),
        (13, 0, "à 1 hora da tarde", "at 1 in the afternoon", "a la 1 de la tarde"),
        (13, 5, "às 13h05", "at 1:05 pm", "a las 13:05"),
        (17, 0, "às 5 horas da tarde", "at 5 in the afternoon", "a las 5 de la tarde"),
        (20, 12, "às 20h12", "at 8:12 pm", "a las 20:12"),
        (21, 0, "às 9 horas da noite", "at 9 in the evening", "a las 9 de la noche"),
    ],
)
def test_hours_are_said_as_people_say_them(hour, minute, portuguese, english, spanish):
    minutes = hour * 60 + minute
    heard = [moments.hour(minutes, language=language) for language in Language]
    assert heard == [portuguese, english, spanish]


def test_an_instant_is_said_in_the_providers_zone():
    at = datetime(2026, 12, 9, 12, 0, tzinfo=UTC)
    assert said().at(at) == "quarta-feira, 9 de dezembro, às 9 horas da manhã"
    assert said(Language.EN).at(at) == "Wednesday, 9 December, at 9 in the morning"
    assert said(Language.ES).at(at) == "miércoles, 9 de diciembre, a las 9 de la mañana"


def test_the_year_is_said_only_where_it_is_another():
    at = recife(2027, 1, 4, 9)
    assert said().day(at) == "segunda-feira, 4 de janeiro de 2027"
    assert said(Language.EN).day(at) == "Monday, 4 January 2027"
    assert said(now=at).day(at) == "segunda-feira, 4 de janeiro"


def test_the_first_of_a_month_is_an_ordinal_in_portuguese():
    assert moments.day(date(2026, 12, 1), language=Language.PT) == "terça-feira, 1º de dezembro"


def test_until_a_midnight_is_until_the_end_of_the_day_before():
    midnight = recife(2026, 12, 9, 0)
    heard = [said(language).until(midnight) for language in Language]
    assert heard == [
        "até o fim de terça-feira, 8 de dezembro",
        "until the end of Tuesday, 8 December",
        "hasta el final del martes, 8 de diciembre",
    ]
    assert said().starting(midnight) == "a partir de quarta-feira, 9 de dezembro"


def test_the_preposition_follows_the_gender_of_the_weekday():
    assert said().on(recife(2026, 12, 5, 9)).startswith("no sábado, 5 de dezembro")
    assert said().on(recife(2026, 12, 7, 9)).startswith("na segunda-feira, 7 de dezembro")


def test_months_are_named_and_other_references_stay():
    assert said().months(("2026-10", "2026-11")) == "outubro e novembro"
    assert said().months(("2025-12", "2026-10", "2026-11")) == "dezembro de 2025, outubro e novembro"
    assert said().months(("parcela 2",)) == "parcela 2"


def decision(status, access, why, until=None, then=Access.FULL) -> Decision:
    return Decision(access, status, why, until, then)


BLOCKED = decision(Status.BLOCKED, Access.WALLED, Why.DEBT)
TRUSTED = decision(Status.TRUSTED, Access.FULL, Why.TRUST, recife(2026, 12, 9, 9), Access.WALLED)


def test_a_block_is_explained_to_the_one_who_is_blocked():
    known = Circumstances(since=recife(2026, 11, 30, 9), months=("2026-11",))
    assert wording.explain(BLOCKED, moments=said(), known=known) == (
        "Sua internet está bloqueada desde segunda-feira, 30 de novembro, por falta de pagamento "
        "(conta de novembro), mas o contrato continua ativo: nada foi cancelado. "
        "Ela volta sozinha assim que o pagamento for confirmado, em qualquer dia e hora."
    )


def test_the_same_block_is_explained_to_an_agent():
    text = wording.explain(BLOCKED, moments=said(), reader=Reader.STAFF)
    assert text.startswith("A internet deste contrato está bloqueada por falta de pagamento, mas o contrato")


def test_trust_names_its_exact_end_and_what_follows():
    assert wording.explain(TRUSTED, moments=said()) == (
        "Sua internet está funcionando: foi liberada em confiança até quarta-feira, 9 de dezembro, "
        "às 9 horas da manhã. Sem pagamento até lá, será bloqueada de novo."
    )
    assert "until Wednesday, 9 December, at 9 in the morning" in wording.explain(
        TRUSTED, moments=said(Language.EN)
    )


def test_only_a_block_that_is_an_act_is_announced_as_certain():
    until = recife(2026, 11, 30, 9)
    late = wording.explain(decision(Status.LATE, Access.FULL, Why.LATE_DEBT, until), moments=said())
    slot = decision(Status.LATE, Access.FULL, Why.WAITS_FOR_SLOT, until, Access.WALLED)
    assert "pode ser bloqueada a partir de segunda-feira, 30 de novembro" in late
    assert "será bloqueada de novo na segunda-feira, 30 de novembro" in wording.explain(slot, moments=said())


def test_locked_says_why_no_trust_is_left():
    text = wording.explain(decision(Status.LOCKED, Access.WALLED, Why.BROKEN_TRUST), moments=said())
    assert "porque a última liberação em confiança não foi paga" in text
    assert "primeira parcela de um acordo" in text


def test_a_window_to_pay_is_not_called_blocked():
    until = recife(2026, 12, 5, 20, 27)
    text = wording.explain(
        decision(Status.LOCKED, Access.FULL, Why.BROKEN_TRUST, until, Access.WALLED), moments=said()
    )
    assert text == (
        "Sua internet está aberta por alguns minutos para o pagamento. "
        "Sem pagamento, volta a ficar bloqueada no sábado, 5 de dezembro, às 20h27."
    )


def test_current_tells_the_last_day_without_a_fine():
    until = recife(2026, 12, 11, 0)
    text = wording.explain(decision(Status.CURRENT, Access.FULL, Why.NOTHING_LATE, until), moments=said())
    assert text.endswith("sem multa até o fim de quinta-feira, 10 de dezembro.")


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("why", Why)
@pytest.mark.parametrize("status", Status)
def test_every_decision_can_be_explained(status, why, language):
    until = recife(2026, 12, 9, 9)
    for end in (None, until):
        for access in Access:
            text = wording.explain(decision(status, access, why, end, access), moments=said(language))
            assert "{" not in text and "  " not in text and text.endswith(".") and text[0].isupper()


FAULT = Circumstances(fault=Fault(since=recife(2026, 12, 5, 14, 10)))
CURRENT = decision(Status.CURRENT, Access.FULL, Why.NOTHING_LATE)
LATE = decision(Status.LATE, Access.FULL, Why.LATE_DEBT)


def test_a_fault_of_ours_comes_before_anything_about_debt():
    assert wording.explain(LATE, moments=said(), known=FAULT) == (
        "Há uma falha na sua região desde hoje às 14h10; estamos trabalhando. Não é por causa da sua conta. "
        "Sua internet não está bloqueada, mas há conta atrasada."
    )


def test_who_is_blocked_is_not_told_that_paying_mends_our_fault():
    for shut in (BLOCKED, decision(Status.LOCKED, Access.FULL, Why.BROKEN_TRUST)):  # and in a window to pay
        text = wording.explain(shut, moments=said(), known=FAULT)
        assert text.startswith(
            "Há uma falha na sua região desde hoje às 14h10; estamos trabalhando. "
            "Enquanto ela durar, a internet pode não voltar mesmo com a conta paga. Sua internet está "
        )
        assert "Não é por causa" not in text


@pytest.mark.parametrize(
    ("found", "router", "start"),
    [
        (CURRENT, "", "Falha na região desde hoje às 14h10, não é débito. A internet"),
        (CURRENT, "CE-01", "Falha no roteador CE-01 desde hoje às 14h10, não é débito. A internet"),
        (LATE, "", "Falha na região desde hoje às 14h10, e há débito também. A internet"),
        (BLOCKED, "", "Falha na região desde hoje às 14h10, e há débito também. A internet"),
        (
            decision(Status.BLOCKED, Access.WALLED, Why.OPERATOR_BLOCK),
            "",
            "Falha na região desde hoje às 14h10, e há um bloqueio que não é por débito. A internet",
        ),
    ],
)
def test_the_staff_reads_debt_or_fault_in_one_line(found, router, start):
    known = Circumstances(fault=Fault(recife(2026, 12, 5, 14, 10), router))
    assert wording.explain(found, moments=said(), reader=Reader.STAFF, known=known).startswith(start)


def test_a_contract_that_is_over_or_paused_hears_of_no_fault():
    for status, why in ((Status.TERMINATED, Why.TERMINATED), (Status.PAUSED, Why.PAUSED_BY_SUBSCRIBER)):
        closed = decision(status, Access.CLOSED, why)
        assert wording.explain(closed, moments=said(), known=FAULT) == wording.explain(closed, moments=said())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("reader", Reader)
@pytest.mark.parametrize("why", Why)
def test_every_decision_can_be_explained_beside_a_fault(why, reader, language):
    for status in Status:
        for access in Access:
            text = wording.explain(
                decision(status, access, why), moments=said(language), reader=reader, known=FAULT
            )
            assert "{" not in text and "  " not in text and text.endswith(".") and text[0].isupper()


def test_a_beginning_is_said_by_how_near_it_is():
    heard = [said(language).begun(recife(2026, 12, 5, 14, 10)) for language in Language]
    assert heard == ["desde hoje às 14h10", "since today at 2:10 pm", "desde hoy a las 14:10"]
    assert said().begun(recife(2026, 12, 4, 9)) == "desde ontem às 9 horas da manhã"
    assert said().begun(recife(2026, 12, 3, 9)) == "desde quinta-feira, 3 de dezembro, às 9 horas da manhã"
    assert said(now=None).begun(recife(2026, 12, 5, 9)).startswith("desde sábado, 5 de dezembro")


def test_a_badge_tells_debt_from_other_reasons():
    assert wording.cause(Why.BROKEN_TRUST) is Cause.DEBT
    assert wording.cause(Why.OPERATOR_BLOCK) is Cause.OTHER
    assert wording.cause(Why.NOTHING_LATE) is Cause.NOTHING


def test_a_refusal_says_every_reason_the_next_date_and_what_to_pay():
    answer = TrustRefused(
        (TrustRefusal.QUOTA_WINDOW, TrustRefusal.BROKEN_PROMISE_COOLDOWN), recife(2027, 3, 8, 9), 10272
    )
    assert wording.trust_refused(answer, moments=said()) == (
        "Hoje não podemos liberar em confiança, porque houve outra liberação em confiança há pouco tempo e "
        "uma liberação anterior não foi paga no prazo, e é preciso esperar para pedir outra. "
        "Será possível pedir de novo a partir de segunda-feira, 8 de março de 2027, às 9 horas da manhã. "
        "Pagando R$\N{NO-BREAK SPACE}102,72 por Pix, a internet volta na hora."
    )


def test_a_refusal_without_date_or_amount_promises_neither():
    answer = TrustRefused((TrustRefusal.NOT_BLOCKED,), None, 0)
    assert wording.trust_refused(answer, moments=said(Language.EN)) == (
        "We cannot open it on trust today, because the internet is not blocked."
    )


def test_any_other_refusal_joins_its_reasons():
    whys = (Refusal.INVOICE_CLOSED, Refusal.AMOUNT_NOT_POSITIVE)
    assert wording.refused(whys, language=Language.PT) == (
        "Não foi possível, porque a conta já foi fechada e o valor precisa ser maior que zero."
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (Language.PT, "o banco avisou um pagamento e ainda não confirmou"),
        (Language.EN, "the bank has told of a payment and has not confirmed it yet"),
        (Language.ES, "el banco avisó de un pago y aún no lo confirmó"),
    ],
)
def test_a_silent_bank_is_said_to_subscribers_and_never_as_a_code(language, words):
    held = Decision(Access.FULL, Status.HELD, Why.HOLD, recife(2026, 12, 6, 20, 12), Access.WALLED)
    told = wording.explain(held, moments=said(language), known=Circumstances(bank_silent=True))
    assert words in told and words == wording.hold_reason("bank_silent", language)
    assert words not in wording.explain(held, moments=said(language))
    assert wording.hold_reason("acordo de boca", language) == "acordo de boca"
