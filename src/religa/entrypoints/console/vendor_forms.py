"""The form of a kind of router: its head, and six groups of rows. Plain HTML: more rows come by a button."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import QueryDict

from religa import wording
from religa.domain.facts import Access
from religa.domain.vendors import ACCESSES, IDENTIFIERS, Fact, Problem, Purpose, Template, Vendor
from religa.wording.vendors import vendor_problem

WHEN = {
    Fact.ALWAYS: "sempre",
    Fact.RATE: "o plano tem velocidade: {up} {down} {burst} {up_bps} {down_bps}",
    Fact.WALL: "sempre; {voice} vira -voice se a telefonia passa",
    Fact.IPV4: "tem IPv4 fixo: {}",
    Fact.POOL: "tem pool: {}",
    Fact.IPV6_PREFIX_POOL: "tem pool de prefixo IPv6: {}",
    Fact.IPV6_PD_POOL: "tem pool de delegação IPv6: {}",
}
PURPOSES = {Purpose.LOGIN: "Ao conectar", Purpose.PUSH: "Ordem (CoA) em sessão aberta"}
_FIELDS = {
    "vendor": "codigo", "title": "nome", "verified": "verificado", "identified_by": "identificado",
    "shown_by": "mostrado", "attribute": "atributo", "template": "valor", "op": "operador",
}  # fmt: skip
_MOST_ROWS = 40  # of one group
GROUPS = [(purpose, access) for purpose in Purpose for access in ACCESSES]


def _input(**attributes: str) -> forms.TextInput:
    return forms.TextInput(
        attrs={"class": "input", "autocomplete": "off", "spellcheck": "false", **attributes}
    )


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "input"})


class Head(forms.Form):
    """Everything but the rows. `codigo` is fixed once it exists."""

    codigo = forms.CharField(
        label="Código",
        required=False,
        help_text="Como o cadastro do roteador o chama: minúsculas, números e hífens.",
        widget=_input(),
    )
    nome = forms.CharField(label="Nome", required=False, max_length=120, widget=_input())
    movido = forms.ChoiceField(
        label="Como mudar uma sessão aberta",
        choices=[
            ("coa", "CoA: muda sem derrubar"),
            ("disconnect", "Disconnect: derruba, e ao reconectar muda"),
        ],
        widget=_select(),
    )
    tempo = forms.ChoiceField(
        label="Session-Timeout num CoA conta a partir",
        choices=[
            ("receipt", "do recebimento"),
            ("start", "do início da sessão"),
            ("never", "não muda por CoA"),
        ],
        widget=_select(),
    )
    mostrado = forms.ChoiceField(
        label="O accounting mostra o estado em",
        required=False,
        choices=[("", "nada"), ("class", "Class"), ("filter_id", "Filter-Id")],
        help_text="Para perceber um roteador que aceita a ordem e não obedece.",
        widget=_select(),
    )
    identificado = forms.MultipleChoiceField(
        label="Uma ordem identifica a sessão por",
        required=False,
        choices=[(name, name) for name in IDENTIFIERS],
        widget=forms.CheckboxSelectMultiple,
    )
    verificado = forms.CharField(
        label="Como foi verificado",
        required=False,
        max_length=1000,
        help_text="Em qual roteador e versão, ou só na documentação.",
        widget=forms.Textarea(attrs={"class": "input", "rows": 3}),
    )
    visto = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16)


class Row(forms.Form):
    atributo = forms.CharField(label="Atributo", required=False, widget=_input())
    operador = forms.ChoiceField(
        label="Operador",
        required=False,
        choices=[(":=", ":= põe"), ("+=", "+= acrescenta"), ("=", "= se faltar")],
        widget=_select(),
    )
    valor = forms.CharField(label="Valor", required=False, strip=False, widget=_input())
    quando = forms.TypedChoiceField(
        label="Quando",
        required=False,
        choices=[(fact.value, words) for fact, words in WHEN.items()],
        coerce=Fact,
        empty_value=Fact.ALWAYS,
        widget=_select(),
    )

    @property
    def is_blank(self) -> bool:
        values = getattr(self, "cleaned_data", {})
        return bool(values.get("DELETE")) or not (values.get("atributo") or values.get("valor"))


_Rows = formset_factory(Row, extra=2, can_delete=True, max_num=_MOST_ROWS, absolute_max=_MOST_ROWS)


@dataclass
class Group:
    """The rows of one state, and what is wrong with them together."""

    purpose: Purpose
    access: Access
    rows: BaseFormSet[Row]
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.purpose.value}-{self.access.value}"

    @property
    def title(self) -> str:
        return wording.say(self.access)

    @property
    def is_used(self) -> bool:
        return bool(self.rows.initial) or bool(self.problems) or any(row.has_changed() for row in self.rows)


class Filled:
    """The whole form; of a vendor, or of what was sent."""

    def __init__(self, vendor: Vendor, data: QueryDict | None = None, *, is_new: bool) -> None:
        self.vendor, self.is_new, self.problems = vendor, is_new, list[str]()
        self.head = Head(data, initial=_head_initial(vendor))
        if not is_new:
            self.head.fields["codigo"].disabled = True
        self.groups = [
            Group(p, a, _Rows(data, prefix=f"{p.value}-{a.value}", initial=_initial(vendor, p, a)))
            for p, a in GROUPS
        ]

    def is_valid(self) -> bool:
        """Whether it can be read; whether it is right, the action says."""
        return all([self.head.is_valid(), *(group.rows.is_valid() for group in self.groups)])

    def read(self) -> Vendor:
        """What was sent, as a vendor: rows in the order of the page."""
        values = self.head.cleaned_data
        return Vendor(
            vendor=values["codigo"], title=values["nome"], verified=values["verificado"], moved_by=values["movido"],
            timeout_from=values["tempo"], shown_by=values["mostrado"], identified_by=tuple(values["identificado"]),
            templates=tuple(_template(group, row) for group, row in self._rows()),
        )  # fmt: skip

    def tell(self, problems: list[Problem]) -> None:
        """Puts each problem next to what it is about."""
        rows, groups = [row for _, row in self._rows()], {group.name: group for group in self.groups}
        for problem in problems:
            said = vendor_problem(problem)
            if problem.row is not None:
                rows[problem.row].add_error(_FIELDS[problem.field], said)
            elif problem.field in groups:
                groups[problem.field].problems.append(said)
            elif problem.field in _FIELDS:
                self.head.add_error(_FIELDS[problem.field], said)
            else:
                self.problems.append(said)

    def _rows(self) -> list[tuple[Group, Row]]:
        return [(group, row) for group in self.groups for row in group.rows.forms if not row.is_blank]


def with_more_rows(data: QueryDict) -> QueryDict:
    """The same form with three more empty rows in each group."""
    more = data.copy()
    for purpose, access in GROUPS:
        key = f"{purpose.value}-{access.value}-TOTAL_FORMS"
        number = more.get(key, "")
        if number.isdecimal():
            more[key] = str(min(int(number) + 3, _MOST_ROWS))
    return more


def _head_initial(vendor: Vendor) -> dict[str, Any]:
    return {
        "codigo": vendor.vendor, "nome": vendor.title, "movido": vendor.moved_by, "tempo": vendor.timeout_from,
        "mostrado": vendor.shown_by, "identificado": list(vendor.identified_by), "verificado": vendor.verified,
        "visto": vendor.digest,
    }  # fmt: skip


def _initial(vendor: Vendor, purpose: Purpose, access: Access) -> list[dict[str, Any]]:
    return [
        {"atributo": t.attribute, "operador": t.op, "valor": t.template, "quando": t.fact.value}
        for t in vendor.templates
        if t.purpose is purpose and t.access is access
    ]


def _template(group: Group, row: Row) -> Template:
    values = row.cleaned_data
    return Template(
        group.purpose,
        group.access,
        values["atributo"],
        values["valor"],
        values["operador"] or ":=",
        values["quando"],
    )
