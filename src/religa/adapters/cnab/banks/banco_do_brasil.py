"""Banco do Brasil (001). The return of a convênio of seven digits (CBR643) has titles of record type 7 and a nosso
número of 17 digits."""

from dataclasses import replace

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, Layout240, Layout400, Meaning

_MEANING_400 = Meaning(
    payments=frozenset({"05", "06", "07", "08", "15"}),
    reversals=frozenset({"44"}),
    words={
        **families.WORDS_400,
        "03": "comando recusado",
        "05": "liquidação sem registro",
        "07": "liquidação por conta",
        "08": "liquidação por saldo",
        "15": "liquidação em cartório",
        "16": "juros alterados",
        "23": "enviado a cartório",
        "28": "manutenção de título vencido",
        "44": "pago com cheque devolvido",
        "46": "pago com cheque, aguardando",
        "96": "despesas de protesto",
        "97": "despesas de sustação",
        "98": "custas antecipadas",
    },
)

BANK = Bank(
    code="001",
    name="Banco do Brasil",
    layout_240=Layout240(
        header=replace(families.HEADER_240, convenio=(33, 41)), meaning=families.MEANING_240
    ),
    layout_400=Layout400(
        header=replace(families.HEADER_400_BB, convenio=(150, 156)),
        meaning=_MEANING_400,
        detail="7",
        nosso_numero=(64, 80),
        credited_on=(176, 181),
        fee=(182, 188),
        amount_net=(306, 318),
        refused={
            "1": "titles of record type 1 (convênio of up to six digits) are not known here, only type 7"
        },
    ),
)
