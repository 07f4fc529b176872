"""What people type, in three languages, with typos, accents and signs."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from religa.domain import intents
from religa.domain.intents import Intent, Said, read

TYPED = {
    Intent.UNLOCK: [
        "desbloquear", "Desbloquear", "DESBLOQUEAR!!", "desbloqear", "desbloquaer", "quero liberar minha internet",
        "liberação em confiança", "confianca", "pode desbloquear por favor 🙏", "não consigo pagar hoje", "religar", "unlock",
        "desbloqueo",
    ],
    Intent.PIX: [
        "pix", "PIX", "manda o pix", "boleto", "bolleto", "2 via", "2ª via", "2a via do boleto", "segunda via", "quero pagar",
        "qual o valor da minha conta?", "factura", "pay my bill",
    ],
    Intent.PAID: [
        "paguei", "já paguei", "paguei o pix ontem", "pagei", "Tá pago", "enviei o comprovante", "I paid", "ya pagué",
        "já paguei e a internet não voltou",
    ],
    Intent.AGENT: ["atendente", "atendemte", "quero falar com uma pessoa", "quero falar com o atendente do boleto", "human"],
    Intent.STOP: ["parar", "Parar.", "PARE", "quero parar de receber mensagens", "stop", "não quero receber mensagens"],
    Intent.START: ["voltar a receber", "quero receber mensagens"],
    Intent.WRONG_PERSON: ["não sou essa pessoa", "Oi, nao sou esta pessoa", "número errado", "é número errado", "wrong number"],
    Intent.STATUS: ["sem internet", "a internet caiu", "minha internet está bloqueada", "situação", "no internet"],
    Intent.MENU: ["oi", "Olá", "bom dia", "boa  noite!", "menu", "hola", "Hi"],
    Intent.YES: ["sim", "ok", "Pode sim", "👍", "yes"],
    Intent.NO: ["não", "n", "nao quero", "ainda não paguei"],
    Intent.THANKS: ["obrigada", "valeu!", "muito obrigado"],
    Intent.NO_TEXT: ["", "  \n"],
    Intent.UNKNOWN: ["asdfgh", "😀", "não quero desbloquear nada", "ção"],
}  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), [(t, i) for i, texts in TYPED.items() for t in texts])
def test_people_are_understood(text, wanted):
    assert read(text).intent is wanted


@pytest.mark.parametrize("text", ["1", "1️⃣", " 1. ", "opção 1", "1 - liberar em confiança", "1)"])
def test_a_choice_is_a_number_from_one_to_four(text):
    assert read(text) == Said(Intent.CHOICE, number=1)


@pytest.mark.parametrize("text", ["5", "0", "12", "1 ou 2?"])
def test_other_numbers_are_no_choice(text):
    assert read(text).intent is Intent.UNKNOWN


@pytest.mark.parametrize(
    ("text", "digits"),
    [("7735", "7735"), ("77-35", "7735"), ("111.444.777-35", "7735"), ("12.ABC.345/01DE-35", "DE35")],
)
def test_the_end_of_a_document_is_four_characters(text, digits):
    assert read(text) == Said(Intent.DIGITS, digits=digits)


@pytest.mark.parametrize("text", ["de35", "é 7735", "meu cpf termina em 7735"])
def test_who_was_asked_for_digits_may_say_them_in_a_sentence(text):
    assert read(text, awaiting_digits=True).digits in ("7735", "DE35")
    assert read(text).intent is not Intent.DIGITS


@pytest.mark.parametrize(
    "text",
    ["a internet vai parar?", "digitei o número errado", "parer", "a pessoa errada atendeu ontem", "pagar"],
)
def test_what_cannot_be_taken_back_must_be_said_whole_and_letter_by_letter(text):
    assert read(text).intent not in (Intent.STOP, Intent.WRONG_PERSON)


WORD = st.sampled_from(["desbloquear", "atendente", "comprovante", "confianca", "fatura"])


@given(WORD, st.integers(0, 10), st.sampled_from("qxz"), st.booleans())
def test_one_wrong_letter_is_forgiven(word, where, letter, replaces):
    where = min(where, len(word) - 1)
    typed = word[:where] + letter + word[where + replaces :]
    assert read(typed) == read(word)


@given(st.text(max_size=200), st.booleans())
@example("1" * 5000, True)
@example("\0\u202e٣", False)
def test_any_text_is_read_and_a_choice_is_always_one_of_four(text, awaiting):
    said = read(text, awaiting_digits=awaiting)
    assert (said.intent is Intent.CHOICE) == (said.number in (1, 2, 3, 4))
    assert (said.intent is Intent.DIGITS) == (len(said.digits) == intents.DIGITS)
