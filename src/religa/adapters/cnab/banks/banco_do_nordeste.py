"""Banco do Nordeste (004). In 400 columns no day of credit is read: of two public samples one has a day in 296-301, the
other something that is none."""

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, DateForm, HeaderSpec, Layout240, Layout400, Meaning

_MEANING_400 = Meaning(
    payments=frozenset({"06", "07", "08"}),
    words={
        **families.WORDS_400,
        "04": "dados alterados",
        "07": "pagamento por conta",
        "08": "pagamento em cartório",
        "10": "devolvido, protestado",
        "15": "baixa automática",
        "51": "entrada rejeitada",
    },
)

BANK = Bank(
    code="004",
    name="Banco do Nordeste",
    layout_240=Layout240(header=families.HEADER_240, meaning=families.MEANING_240),
    layout_400=Layout400(
        header=HeaderSpec(
            generated_on=(95, 100),
            date_form=DateForm.DMY6,
            agency=(27, 30),
            account=(33, 40),
            sequence=(109, 113),
        ),
        meaning=_MEANING_400,
        nosso_numero=(63, 70),
        credited_on=None,
        interest_and_fine=((267, 279),),
    ),
)
