"""What somebody who writes to the provider's number wants, by the words he types. No model, no guess: a table.

Words are compared without accents, case and punctuation; longer ones also with one letter wrong, missing, too many or
two exchanged. What cannot be taken back (to stop messages, "I am not this person") must be the whole message, letter
by letter. A no before the word turns it into nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Intent(StrEnum):
    """What is wanted. The order is that in which a message with several is read."""

    WRONG_PERSON = "wrong_person"
    STOP = "stop"
    START = "start"
    AGENT = "agent"
    PAID = "paid"
    UNLOCK = "unlock"
    PIX = "pix"
    STATUS = "status"
    MENU = "menu"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    CHOICE = "choice"
    DIGITS = "digits"
    NO_TEXT = "no_text"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Said:
    """`number`: 1 to 4 of a choice. `digits`: the last four characters of a document, in upper case. `is_sentence`:
    more was said than the word by which it was understood."""

    intent: Intent
    number: int = 0
    digits: str = ""
    is_sentence: bool = field(default=False, compare=False)


_PHRASES: dict[Intent, str] = {
    Intent.WRONG_PERSON: (
        "nao sou essa pessoa|nao sou esta pessoa|nao sou ele|nao sou ela|nao conheco essa pessoa|numero errado|"
        "pessoa errada|wrong number|wrong person|not this person|not that person|no soy esa persona|"
        "no soy esta persona|numero equivocado|persona equivocada"
    ),
    Intent.STOP: "parar|pare|descadastrar|nao quero receber|parar de receber|parar de mandar|stop|unsubscribe|"
    "dejar de recibir|no quiero recibir|baja",
    Intent.START: "voltar a receber|quero receber|receive again|volver a recibir|quiero recibir",
    Intent.AGENT: "atendente|atendimento|humano|pessoa|alguem|falar com|reclamar|reclamacao|cancelar|agent|human|"
    "operator|operador|persona|asesor|agente",
    Intent.PAID: "paguei|ja paguei|esta pago|ta pago|foi pago|conta paga|boleto pago|comprovante|pagamento feito|"
    "paid|pague|ya pague|esta pagado|comprobante",
    Intent.UNLOCK: "desbloquear|desbloqueia|desbloqueio|desbloqueie|liberar|libera|libere|liberacao|confianca|religar|"
    "religa|reativar|nao consigo pagar|nao posso pagar|nao tenho como pagar|promessa|unlock|unblock|cannot pay|trust|"
    "desbloqueo|confianza|no puedo pagar",
    Intent.PIX: "pix|piks|pixx|boleto|segunda via|2 via|2a via|2o via|fatura|pagar|pagamento|conta|codigo|pay|bill|"
    "invoice|factura|pago",
    Intent.STATUS: "situacao|status|sem internet|sem sinal|sem conexao|caiu|bloqueada|bloqueado|cortaram|cortada|"
    "nao funciona|internet|blocked|no internet|bloqueado|cortado|sin internet|no funciona|estado",
    Intent.MENU: "menu|oi|ola|oie|opa|bom dia|boa tarde|boa noite|ajuda|inicio|voltar|opcoes|hello|hi|hey|help|"
    "good morning|good afternoon|good evening|back|hola|buenos dias|buenas tardes|buenas noches|buenas|ayuda|volver",
    Intent.YES: "sim|ss|isso|ok|pode|pode sim|confirmo|quero|yes|yeah|sure|si|dale|confirmar",
    Intent.NO: "nao|n|no|nunca|nope",
    Intent.THANKS: "obrigado|obrigada|obg|brigado|valeu|tchau|thanks|thank you|bye|gracias|adios|chau",
}  # fmt: skip
_TABLE = {intent: [tuple(p.split()) for p in phrases.split("|")] for intent, phrases in _PHRASES.items()}

_WHOLE = (Intent.WRONG_PERSON, Intent.STOP, Intent.START)
_AROUND = (
    "e eh esse este essa aqui oi ola this is its it the a es el eu i am im que por favor please mais mensagem mensagens"
    " messages mensajes quero quiero de me as os isso com esto engano"
)
_FILLERS = frozenset(_AROUND.split())
_SMALL_WORDS = (Intent.YES, Intent.NO)  # they mean something only as (nearly) the whole message
DIGITS = 4  # characters of the end of a document
_FEW = 3
_NEGATIONS = frozenset(["nao", "n", "nunca", "nem", "not", "dont", "didnt", "havent", "no", "ni", "tampouco"])
_NEAR_FROM = 5  # letters: in shorter words one letter makes another word
_YES_SIGNS = "\N{THUMBS UP SIGN}\N{WHITE HEAVY CHECK MARK}\N{OK HAND SIGN}"


def read(text: str, *, awaiting_digits: bool = False) -> Said:
    """What a text says. `awaiting_digits`: the last characters of a document were asked for."""
    if not text.strip():
        return Said(Intent.NO_TEXT)
    words = _words(text)
    digits = _digits(text, words, awaiting_digits)
    if digits:
        return Said(Intent.DIGITS, digits=digits)
    if not words:
        return Said(Intent.YES if set(text) & set(_YES_SIGNS) else Intent.UNKNOWN)
    found = _exact(words) or _choice(words) or _near(words)
    return replace(found or Said(Intent.UNKNOWN), is_sentence=len(words) > _FEW)


def _words(text: str) -> tuple[str, ...]:
    """Lower case, without accents and signs; `1` of the sign with a keycap, `a` of the sign for `2a via`."""
    plain = unicodedata.normalize(
        "NFKD", text.replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )
    bare = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return tuple(re.findall(r"[a-z]+|[0-9]+[ao]?(?![a-z0-9])|[0-9]+", bare))[:60]


def _digits(text: str, words: tuple[str, ...], awaiting: bool) -> str:
    """The last four of a document: four alone, or the end of a whole one. A CNPJ may have letters there."""
    bare = re.sub(r"[\s./\-]", "", text).upper()
    if re.fullmatch(r"[0-9]{4}|[0-9]{11}|[0-9A-Z]{12}[0-9]{2}", bare) and bare.isascii():
        return bare[-4:]
    if not awaiting:
        return ""
    if re.fullmatch(r"[0-9A-Z]{2}[0-9]{2}", bare) and bare.isascii():
        return bare
    runs = [w for w in words if w.isdigit() and len(w) in (4, 11, 14)]
    return runs[0][-4:] if len(runs) == 1 else ""


def _choice(words: tuple[str, ...]) -> Said | None:
    """`1`, `opção 2`, `3 - já paguei`."""
    numbers = [w for w in words if w in ("1", "2", "3", "4")]
    few = len(words) <= _FEW or words[0] in ("1", "2", "3", "4")
    return Said(Intent.CHOICE, number=int(numbers[0])) if len(numbers) == 1 and few else None


def _exact(words: tuple[str, ...]) -> Said | None:
    if words[0] in ("1", "2", "3", "4") and words[1:2] != ("via",):
        return None
    return next(_matching(words, _TABLE, near=False), None)


def _near(words: tuple[str, ...]) -> Said | None:
    table = {intent: phrases for intent, phrases in _TABLE.items() if intent not in _WHOLE}
    return next(_matching(words, table, near=True), None)


def _matching(
    words: tuple[str, ...], table: dict[Intent, list[tuple[str, ...]]], *, near: bool
) -> Iterator[Said]:
    for intent, phrases in table.items():
        for phrase in sorted(phrases, key=len, reverse=True):
            if any(_counts(words, at, phrase, intent) for at in _places(words, phrase, near=near)):
                yield Said(intent)


def _counts(words: tuple[str, ...], at: int, phrase: tuple[str, ...], intent: Intent) -> bool:
    """Whether a phrase that was found means what it says, with what stands around it."""
    rest = words[:at] + words[at + len(phrase) :]
    if intent in _WHOLE:
        return set(rest) <= _FILLERS
    if intent in _SMALL_WORDS:
        return len(words) <= _FEW and not (intent is Intent.YES and set(words) & _NEGATIONS)
    return phrase[0] in _NEGATIONS or not set(words[max(0, at - 2) : at]) & _NEGATIONS


def _places(words: tuple[str, ...], phrase: tuple[str, ...], *, near: bool) -> Iterable[int]:
    alike = _is_near if near else str.__eq__
    for at in range(len(words) - len(phrase) + 1):
        if all(alike(word, wanted) for word, wanted in zip(words[at:], phrase, strict=False)):
            yield at


def _is_near(word: str, wanted: str) -> bool:
    """Equal, or one letter apart: wrong, missing, too many, or two neighbours exchanged."""
    if word == wanted:
        return True
    if len(wanted) < _NEAR_FROM or abs(len(word) - len(wanted)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, wanted, strict=False)) if a != b), None)
    if start is None:  # one is the other's beginning
        return True
    left, right = word[start:], wanted[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[1::-1] and left[2:] == right[2:])
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
