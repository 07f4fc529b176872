"""Santander (033). In 240 columns the whole T segment stands elsewhere than FEBRABAN's. A title with Pix is followed by
a record with the transaction's txid: type 2 in 400 columns, segment Y-03 in 240."""

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, DateForm, HeaderSpec, Layout240, Layout400, Meaning, Pix

# 16 says that a title was settled or written off before: no new money.
_MEANING_400 = Meaning(
    payments=frozenset({"06", "07", "08", "17"}),
    words={
        **families.WORDS_400,
        "01": "título não existe",
        "07": "liquidação por conta",
        "08": "liquidação por saldo",
        "15": "enviado a cartório",
        "16": "título já baixado ou liquidado",
        "17": "liquidação em cartório",
        "21": "entrada em cartório",
        "22": "retirado de cartório",
        "24": "custas de cartório",
    },
)

BANK = Bank(
    code="033",
    name="Santander",
    layout_240=Layout240(
        header=HeaderSpec(
            generated_on=(144, 151),
            date_form=DateForm.DMY8,
            company_document=(18, 32),
            agency=(33, 37),
            account=(38, 47),
            convenio=(53, 61),
            sequence=(158, 163),
        ),
        meaning=families.MEANING_240,
        account=(18, 32),
        nosso_numero=(41, 53),
        document_number=(55, 69),
        amount_title=(78, 92),
        fee=(194, 208),
        pix=Pix("Y03", txid=(159, 193)),
    ),
    layout_400=Layout400(
        header=HeaderSpec(generated_on=(95, 100), date_form=DateForm.DMY6, agency=(27, 30), account=(39, 46)),
        meaning=_MEANING_400,
        nosso_numero=(63, 70),
        pix=Pix("2", txid=(80, 114)),
    ),
)
