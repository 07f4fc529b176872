"""What a text must say before it may be saved, item by item, and how long it may be."""

from __future__ import annotations

import pytest

from religa.domain import notice_law
from religa.domain.message_kinds import LEGAL, ChannelKind, MessageKind, carries, fields, ordered
from religa.domain.notice_law import Item
from religa.domain.template_check import Habits, Slot, check
from religa.domain.templates import Fault

ANY, SMS, PUSH, WHATSAPP, EMAIL = (
    ChannelKind.ANY, ChannelKind.SMS, ChannelKind.PUSH, ChannelKind.WHATSAPP, ChannelKind.EMAIL
)  # fmt: skip
NOTICE = {
    Item.REASON: "Não identificamos o pagamento de:",
    Item.AMOUNT: "R$ {valor_total}",
    Item.MONTH: "de {meses}",
    Item.BLOCK_DATE: "Sem pagamento, bloqueamos a partir de {bloqueio_em}.",
    Item.TERMINATION_TERMS: "Após {cancelamento_dias} dias o contrato pode ser cancelado.",
    Item.CREDIT_BUREAU: "Depois da rescisão, a dívida pode ir ao SPC.",
    Item.RESTORING: "Com o pagamento, a internet volta em 24 horas.",
    Item.SUPPLIER_NAME: "{provedor}",
    Item.SUPPLIER_ADDRESS: "{endereco}",
    Item.SUPPLIER_CNPJ: "{cnpj}",
}
ARTICLES = {
    Item.REASON: "71, I", Item.AMOUNT: "71, III", Item.MONTH: "71, III", Item.BLOCK_DATE: "71, II",
    Item.TERMINATION_TERMS: "71, II", Item.CREDIT_BUREAU: "71, IV", Item.RESTORING: "71, V",
    Item.SUPPLIER_NAME: "42-A", Item.SUPPLIER_ADDRESS: "42-A", Item.SUPPLIER_CNPJ: "42-A",
}  # fmt: skip
LONG = dict.fromkeys({n for kind in MessageKind for n in fields(kind).names}, "x" * 20)


def checked(
    body,
    kind=MessageKind.DEBT_NOTICE,
    channel=ANY,
    *,
    subject="Aviso",
    by=(),
    longest=LONG,
    language="pt-br",
    **habits,
):
    return check(
        Slot(kind, channel, language), subject, body, longest=longest, travels_by=by, habits=Habits(**habits)
    )


def said(found):
    return [(p.fault, p.detail) for p in found.problems]


def without(*items):
    return "\n\n".join(words for item, words in NOTICE.items() if item not in items)


def test_a_notice_with_every_item_may_be_saved():
    found = checked(without())
    assert found.may_be_saved and not found.problems


@pytest.mark.parametrize("item", NOTICE)
def test_a_notice_that_lacks_one_item_may_not_and_its_article_is_named(item):
    found = checked(without(item))
    assert not found.may_be_saved
    [problem] = found.problems
    assert (problem.fault, problem.detail) == (Fault.LACKS, item.value)
    assert ARTICLES[item] in problem.article


@pytest.mark.parametrize("item", NOTICE)
def test_an_item_in_a_paragraph_that_may_vanish_does_not_count(item):
    """The Pix code is often empty, and its paragraph goes with all that stands in it."""
    found = checked(f"{without(item)}\n\n{NOTICE[item]} {{pix}}")
    assert said(found) == [(Fault.VANISHES, item.value)]


@pytest.mark.parametrize(
    ("item", "words"),
    [
        (Item.BLOCK_DATE, "A partir de {bloqueio_em} tudo fica diferente."),
        (Item.BLOCK_DATE, "Podemos bloquear a internet em breve."),
        (Item.TERMINATION_TERMS, "Após {cancelamento_dias} dias algo acontece com o contrato."),
        (Item.CREDIT_BUREAU, "A dívida pode ir ao SPC."),
        (Item.RESTORING, "Com o pagamento, a internet volta logo."),
        (Item.AMOUNT, "O valor está na conta."),
    ],
)
def test_words_that_only_look_like_an_item_are_not_enough(item, words):
    assert (Fault.LACKS, item.value) in said(checked(f"{without(item)}\n\n{words}"))


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ((Item.AMOUNT, Item.MONTH), "{contas}"),
        ((Item.SUPPLIER_NAME, Item.SUPPLIER_ADDRESS, Item.SUPPLIER_CNPJ), "{identificacao}"),
        ((Item.REASON,), "A SUA CONTA ESTÁ VENCIDA."),
        ((Item.CREDIT_BUREAU,), "Apos o cancelamento, cabe inclusao na Serasa."),
    ],
)
def test_an_item_may_be_said_in_several_ways(items, words):
    assert checked(f"{without(*items)}\n\n{words}").may_be_saved


def test_a_termination_notice_has_a_list_of_its_own():
    found = checked("Olá.", MessageKind.TERMINATION_NOTICE)
    lacking = {detail for fault, detail in said(found) if fault is Fault.LACKS}
    assert {"termination_terms", "how_to_avoid", "credit_bureau", "reason"} <= lacking
    assert "block_date" not in lacking, "the block has come already"


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", sorted(LEGAL))
def test_a_notice_is_in_portuguese(kind, language):
    assert (Fault.PORTUGUESE_ONLY, "") in said(checked(without(), kind, language=language))


def test_sms_carries_notices_only_where_the_provider_has_said_so():
    assert (Fault.NOT_CARRIED, "sms") in said(checked(without(), channel=SMS))
    assert checked(without(), channel=SMS, sms_carries_notices=True).may_be_saved
    assert carries(SMS, MessageKind.CODE, sms_carries_notices=False)
    assert not carries(PUSH, MessageKind.DEBT_NOTICE, sms_carries_notices=True)
    assert not carries(PUSH, MessageKind.CODE, sms_carries_notices=True), (
        "it would show on a locked telephone"
    )


@pytest.mark.parametrize(
    ("channel", "fits", "most"), [(PUSH, 178, 178), (WHATSAPP, 4096, 4096), (SMS, 1530, 10)]
)
def test_a_text_keeps_to_its_channels_limit_in_the_longest_case(channel, fits, most):
    def of(length):
        values = LONG | {"valor": "9" * (length - 1)}
        return checked("{valor}.", MessageKind.RECEIPT, channel, by=(channel,), longest=values)

    assert of(fits).may_be_saved
    too_long = of(fits + 1)
    assert not too_long.may_be_saved
    [problem] = [p for p in too_long.problems if p.fault is Fault.TOO_LONG]
    assert problem.detail.split()[0] == channel.value and problem.detail.split()[2] == str(most)


def test_the_text_for_any_channel_keeps_to_the_limit_of_each_that_takes_it():
    values = LONG | {"valor": "9" * 200}
    found = checked("{valor}", MessageKind.RECEIPT, by=(EMAIL, SMS, PUSH), longest=values)
    assert said(found) == [(Fault.TOO_LONG, "push 200 178")]


def test_accents_count_where_they_are_kept():
    text, kind = "ã" * 671 + "{valor}", MessageKind.RECEIPT
    assert checked(text, kind, SMS, by=(SMS,), subject="").may_be_saved
    assert not checked(text, kind, SMS, by=(SMS,), subject="", sms_without_accents=False).may_be_saved


@pytest.mark.parametrize(
    "link", ["https://exemplo.com.br/pagar", "www.exemplo.net", "pague em bit.ly/abc", "exemplo.com.br"]
)
def test_a_link_in_a_dunning_text_is_a_warning(link):
    found = checked(f"{without()}\n\n{link}")
    assert found.may_be_saved
    assert [p.fault for p in found.problems] == [Fault.LINK]


@pytest.mark.parametrize(
    "words", ["fale@exemplo.com.br", "R$ 1.000,00", "às 9h.Obrigado", "CNPJ 12.345.678/0001-95"]
)
def test_what_is_no_link_is_no_warning(words):
    assert not checked(f"{without()}\n\n{words}").problems


def test_a_receipt_may_have_a_link():
    assert not checked("{valor} www.exemplo.net", MessageKind.RECEIPT).problems


def test_an_empty_text_and_a_missing_subject_are_told_alone():
    assert said(checked("  \n", subject=" ")) == [(Fault.NO_SUBJECT, ""), (Fault.NO_BODY, "")]
    assert not checked("{valor}", MessageKind.RECEIPT, SMS, subject="").problems, "an SMS has none"


def test_a_text_that_cannot_be_read_says_so_before_anything_else():
    found = checked("{nome")
    assert found.template is None and said(found) == [(Fault.UNCLOSED, "")]


@pytest.mark.parametrize("kind", MessageKind)
def test_each_kind_asks_for_something_and_knows_the_fields_it_asks_for(kind):
    wanted = notice_law.required(kind, ANY)
    assert wanted
    assert all(way.fields <= fields(kind).names for one in wanted for way in one.ways)
    assert set(ordered(kind)) == fields(kind).names
