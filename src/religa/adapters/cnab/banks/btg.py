"""BTG Pactual (208). FEBRABAN's 240 columns; its trailers count neither lines nor batches as FEBRABAN does, and its
column of the fee is two shorter."""

from religa.adapters.cnab.banks import families
from religa.adapters.cnab.spec import Bank, Layout240

BANK = Bank(
    code="208",
    name="BTG Pactual",
    layout_240=Layout240(
        header=families.HEADER_240, meaning=families.MEANING_240, fee=(199, 211), counts=False
    ),
    no_400="BTG Pactual offers returns of boletos in 240 columns alone",
)
