"""Why the mass-block guard holds a run."""

from __future__ import annotations

from religa.wording.language import Words

GUARD_REASONS: dict[str, Words] = {
    "bank_silent": Words(
        "um banco não respondeu o que recebeu",
        "a bank did not say what it has received",
        "un banco no respondió lo que recibió",
    ),
    "enforcement_off": Words(
        "os bloqueios estão parados por uma pessoa do provedor",
        "a person at the provider has stopped all blocks",
        "una persona del proveedor detuvo los cortes",
    ),
    "feed_stale": Words(
        "os pagamentos do banco não chegam há muitas horas",
        "no payments have come from the bank for many hours",
        "hace muchas horas que no llegan pagos del banco",
    ),
    "first_run": Words(
        "é a primeira vez que o sistema bloqueia, e uma pessoa precisa conferir",
        "this is the first run, and a person has to check it",
        "es la primera vez que el sistema corta y una persona debe revisarlo",
    ),
    "incident": Words(
        "há uma falha aberta onde o contrato se conecta",
        "a fault is open where the contract connects",
        "hay una falla abierta donde el contrato se conecta",
    ),
    "large_import": Words(
        "uma importação mudou uma grande parte dos contratos",
        "an import has changed a large share of the contracts",
        "una importación cambió una gran parte de los contratos",
    ),
    "over_budget": Words(
        "são muito mais bloqueios do que o normal",
        "there are far more blocks than usual",
        "son muchos más cortes de lo normal",
    ),
}
