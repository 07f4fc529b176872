"""What many banks share: FEBRABAN's header of 240 columns, and codes that mean the same nearly everywhere."""

from __future__ import annotations

from religa.adapters.cnab.spec import DateForm, HeaderSpec, Meaning

HEADER_240 = HeaderSpec(
    generated_on=(144, 151),
    date_form=DateForm.DMY8,
    company_document=(19, 32),
    convenio=(33, 52),
    agency=(53, 57),
    account=(59, 71),
    sequence=(158, 163),
)

# Banco do Brasil's header of 400 columns, which others took over.
HEADER_400_BB = HeaderSpec(
    generated_on=(95, 100),
    date_form=DateForm.DMY6,
    agency=(27, 31),
    account=(32, 40),
    sequence=(101, 107),
)

# FEBRABAN's code of movement (C044). A cheque that waits (50) or has cleared (45) comes with a settlement of its own.
MEANING_240 = Meaning(
    payments=frozenset({"06", "17"}),
    reversals=frozenset({"44"}),
    words={
        "02": "entrada confirmada",
        "03": "entrada rejeitada",
        "06": "liquidação",
        "09": "baixa",
        "11": "título em ser",
        "12": "abatimento concedido",
        "13": "abatimento cancelado",
        "14": "vencimento alterado",
        "15": "franco de pagamento",
        "17": "liquidação após baixa ou sem registro",
        "19": "protesto pedido",
        "20": "protesto sustado",
        "23": "enviado a cartório",
        "24": "retirado de cartório",
        "25": "protestado e baixado",
        "26": "instrução rejeitada",
        "27": "dados alterados",
        "28": "tarifas ou custas",
        "29": "resposta do pagador",
        "30": "alteração rejeitada",
        "44": "pago com cheque devolvido",
        "45": "pago com cheque compensado",
        "50": "pago com cheque pendente",
        "51": "DDA reconhecido pelo pagador",
        "52": "DDA não reconhecido pelo pagador",
        "53": "DDA recusado",
    },
)

# Codes that the layouts of 400 columns have in common; each bank adds its own.
WORDS_400 = {
    "02": "entrada confirmada",
    "03": "entrada rejeitada",
    "06": "liquidação",
    "09": "baixa",
    "10": "baixa a pedido",
    "11": "título em ser",
    "12": "abatimento concedido",
    "13": "abatimento cancelado",
    "14": "vencimento alterado",
    "19": "protesto pedido",
    "20": "protesto sustado",
}
