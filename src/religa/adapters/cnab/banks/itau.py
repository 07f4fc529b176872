"""Itaú (341). In 400 columns the column of the principal is what is credited, interest included and fee kept back."""

from dataclasses import replace

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import (
    Bank,
    DateForm,
    HeaderSpec,
    Layout240,
    Layout400,
    Meaning,
    PaidColumn,
    Totals400,
)

_WORDS = {
    **families.WORDS_400,
    "04": "dados alterados",
    "05": "dados alterados, baixa",
    "07": "liquidação parcial",
    "08": "liquidação em cartório",
    "10": "baixa por ter sido liquidado",
    "15": "baixa rejeitada",
    "16": "instrução rejeitada",
    "17": "alteração rejeitada",
    "21": "não protestar, confirmado",
    "23": "enviado a cartório",
    "25": "alegação do pagador",
    "32": "baixa por protesto",
    "47": "baixa para desconto",
    "59": "baixa por crédito em conta (SISPAG)",
    "65": "pago com cheque, aguardando",
    "69": "cheque devolvido",
    "76": "cheque compensado",
}
# 17 is a settlement at other banks and a refusal here. 10 closes a title whose settlement came by itself.
_MEANING = Meaning(payments=frozenset({"06", "07", "08", "59"}), reversals=frozenset({"69"}), words=_WORDS)

BANK = Bank(
    code="341",
    name="Itaú",
    layout_240=Layout240(
        header=replace(families.HEADER_240, agency=(54, 57), account=(66, 72), convenio=None),
        meaning=replace(_MEANING, payments=frozenset({"06", "08"})),
        nosso_numero=(41, 48),
        document_number=(59, 68),
    ),
    layout_400=Layout400(
        header=HeaderSpec(
            generated_on=(95, 100),
            date_form=DateForm.DMY6,
            agency=(27, 30),
            account=(33, 38),
            sequence=(109, 113),
        ),
        meaning=_MEANING,
        nosso_numero=(63, 70),
        paid_column=PaidColumn.NET,
        totals=Totals400(details=(213, 220), titles=(221, 234)),
    ),
)
