"""Caixa Econômica Federal (104). Its codes of 400 columns are its own: 06 is no settlement there, 21 is."""

from dataclasses import replace

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, DateForm, HeaderSpec, Layout240, Layout400, Meaning

# 46, settled on line, is told again as 06 when the day is closed; taken as well, it would be a second payment.
_MEANING_240 = replace(
    families.MEANING_240,
    reversals=frozenset({"44", "47"}),
    words={
        **families.MEANING_240.words,
        "44": "estorno de baixa ou liquidação",
        "45": "dados alterados",
        "46": "liquidação on-line",
        "47": "estorno de liquidação on-line",
    },
)

_MEANING_400 = Meaning(
    payments=frozenset({"21", "22"}),
    reversals=frozenset({"33"}),
    words={
        "01": "entrada confirmada",
        "02": "baixa confirmada",
        "03": "abatimento concedido",
        "04": "abatimento cancelado",
        "05": "vencimento alterado",
        "06": "uso da empresa alterado",
        "09": "alteração confirmada",
        "20": "título em ser",
        "21": "liquidação",
        "22": "liquidação em cartório",
        "23": "baixa por devolução",
        "24": "baixa por franco pagamento",
        "25": "baixa por protesto",
        "26": "enviado a cartório",
        "27": "protesto sustado",
        "31": "tarifa sobre título vencido",
        "33": "estorno de baixa ou liquidação",
        "99": "rejeitado",
    },
)

BANK = Bank(
    code="104",
    name="Caixa",
    layout_240=Layout240(
        header=replace(families.HEADER_240, account=None, convenio=(59, 64)),
        meaning=_MEANING_240,
        nosso_numero=(40, 56),
        document_number=(59, 69),
    ),
    layout_400=Layout400(
        header=HeaderSpec(
            generated_on=(95, 100),
            date_form=DateForm.DMY6,
            agency=(27, 30),
            convenio=(31, 36),
            sequence=(390, 394),
        ),
        meaning=_MEANING_400,
        nosso_numero=(57, 73),
        credited_on=(294, 299),
    ),
)
