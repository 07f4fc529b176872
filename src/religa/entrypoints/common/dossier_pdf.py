"""A dossier on paper (A4, Portuguese): everything that its JSON holds, page by page, with its digest on each.

The same document always gives the same bytes. Characters that the typeface does not have (an emoji in a message) are
printed by their number, so that nothing vanishes unseen.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, HRFlowable, KeepTogether, Paragraph, SimpleDocTemplate

from religa.entrypoints.common import dossier_lines as lines
from religa.entrypoints.common import dossier_words as words

Document = dict[str, Any]
_PLAIN, _BOLD, _FIXED = "ReligaPlain", "ReligaBold", "Courier"
_SOFT, _LINE = HexColor("#444444"), HexColor("#9a9a9a")
_MARGIN, _FOOT = 20 * mm, 22 * mm
_TOGETHER = 900  # characters: what is shorter is not broken across pages


def drawn(document: Document) -> bytes:
    """The PDF. Laid out twice: the first time counts the pages."""
    _fonts()
    pages = _laid_out(document, total=None)[1]
    return _laid_out(document, total=pages)[0]


def file_name(document: Document) -> str:
    """`dossie-1001-2026-11-28`, with nothing in it that a file system or a header could stumble over."""
    number = re.sub(r"[^0-9A-Za-z]+", "-", str(document["contract"]["number"])).strip("-")
    return f"dossie-{number or document['contract']['key']}-{str(document['made']['at'])[:10]}"


def _laid_out(document: Document, *, total: int | None) -> tuple[bytes, int]:
    out = io.BytesIO()
    number = document["contract"]["number"]
    template = SimpleDocTemplate(
        out, pagesize=A4, leftMargin=_MARGIN, rightMargin=_MARGIN, topMargin=_MARGIN, bottomMargin=_FOOT,
        title=f"Dossiê do contrato {number}", author=document["provider"]["name"], lang="pt-BR", invariant=1,
        subject=f"SHA-256 {document['digests']['whole']}", creator="Religa",
    )  # fmt: skip

    def foot(canvas: Canvas, template: SimpleDocTemplate) -> None:
        _foot(canvas, document, template.page, total)

    template.build(list(_story(document)), onFirstPage=foot, onLaterPages=foot)
    return out.getvalue(), template.page


def _foot(canvas: Canvas, document: Document, page: int, total: int | None) -> None:
    canvas.saveState()
    canvas.setStrokeColor(_LINE)
    canvas.line(_MARGIN, 17 * mm, A4[0] - _MARGIN, 17 * mm)
    canvas.setFillColor(_SOFT)
    canvas.setFont(_PLAIN, 7)
    canvas.drawString(_MARGIN, 13 * mm, _printable(f"Dossiê do contrato {document['contract']['number']}"))
    canvas.drawRightString(A4[0] - _MARGIN, 13 * mm, f"página {page} de {total or page}")
    canvas.setFont(_FIXED, 6.6)
    canvas.drawString(_MARGIN, 9.5 * mm, f"SHA-256 {document['digests']['whole']}")
    canvas.restoreState()


# What it says


def _story(document: Document) -> Iterator[Flowable]:
    zone = ZoneInfo(document["provider"]["zone"])
    yield from _first(document, zone)
    yield _paragraph("Linha do tempo", "heading")
    yield from (_paragraph(text, "line") for text in lines.of_time(document, zone))
    for part, title in words.PARTS.items():
        yield from _part(title, part, document["parts"].get(part, []), zone)
    yield from _proof(document)


def _first(document: Document, zone: ZoneInfo) -> Iterator[Flowable]:
    provider, contract = document["provider"], document["contract"]
    yield _paragraph(provider["name"], "provider")
    yield _paragraph(_pairs({k: v for k, v in provider.items() if k != "name"}, zone), "small", ready=True)
    yield HRFlowable(width="100%", color=_LINE, spaceBefore=6, spaceAfter=10)
    yield _paragraph(f"Dossiê do contrato {contract['number']}", "title")
    made = document["made"]
    when = words.said("at", made["at"], zone)
    yield _paragraph(f"Feito em {when} por {made['by']}. Finalidade: {made['reason']}", "text")
    yield _paragraph("Titular", "heading")
    yield _paragraph(_pairs(document["holder"], zone), "text", ready=True)
    yield _paragraph("Contrato", "heading")
    yield _paragraph(_pairs(contract, zone), "text", ready=True)
    yield _paragraph("O que há neste documento", "heading")
    counted = [f"{title}: {len(document['parts'].get(part, []))}" for part, title in words.PARTS.items()]
    yield _paragraph("; ".join(counted) + ".", "text")
    yield _paragraph(_ABOUT.format(zone=document["provider"]["zone"]), "text")


_ABOUT = (
    "Este documento reúne tudo o que o sistema do provedor guarda sobre o contrato e seu titular atual: o que foi "
    "cobrado, o que foi avisado e como, o que aconteceu com cada aviso, quando e por que o acesso mudou. As mudanças "
    "de acesso são encadeadas: cada elo depende do anterior, e tirar, incluir ou mudar uma delas quebra a cadeia. "
    "O mesmo conteúdo existe em JSON, que se confere com o comando “religa dossier verify ARQUIVO”. Horas no "
    "fuso {zone}. Contém dados pessoais (Lei 13.709/2018): use só para a finalidade acima."
)


def _part(title: str, part: str, entries: list[dict[str, Any]], zone: ZoneInfo) -> Iterator[Flowable]:
    heading = [_paragraph(f"{title} ({len(entries)})", "heading")]
    if not entries:
        yield KeepTogether([*heading, _paragraph("Nada registrado.", "soft")])
    for n, entry in enumerate(entries):
        block = [*(heading if n == 0 else ()), *_entry(part, entry, zone)]
        short = sum(len(str(value)) for value in entry.values()) < _TOGETHER
        yield from [KeepTogether(block)] if short else block


def _entry(part: str, entry: dict[str, Any], zone: ZoneInfo) -> Iterator[Flowable]:
    """What it is, its plain fields in one paragraph; lists, long texts and digests each below."""
    yield _paragraph(lines.heading(part, entry, zone), "entry")
    below = {k: v for k, v in entry.items() if isinstance(v, list | dict) and _is_rows(v)}
    texts = {k: v for k, v in entry.items() if k in _LONG and v}
    digests = {k: v for k, v in entry.items() if k in _DIGESTS and v}
    plain = {k: v for k, v in entry.items() if k not in {*below, *texts, *digests}}
    yield _paragraph(_pairs(plain, zone), "text", ready=True)
    for field, value in below.items():
        yield _paragraph(words.name(field), "label")
        for one in value if isinstance(value, list) else [value]:
            yield _paragraph("• " + _pairs(one, zone), "item", ready=True)
    for field, value in texts.items():
        yield _paragraph(words.name(field), "label")
        yield _paragraph(str(value), "letter")
    for field, value in digests.items():
        yield _paragraph(f"{words.name(field)} {value}", "digest")
    yield HRFlowable(width="100%", thickness=0.4, color=_LINE, spaceBefore=3, spaceAfter=5)


_LONG, _DIGESTS = ("text", "notes"), ("salt", "digest", "chain")


def _is_rows(value: list[Any] | dict[str, Any]) -> bool:
    return bool(value) and (isinstance(value, dict) or isinstance(value[0], dict))


def _proof(document: Document) -> Iterator[Flowable]:
    digests, signature = document["digests"], document["signature"]
    yield _paragraph("Conferência", "heading")
    yield _paragraph(_HOW, "text")
    rows = [("Todo o dossiê", digests["whole"])]
    rows += [(words.PARTS.get(part, part), digest) for part, digest in digests["parts"].items()]
    rows += [
        (f"Chave pública ({signature['algorithm']})", signature["public_key"]),
        ("Assinatura", signature["value"]),
    ]
    for label, value in rows:
        yield KeepTogether([_paragraph(label, "label"), _paragraph(value, "digest")])


_HOW = (
    "Cada parte tem um resumo SHA-256 próprio, e o resumo de todo o dossiê cobre o cabeçalho e os resumos das partes. "
    "A assinatura é sobre o resumo de todo o dossiê. A forma resumida é o JSON em UTF-8, com as chaves em ordem, sem "
    "espaços entre os elementos e com os caracteres como são. Formato “religa-dossier”, versão 1."
)

# How it is set


def _pairs(fields: dict[str, Any], zone: ZoneInfo) -> str:
    """`Vencimento: 10/11/2026 · Total: R$ 99,90`, ready as markup."""
    found = ((words.name(field), words.said(field, value, zone)) for field, value in fields.items())
    return " · ".join(
        f"<font color='#5a5a5a'>{_markup(label)}:</font> {_markup(text)}" for label, text in found if text
    )


def _paragraph(text: str, style: str, *, ready: bool = False) -> Paragraph:
    return Paragraph(text if ready else _markup(text), _styles()[style])


def _markup(text: str) -> str:
    return escape(_printable(text)).replace("\n", "<br/>")


def _printable(text: str) -> str:
    known = _glyphs()
    return "".join(c if c == "\n" or ord(c) in known else f"[U+{ord(c):04X}]" for c in text)


@lru_cache(maxsize=1)
def _glyphs() -> frozenset[int]:
    _fonts()
    faces = [pdfmetrics.getFont(font).face.charToGlyph for font in (_PLAIN, _BOLD)]
    return frozenset(faces[0]) & frozenset(faces[1])


@lru_cache(maxsize=1)
def _fonts() -> None:
    """Bitstream Vera, which comes with the library and is part of the file, so that it prints alike everywhere."""
    folder = Path(reportlab.__file__).parent / "fonts"
    for font, file in ((_PLAIN, "Vera.ttf"), (_BOLD, "VeraBd.ttf")):
        pdfmetrics.registerFont(TTFont(font, str(folder / file)))


@lru_cache(maxsize=1)
def _styles() -> dict[str, ParagraphStyle]:
    text = ParagraphStyle("text", fontName=_PLAIN, fontSize=8.5, leading=12, spaceAfter=3)
    return {
        "text": text,
        "provider": ParagraphStyle("provider", text, fontName=_BOLD, fontSize=12, leading=15),
        "title": ParagraphStyle("title", text, fontName=_BOLD, fontSize=17, leading=22, spaceAfter=6),
        "heading": ParagraphStyle(
            "heading", text, fontName=_BOLD, fontSize=11, leading=14, spaceBefore=10, spaceAfter=4, keepWithNext=1
        ),
        "label": ParagraphStyle(
            "label", text, fontSize=8, textColor=_SOFT, leftIndent=4 * mm, spaceAfter=1, keepWithNext=1
        ),
        "item": ParagraphStyle("item", text, leftIndent=8 * mm, bulletIndent=4 * mm, spaceAfter=2),
        "letter": ParagraphStyle(
            "letter", text, leftIndent=8 * mm, borderColor=_LINE, borderWidth=0.4, borderPadding=4, spaceBefore=4,
            spaceAfter=8,
        ),
        "entry": ParagraphStyle("entry", text, fontName=_BOLD, spaceAfter=2, keepWithNext=1),
        "line": ParagraphStyle("line", text, fontSize=8, leading=11, spaceAfter=1, leftIndent=4 * mm),
        "digest": ParagraphStyle("digest", text, fontName=_FIXED, fontSize=7, leading=9, leftIndent=4 * mm),
        "small": ParagraphStyle("small", text, fontSize=7.5, leading=10, textColor=_SOFT),
        "soft": ParagraphStyle("soft", text, textColor=_SOFT),
    }  # fmt: skip
