"""The language of a subscriber's page: Portuguese unless he has chosen another. His browser is never asked.

Texts in templates and code are Portuguese; `locale/{en,es}/LC_MESSAGES/*.po` of each door have the others. They are
compiled in memory, so neither gettext's tools nor compiled files are needed.
"""

from __future__ import annotations

import functools
import gettext
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path

import polib
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.translation import trans_real

from religa.wording import Language

COOKIE = "religa_language"
KEPT = 365 * 24 * 3600  # seconds
_DOORS = Path(__file__).resolve().parents[1]
# The same text in two doors is said in the words of the later one.
CATALOGUES = tuple(_DOORS / door / "locale" for door in ("common", "block_page", "portal"))

View = Callable[..., HttpResponseBase]


def catalogue_files(language: Language) -> list[Path]:
    """The `.po` files of a language, in the order in which they are read."""
    return [
        file
        for folder in CATALOGUES
        for file in sorted((folder / language.value / "LC_MESSAGES").glob("*.po"))
    ]


@functools.cache
def _compiled(language: Language) -> tuple[bytes, ...]:
    if language is Language.PT:
        return (_portuguese(),)
    return tuple(polib.pofile(str(file)).to_binary() for file in catalogue_files(language))


def _portuguese() -> bytes:
    """Every text as itself: one that is in no catalogue is looked for in all of Django's, each time."""
    own = polib.POFile()
    own.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Plural-Forms": "nplurals=2; plural=(n > 1);",
    }
    for entry in (e for file in catalogue_files(Language.EN) for e in polib.pofile(str(file))):
        plural = {0: entry.msgid, 1: entry.msgid_plural} if entry.msgid_plural else {}
        own.append(
            polib.POEntry(
                msgid=entry.msgid, msgstr="" if plural else entry.msgid, msgctxt=entry.msgctxt,
                msgid_plural=entry.msgid_plural, msgstr_plural=plural,
            )
        )  # fmt: skip
    binary: bytes = own.to_binary()
    return binary


def load() -> None:
    """Puts our texts beside Django's own; the web server does it at its start. A second time costs nothing."""
    for language in Language:
        _load(language)


def _load(language: Language) -> None:
    """Django lets go of its catalogues when settings change: then ours are put there again."""
    known = trans_real.translation(language.value)
    if getattr(known, "has_our_texts", False):
        return
    for binary in _compiled(language):
        known.merge(gettext.GNUTranslations(io.BytesIO(binary)))
    known.has_our_texts = True  # type: ignore[attr-defined]


def active() -> Language:
    """The language of the page that is being made."""
    return Language.of(translation.get_language() or "")


def chosen(request: HttpRequest) -> Language | None:
    """What was chosen in this browser, if anything was. What else a cookie says is nobody's choice."""
    return named(request.COOKIES.get(COOKIE, ""))


def named(tag: str) -> Language | None:
    """One of ours by its exact tag."""
    return next((language for language in Language if language.value == tag), None)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Everything within is said in a language; afterwards the former one is back."""
    _load(language)
    with translation.override(language.value):
        yield


def in_readers_language(view: View) -> View:
    """A page that knows nobody yet: in the language that was chosen in this browser, else in Portuguese.

    The whole answer is made within: a lazy one would be rendered after the language has gone.
    """

    @wraps(view)
    def spoken(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        with speaking(chosen(request) or Language.PT):
            return view(request, *args, **kwargs)

    return spoken


def keep(response: HttpResponseBase, language: Language, *, secure: bool) -> None:
    """Remembers a choice in this browser for a year. The cookie names a language and nobody."""
    response.set_cookie(COOKIE, language.value, max_age=KEPT, httponly=True, samesite="Lax", secure=secure)
