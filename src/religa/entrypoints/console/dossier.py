"""The dossier of a contract as a download. Asking for it is a POST: it leaves a row with who and why."""

from __future__ import annotations

import io
import zipfile

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from religa.actions import make_dossier
from religa.entrypoints.common import dossier_pdf
from religa.entrypoints.console import contact_forms
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.records import dossiers
from religa.records.dossiers import Document

_TYPES = {"pdf": "application/pdf", "json": "application/json", "zip": "application/zip"}


@for_staff
@only(May.DOSSIER)
@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: HttpRequest, desk: Desk, contract_id: int) -> HttpResponse:
    """GET asks what it is for; POST gives the file."""
    head = desk.head(contract_id)
    asked = request.method == "POST"
    form = contact_forms.Dossier(request.POST if asked else None)
    if not asked or not form.is_valid():
        context = {"desk": desk, "head": head, "form": form, "public_key": dossiers.public_key()}
        return render(request, "console/dossier.html", context, status=422 if asked else 200)
    document = make_dossier.make(
        contract_id=contract_id, who=desk.name, reason=form.cleaned_data["motivo"], at=desk.at
    )
    return _file(document, form.cleaned_data["forma"])


def _file(document: Document, form: str) -> HttpResponse:
    name = dossier_pdf.file_name(document)
    contents = {
        f"{name}.{suffix}": draw(document)
        for suffix, draw in (("pdf", dossier_pdf.drawn), ("json", dossiers.written))
        if form in (suffix, "zip")
    }
    response = HttpResponse(
        _zipped(contents) if form == "zip" else next(iter(contents.values())), content_type=_TYPES[form]
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _zipped(contents: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(name, content)
    return out.getvalue()
