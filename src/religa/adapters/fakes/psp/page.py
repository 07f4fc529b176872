"""The page on which a person pays a charge of the fake PSP: what a bank's app would show before "confirmar"."""

from __future__ import annotations

from html import escape
from ipaddress import ip_address
from urllib.parse import parse_qs, quote, urlsplit

from religa.adapters.fakes.psp.ledger import Charge, NotPaid, Payee
from religa.adapters.fakes.psp.prices import total
from religa.adapters.fakes.psp.wire import HTML, Answer
from religa.domain.money import format_reais
from religa.ports.money import Split

_WHY = {
    NotPaid.UNKNOWN: "Esta cobrança não existe.",
    NotPaid.CONCLUDED: "Esta cobrança já foi paga.",
    NotPaid.REMOVED: "Esta cobrança foi cancelada pelo recebedor.",
    NotPaid.EXPIRED: "Esta cobrança venceu e não pode mais ser paga.",
    NotPaid.NOTHING_LEFT: "Os descontos não deixam nada a pagar hoje.",
}
_PARTS = {
    "original": ("Valor original", 1),
    "fine": ("Multa", 1),
    "interest": ("Juros", 1),
    "discount": ("Desconto", -1),
    "rebate": ("Abatimento", -1),
}
_STYLE = (
    ":root{color-scheme:light dark}body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:26rem;margin:2rem auto;"
    "padding:0 1rem}dl{display:grid;grid-template-columns:auto 1fr;gap:.25rem 1rem}dd{margin:0;text-align:right}"
    ".total{font-weight:700;font-size:1.25rem}button{font:inherit;width:100%;min-height:3rem;border:0;"
    "border-radius:.5rem;background:#00695c;color:#fff}small{display:block;margin-top:2rem}"
)
_SAFE = (
    ("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"),
    ("Cache-Control", "no-store"),
)


def confirmation(charge: Charge, costs: Split, payee: Payee) -> Answer:
    """What is to be paid to whom, and the button."""
    rows = "".join(
        _row(words, format_reais(sign * getattr(costs, part)))
        for part, (words, sign) in _PARTS.items()
        if part == "original" or getattr(costs, part)
    )
    amount = _row("Total a pagar", format_reais(total(costs)), "total")
    asked = str(charge.body.get("solicitacaoPagador", ""))
    about = _row("Descrição", asked) if asked else ""
    to = _row("Para", payee.name) + _row("Chave Pix", str(charge.body["chave"]))
    form = '<form method="post"><button>Pagar agora</button></form>'
    return _page("Confirmar pagamento", f"<dl>{to}{about}{rows}{amount}</dl>{form}")


def paid(amount: int, id: str, back: str | None) -> Answer:
    """The receipt; where a way back is known, straight there."""
    if back is not None:
        return Answer(303, headers=(("Location", back), *_SAFE))
    rows = _row("Valor", format_reais(amount)) + _row("Identificador", id)
    return _page("Pagamento feito", f'<dl>{rows}</dl><p role="status">O recebedor já foi avisado.</p>')


def not_paid(why: NotPaid) -> Answer:
    return _page(
        "Não foi possível pagar", f'<p role="alert">{_WHY[why]}</p>', 404 if why is NotPaid.UNKNOWN else 409
    )


def way_back(query: str) -> str | None:
    """The address in `voltar`, if it stays on this machine (relative, or http on loopback); None for any other.

    Elsewhere it would make of this page a signpost to wherever a stranger's link likes.
    """
    said = parse_qs(query).get("voltar", [""])[0]
    if not said or any(sign <= " " or sign in '\\"' for sign in said):
        return None
    try:
        parts = urlsplit(said)
        host = parts.hostname
    except ValueError:
        return None
    if not parts.scheme and not parts.netloc:
        return quote(said, safe="/?#&=%:+,;@~!$'()*") if not said.startswith("//") else None
    local = host == "localhost" or (host is not None and _is_loopback(host))
    return said if parts.scheme in ("http", "https") and local and said.isascii() else None


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _row(words: str, value: str, kind: str = "") -> str:
    mark = f' class="{kind}"' if kind else ""
    return f"<dt{mark}>{escape(words)}</dt><dd{mark}>{escape(value)}</dd>"


def _page(title: str, body: str, status: int = 200) -> Answer:
    text = (
        f'<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{body}<small>Banco de demonstração: nenhum dinheiro é movido.</small>"
        "</main></body></html>"
    )
    return Answer(status, text.encode(), HTML, _SAFE)
