"""Sicredi (748). In 400 columns the days of the header and of the credit begin with the year."""

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, DateForm, HeaderSpec, Layout240, Layout400, Meaning

_MEANING_400 = Meaning(
    payments=frozenset({"06", "15", "17"}),
    words={
        **families.WORDS_400,
        "15": "liquidação em cartório",
        "17": "liquidação após baixa",
        "23": "enviado a cartório",
        "24": "entrada rejeitada por CEP",
        "27": "baixa rejeitada",
        "28": "tarifa",
        "29": "rejeição do pagador",
        "30": "alteração rejeitada",
        "32": "instrução rejeitada",
        "33": "dados alterados",
        "34": "retirado de cartório",
        "35": "aceite do pagador",
    },
)

BANK = Bank(
    code="748",
    name="Sicredi",
    layout_240=Layout240(header=families.HEADER_240, meaning=families.MEANING_240),
    layout_400=Layout400(
        header=HeaderSpec(
            generated_on=(95, 102),
            date_form=DateForm.YMD8,
            account=(27, 31),
            company_document=(32, 45),
            sequence=(111, 117),
        ),
        meaning=_MEANING_400,
        nosso_numero=(48, 62),
        credited_on=(329, 336),
        credited_form=DateForm.YMD8,
        company_document=None,
    ),
)
