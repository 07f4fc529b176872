"""Texts of messages: which there are, who changed them, how they read, and a new version of one."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from religa.actions import save_template
from religa.actions.messages import texts
from religa.actions.messages.texts import Texts
from religa.actions.save_template import Draft, NotSaved
from religa.domain.message_kinds import LEGAL, WITH_SUBJECT, ChannelKind, MessageKind, fields, ordered
from religa.domain.template_check import Habits, Slot
from religa.domain.templates import tidy
from religa.entrypoints.console import letter_preview
from religa.entrypoints.console.letter_preview import Preview
from religa.entrypoints.console.letter_words import FIELDS, LANGUAGES, problem_in_words
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import templates
from religa.records.templates import Version
from religa.wording.messages import shipped

_LONGEST = 20_000  # characters of a text that is looked at


@dataclass(frozen=True, slots=True)
class Cell:
    """One text in the list. `own`: the provider's, `shipped`: ours, neither: the text for any channel goes."""

    slot: Slot
    own: Version | None
    is_shipped: bool


@dataclass(frozen=True, slots=True)
class Row:
    channel: ChannelKind
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Group:
    """One kind of message and all its texts."""

    kind: MessageKind
    languages: list[str]
    rows: list[Row]

    @property
    def own(self) -> list[Version]:
        return [cell.own for row in self.rows for cell in row.cells if cell.own is not None]

    @property
    def last(self) -> Version | None:
        return max(self.own, key=lambda version: version.created_at, default=None)

    @property
    def is_legal(self) -> bool:
        return self.kind in LEGAL


@for_staff
@require_safe
def letter_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    book = texts.load([desk.provider.pk])
    context = {
        "desk": desk,
        "section": "letters",
        "groups": [_group(kind, book, desk) for kind in MessageKind],
        "habits": book.senders[desk.provider.pk].habits,
        "has_address": bool(desk.provider.address),
    }
    return render(request, "console/letters.html", context)


def _group(kind: MessageKind, book: Texts, desk: Desk) -> Group:
    languages = _languages(kind)
    channels = [c for c in ChannelKind if book.carries(provider=desk.provider.pk, channel=c.value, kind=kind)]
    rows = [Row(c, [_cell(Slot(kind, c, tag), book, desk) for tag in languages]) for c in channels]
    return Group(kind, [LANGUAGES[tag] for tag in languages], rows)


def _cell(slot: Slot, book: Texts, desk: Desk) -> Cell:
    own = book.own.get((desk.provider.pk, slot))
    return Cell(slot, own if own is not None and own.is_own else None, slot in shipped())


def _languages(kind: MessageKind) -> list[str]:
    return ["pt-br"] if kind in LEGAL else list(LANGUAGES)


@for_staff
@only(May.CHANGE_TEXTS)
@require_POST
def habits(request: HttpRequest, desk: Desk) -> HttpResponse:
    chosen = Habits("notificacao" in request.POST, "sem_acentos" in request.POST)
    save_template.set_habits(chosen, provider_id=desk.provider.pk, by=desk.name, at=desk.at)
    messages.success(request, "Guardado. Vale para as mensagens escritas daqui em diante.")
    return redirect("console:letters")


@for_staff
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, desk: Desk, kind: str, channel: str, language: str) -> HttpResponseBase:
    """The text that holds; POST looks at another, keeps it, or goes back to the shipped one, by `fazer`."""
    slot, book = _slot(kind, channel, language), texts.load([desk.provider.pk])
    if request.method != "POST":
        return _show(request, desk, _standing(slot, book, desk), book)
    return _post(request, desk, slot, book)


@only(May.CHANGE_TEXTS)
def _post(request: HttpRequest, desk: Desk, slot: Slot, book: Texts) -> HttpResponse:
    draft, what = _sent(request, slot), request.POST.get("fazer", "ver")
    if request.headers.get("HX-Request"):
        found = letter_preview.of_draft(draft, desk.provider.pk)
        return render(request, "console/letter_preview.html", {"preview": found})
    if what == "salvar":
        answer = save_template.save(draft, provider_id=desk.provider.pk, by=desk.name, at=desk.at)
    elif what == "voltar":
        answer = save_template.restore(
            slot, seen=draft.seen, provider_id=desk.provider.pk, by=desk.name, at=desk.at
        )
    else:
        return _show(request, desk, draft, book)
    if isinstance(answer, NotSaved):
        return _show(request, desk, draft, book, refused=answer)
    messages.success(request, "Salvo. Vale para as mensagens escritas daqui em diante.")
    return redirect("console:letter", slot.kind.value, slot.channel.value, slot.language)


def _sent(request: HttpRequest, slot: Slot) -> Draft:
    seen = request.POST.get("visto", "")
    return Draft(
        slot,
        request.POST.get("assunto", "")[:_LONGEST],
        request.POST.get("texto", "")[:_LONGEST],
        int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0,
    )


def _standing(slot: Slot, book: Texts, desk: Desk) -> Draft:
    """The text that holds; where a slot has none of its own, the one that goes in its place."""
    newest = book.own.get((desk.provider.pk, slot))
    found = next(_texts_of(slot, book, desk))
    return Draft(slot, found[0], found[1], newest.number if newest else 0)


def _texts_of(slot: Slot, book: Texts, desk: Desk) -> Iterator[tuple[str, str]]:
    for place in texts.fallbacks(slot):
        own, ours = book.own.get((desk.provider.pk, place)), shipped().get(place)
        if own is not None and own.is_own:
            yield own.subject, own.body
        if ours is not None:
            yield ours.subject, ours.body


def _show(
    request: HttpRequest, desk: Desk, draft: Draft, book: Texts, *, refused: NotSaved | None = None
) -> HttpResponse:
    slot = draft.slot
    preview = letter_preview.of_draft(draft, desk.provider.pk)
    versions = templates.versions(desk.provider.pk, slot)
    context = {
        "desk": desk,
        "section": "letters",
        "slot": slot,
        "tongue": LANGUAGES[slot.language],
        "draft": draft,
        "preview": preview,
        "refused": _why_not(refused, preview),
        "has_subject": slot.channel in WITH_SUBJECT,
        "is_legal": slot.kind in LEGAL,
        "is_own": bool(versions) and versions[0].is_own,
        "is_borrowed": slot not in shipped() and not (versions and versions[0].is_own),
        "fields": [(name, FIELDS[name], name in fields(slot.kind).optional) for name in ordered(slot.kind)],
        "versions": versions,
    }
    return render(request, "console/letter.html", context, status=422 if refused else 200)


def _why_not(refused: NotSaved | None, preview: Preview) -> list[str]:
    """What the preview does not say already."""
    if refused is None:
        return []
    return [
        said
        for p in refused.problems
        if not p.is_warning and (said := problem_in_words(p)) not in preview.faults
    ]


@for_staff
@require_safe
def version(
    request: HttpRequest, desk: Desk, kind: str, channel: str, language: str, number: int
) -> HttpResponse:
    """One version, and what it changed."""
    slot = _slot(kind, channel, language)
    versions = {v.number: v for v in templates.versions(desk.provider.pk, slot)}
    if number not in versions:
        raise Http404
    found, before = versions[number], versions.get(number - 1)
    context = {
        "desk": desk,
        "section": "letters",
        "slot": slot,
        "tongue": LANGUAGES[slot.language],
        "version": found,
        "before": before,
        "lines": _changes(_before(slot, before), found),
    }
    return render(request, "console/letter_version.html", context)


def _before(slot: Slot, before: Version | None) -> tuple[str, str]:
    """The version before, or the shipped text that the first one took the place of."""
    if before is not None:
        return before.subject, before.body
    ours = next((shipped()[place] for place in texts.fallbacks(slot) if place in shipped()), None)
    return (ours.subject, ours.body) if ours is not None else ("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a version. `mark`: `+` new, `-` gone, blank as before."""

    mark: str
    text: str


def _changes(old: tuple[str, str], new: Version) -> list[Line]:
    was, now = _lines(*old), _lines(new.subject, new.body)
    return [Line(d[0], d[2:]) for d in difflib.ndiff(was, now) if not d.startswith("?")]


def _lines(subject: str, body: str) -> Sequence[str]:
    return [*([f"Assunto: {subject}"] if subject else []), *tidy(body).split("\n")]


def _slot(kind: str, channel: str, language: str) -> Slot:
    """404 for a text that cannot be."""
    known = kind in {k.value for k in MessageKind} and channel in {c.value for c in ChannelKind}
    if not known or language not in _languages(MessageKind(kind)):
        raise Http404
    return Slot(MessageKind(kind), ChannelKind(channel), language)
