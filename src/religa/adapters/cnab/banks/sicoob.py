"""Sicoob (756). Its 400 columns follow Banco do Brasil's. In 240 the nosso número has ten digits; parcel, modality and
form stand behind it."""

from dataclasses import replace

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, Layout240, Layout400, Meaning

_MEANING_400 = Meaning(
    payments=frozenset({"05", "06", "15"}),
    words={
        **families.WORDS_400,
        "05": "liquidação sem registro",
        "15": "liquidação em cartório",
        "23": "enviado a protesto",
        "27": "dados alterados",
        "48": "carteira alterada",
    },
)

BANK = Bank(
    code="756",
    name="Sicoob",
    layout_240=Layout240(header=families.HEADER_240, meaning=families.MEANING_240, nosso_numero=(38, 47)),
    layout_400=Layout400(
        header=replace(families.HEADER_400_BB, convenio=(41, 46)),
        meaning=_MEANING_400,
        nosso_numero=(63, 74),
        credited_on=(176, 181),
        fee=(182, 188),
    ),
)
