"""The banks whose return files are read. To add one: a file here with its `BANK`, and its name in the list below."""

from religa.adapters.cnab.banks import (
    banco_do_brasil,
    banco_do_nordeste,
    bradesco,
    btg,
    caixa,
    itau,
    santander,
    sicoob,
    sicredi,
)
from religa.adapters.cnab.spec import Bank

BANKS: dict[str, Bank] = {
    module.BANK.code: module.BANK
    for module in (
        banco_do_brasil,
        banco_do_nordeste,
        santander,
        caixa,
        btg,
        bradesco,
        itau,
        sicredi,
        sicoob,
    )
}
