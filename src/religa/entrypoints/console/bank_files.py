"""Return files of banks: brought in here, listed with what became of them, read record by record."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from religa import wiring
from religa.actions.money.file_accounts import NoAccount
from religa.actions.money.import_file import AlreadyRead, Outcome, import_file
from religa.entrypoints.common import bank_files as words
from religa.entrypoints.console.staff import Desk, May, for_staff, only
from religa.ports.bank_files import FileRefused
from religa.records.queries import bank_files as found
from religa.records.queries.bank_files import FileRow

_LARGEST = 20 * 1024 * 1024
_PAGE = 100
_LAST_PAGE = 1_000_000
RESULTS = {
    "credited": ("Creditado", "Creditados", "good"),
    "seen_before": ("Já visto", "Já vistos", "info"),
    "unidentified": ("Não identificado", "Não identificados", "warn"),
    "noted": ("Anotado", "Anotados", "info"),
}


class Upload(forms.Form):
    arquivo = forms.FileField(
        label="Arquivo retorno",
        help_text="CNAB 240 ou 400, como veio do banco, até 20 MB. O banco e a conta são os do cabeçalho.",
        widget=forms.FileInput(attrs={"class": "input"}),
        max_length=200,
        allow_empty_file=True,  # the reader has words for it
        error_messages={
            "required": "Escolha um arquivo.",
            "max_length": "O nome do arquivo passa de 200 letras.",
        },
    )

    def clean_arquivo(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["arquivo"]
        if (file.size or 0) > _LARGEST:
            raise forms.ValidationError("O arquivo passa de 20 MB. Um retorno não é tão grande.")
        return file


@for_staff
@only(May.BANK_FILES)
@require_http_methods(["GET", "HEAD", "POST"])
def bank_files(request: HttpRequest, desk: Desk) -> HttpResponse:
    """GET lists what was read; POST brings a file in."""
    if request.method != "POST":
        return _list(request, desk, Upload())
    form = Upload(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, desk, form)
    file: UploadedFile = form.cleaned_data["arquivo"]
    read = wiring.bank_files().read(file.read())
    if isinstance(read, FileRefused):
        form.add_error("arquivo", words.refused(read))
        return _list(request, desk, form, words.problems(read))
    done = import_file(read, provider_id=desk.provider.pk, name=file.name or "", author=desk.name, at=desk.at)
    if isinstance(done, NoAccount):
        form.add_error("arquivo", words.no_account(done))
        return _list(request, desk, form)
    return _on_to_the_file(request, done)


def _list(request: HttpRequest, desk: Desk, form: Upload, problems: list[str] | None = None) -> HttpResponse:
    files = found.latest(desk.provider.pk)
    context = {"desk": desk, "section": "bank_files", "form": form, "files": files, "problems": problems}
    return render(request, "console/bank_files.html", context, status=422 if form.is_bound else 200)


def _on_to_the_file(request: HttpRequest, done: Outcome) -> HttpResponse:
    if isinstance(done, AlreadyRead):
        messages.error(request, "Este arquivo já tinha sido lido. Nada mudou.")
        return redirect("console:bank_file", done.file.id)
    assert not isinstance(done, NoAccount)
    text = "Arquivo lido." if not done.resumed else "Arquivo lido: a leitura que tinha parado foi até o fim."
    messages.success(request, text)
    return redirect("console:bank_file", done.file_id)


# -- one file -------------------------------------------------------------------------------------------------------


@for_staff
@only(May.BANK_FILES)
@require_safe
def bank_file(request: HttpRequest, desk: Desk, file_id: int) -> HttpResponse:
    """What became of a file, and its records, a hundred at a time."""
    file = found.one(desk.provider.pk, min(file_id, 2**63 - 1))
    if file is None:
        raise Http404
    asked = request.GET.get("resultado", "")
    chosen = asked if asked in RESULTS else ""
    page = _page(request.GET.get("pagina", ""))
    rows = found.records(file.file_id, result=chosen, offset=(page - 1) * _PAGE, limit=_PAGE + 1)
    context = {
        "desk": desk,
        "section": "bank_files",
        "file": file,
        "sums": _sums(file),
        "chosen": chosen,
        "page": page,
        "rows": [(row, RESULTS[row.result]) for row in rows[:_PAGE]],
        "next": _query(chosen, page + 1) if len(rows) > _PAGE else "",
        "before": _query(chosen, page - 1) if page > 1 else "",
        "notes": [words.note(line, kind) for line, kind in file.counts.get("notes", [])],
    }
    return render(request, "console/bank_file.html", context)


def _sums(file: FileRow) -> list[dict[str, Any]]:
    """How many records came to what, with the centavos of those that are payments."""
    paid = file.counts.get("paid", {})
    return [
        {
            "result": result,
            "name": many,
            "tone": tone,
            "count": file.counts.get(result, 0),
            "paid": paid.get(result, 0),
        }
        for result, (_, many, tone) in RESULTS.items()
    ]


def _page(written: str) -> int:
    return min(int(written), _LAST_PAGE) or 1 if written.isascii() and written.isdigit() else 1


def _query(result: str, page: int) -> str:
    return urlencode({"resultado": result, "pagina": page})
