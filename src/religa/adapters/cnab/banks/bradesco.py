"""Bradesco (237). In 400 columns agency and account stand in the titles, not in the header."""

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, DateForm, HeaderSpec, Layout240, Layout400, Meaning, Totals400

_MEANING_400 = Meaning(
    payments=frozenset({"06", "15", "17"}),
    reversals=frozenset({"22", "40"}),
    words={
        **families.WORDS_400,
        "15": "liquidação em cartório",
        "16": "pago em cheque, vinculado",
        "17": "liquidação após baixa ou sem registro",
        "22": "pagamento cancelado",
        "23": "enviado a cartório",
        "24": "entrada rejeitada por CEP",
        "27": "baixa rejeitada",
        "28": "tarifas ou custas",
        "30": "alteração rejeitada",
        "32": "instrução rejeitada",
        "34": "retirado de cartório",
        "40": "estorno de pagamento",
    },
)

BANK = Bank(
    code="237",
    name="Bradesco",
    # 38-40 are the portfolio, 41-45 zeros: what is left is the 11 digits and the check digit that 400 columns have.
    layout_240=Layout240(header=families.HEADER_240, meaning=families.MEANING_240, nosso_numero=(46, 57)),
    layout_400=Layout400(
        header=HeaderSpec(
            generated_on=(95, 100), date_form=DateForm.DMY6, convenio=(27, 46), sequence=(109, 113)
        ),
        meaning=_MEANING_400,
        nosso_numero=(71, 82),
        agency=(25, 29),
        account=(30, 37),
        # 18-39 of the trailer speak of the whole portfolio at the bank, not of this file.
        totals=Totals400(occurrences=(("02", (58, 62)), ("06", (87, 91)))),
    ),
)
