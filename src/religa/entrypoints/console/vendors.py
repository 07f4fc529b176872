"""Kinds of router: what each hears in each state, to look at, to copy and to change."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa import wiring, wording
from religa.actions import save_vendor
from religa.domain.facts import Access
from religa.domain.vendors import ACCESSES, Heard, Purpose, Sample, Template, Vendor, heard
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.entrypoints.console.vendor_forms import PURPOSES, WHEN, Filled, with_more_rows
from religa.records import vendors
from religa.wording.vendors import vendor_title, verified

_MOVED = {"coa": "CoA, sem derrubar a sessão", "disconnect": "Disconnect: derruba a sessão"}
_TIMEOUT = {"receipt": "do recebimento", "start": "do início da sessão", "never": "não muda por CoA"}
_SHOWN = {"": "não mostra", "class": "em Class", "filter_id": "em Filter-Id"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A kind of router as it stands on a page. `routers`: how many are of it; `differs`: from what was shipped."""

    vendor: Vendor
    title: str
    verified: str
    routers: int
    is_shipped: bool
    differs: bool

    @property
    def moved_by(self) -> str:
        return _MOVED[self.vendor.moved_by]


@dataclass(frozen=True, slots=True)
class State:
    """What a sample hears in one state, at log-in and in an order."""

    access: Access
    login: list[Heard]
    push: list[Heard]


@for_staff
@require_safe
def vendor_list(request: HttpRequest, desk: Desk) -> HttpResponse:
    shipped, counts = vendors.shipped(), vendors.routers_of()
    rows = [_shown(v, shipped.get(v.vendor), counts.get(v.vendor, 0)) for v in vendors.every()]
    return render(request, "console/vendors.html", {"desk": desk, "section": "routers", "rows": rows})


@for_staff
@require_safe
def vendor_page(request: HttpRequest, desk: Desk, vendor: str) -> HttpResponse:
    """How it is spoken to, its rows, what a sample hears, and what is not as it was shipped."""
    found = _one(vendor)
    shipped = vendors.shipped(vendor).get(vendor)
    context = {
        "desk": desk,
        "section": "routers",
        "shown": _shown(found, shipped, vendors.routers_of().get(vendor, 0)),
        "timeout": _TIMEOUT[found.timeout_from],
        "shown_by": _SHOWN[found.shown_by],
        "states": states(found),
        "rows": [(PURPOSES[t.purpose], t, WHEN[t.fact]) for t in found.templates],
        "differences": _differences(found, shipped),
    }
    return render(request, "console/vendor.html", context)


@for_staff
@only(May.CHANGE_NETWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, desk: Desk, vendor: str) -> HttpResponse:
    return _form(request, desk, _one(vendor), is_new=False)


@for_staff
@only(May.CHANGE_NETWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, desk: Desk, vendor: str) -> HttpResponse:
    """The same rows under another name; how they were verified has to be said anew."""
    original = _one(vendor)
    start = replace(
        original, vendor=f"{vendor}-2"[:40], title=f"{original.title} (cópia)", verified="", changed_by=""
    )
    return _form(request, desk, start, is_new=True)


def _form(request: HttpRequest, desk: Desk, start: Vendor, *, is_new: bool) -> HttpResponse:
    """`fazer` says which button: more rows, look at it, save."""
    if request.method != "POST":
        return _show(request, desk, Filled(start, is_new=is_new))
    what = request.POST.get("fazer", "")
    data: QueryDict = with_more_rows(request.POST) if what == "linhas" else request.POST
    filled = Filled(start, data, is_new=is_new)
    if not filled.is_valid():
        return _show(request, desk, filled, status=422)
    if what == "linhas":
        return _show(request, desk, filled)
    if what == "conferir":
        return _look(request, desk, filled)
    return _save(request, desk, filled)


def _look(request: HttpRequest, desk: Desk, filled: Filled) -> HttpResponse:
    """What it would say, and what is wrong with it; nothing is kept."""
    dictionary = wiring.radius_dictionary()
    vendor = save_vendor.named_properly(filled.read(), dictionary)
    problems = save_vendor.check(vendor=vendor, dictionary=dictionary)
    filled.tell(problems)
    return _show(request, desk, filled, looked_at=vendor, status=422 if problems else 200)


def _save(request: HttpRequest, desk: Desk, filled: Filled) -> HttpResponse:
    seen = None if filled.is_new else filled.head.cleaned_data["visto"]
    answer = save_vendor.save(
        vendor=filled.read(), by=desk.name, seen=seen, dictionary=wiring.radius_dictionary()
    )
    if isinstance(answer, save_vendor.NotSaved):
        filled.tell(list(answer.problems))
        return _show(request, desk, filled, status=422)
    messages.success(request, "Salvo. Vale a partir do próximo login.")
    if not answer.read_by_freeradius:
        messages.error(request, _UNREAD)
    return redirect("console:vendor", answer.vendor.vendor)


_UNREAD = (
    "O FreeRADIUS não está instalado nesta máquina: os nomes dos atributos não foram conferidos no dicionário dele. "
    "Faça um login de teste antes de confiar."
)


def _show(
    request: HttpRequest, desk: Desk, filled: Filled, *, looked_at: Vendor | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "desk": desk,
        "section": "routers",
        "filled": filled,
        "purposes": [(words, [g for g in filled.groups if g.purpose is p]) for p, words in PURPOSES.items()],
        "is_wrong": status == 422,
        "states": states(looked_at) if looked_at else [],
        "routers": vendors.routers_of().get(filled.vendor.vendor, 0),
    }
    return render(request, "console/vendor_form.html", context, status=status)


def states(vendor: Vendor) -> list[State]:
    """What a sample log-in hears, with everything known of it."""
    sample = Sample()
    return [
        State(a, heard(vendor, Purpose.LOGIN, a, sample), heard(vendor, Purpose.PUSH, a, sample))
        for a in ACCESSES
    ]


def _one(vendor: str) -> Vendor:
    found = vendors.one(vendor)
    if found is None:
        raise Http404
    return found


def _shown(vendor: Vendor, shipped: Vendor | None, routers: int) -> Shown:
    return Shown(
        vendor,
        vendor_title(vendor.vendor, vendor.title, shipped.title if shipped else None),
        verified(vendor.vendor, vendor.verified, shipped.verified if shipped else None),
        routers,
        shipped is not None,
        shipped is not None and shipped.digest != vendor.digest,
    )


def _differences(vendor: Vendor, shipped: Vendor | None) -> list[str]:
    """What is not as it was shipped, line by line."""
    if shipped is None or shipped.digest == vendor.digest:
        return []
    gone = [f"Sem: {_line(t)}" for t in shipped.templates if t not in vendor.templates]
    added = [f"A mais: {_line(t)}" for t in vendor.templates if t not in shipped.templates]
    head = (("nome", vendor.title, shipped.title), ("forma de mudar", vendor.moved_by, shipped.moved_by),
            ("Session-Timeout", vendor.timeout_from, shipped.timeout_from),
            ("onde mostra o estado", vendor.shown_by, shipped.shown_by),
            ("identificação da sessão", vendor.identified_by, shipped.identified_by),
            ("verificação", vendor.verified, shipped.verified))  # fmt: skip
    changed = [f"Outro valor: {what}" for what, now, then in head if now != then]
    return [*changed, *gone, *added] or ["A ordem das linhas"]


def _line(row: Template) -> str:
    where = f"{PURPOSES[row.purpose].lower()}, {wording.say(row.access).lower()}"
    return f"{row.attribute} {row.op} {row.template} ({where})"
