"""The block page's first sentences: what the network does with an access, and why, to who may be a guest there.

No name, no month, no history. `{until}` and `{on}` are instants in words.
"""

from __future__ import annotations

from enum import Enum

from religa.wording.language import Words


class Shown(Enum):
    """The states of the page that need words of their own."""

    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    DEBT = "debt"
    LOCKED = "locked"
    MUST_CALL = "must_call"
    RETURNING = "returning"
    RETURNING_PAID = "returning_paid"
    RETURNING_BANK = "returning_bank"
    WINDOW = "window"
    SLOW = "slow"
    OPEN = "open"
    OPEN_UNTIL = "open_until"


_LIVES = Words(
    "O acesso à internet deste endereço está restrito, mas o contrato continua ativo: nada foi cancelado.",
    "Internet access at this address is restricted, but the contract is still active: nothing was cancelled.",
    "El acceso a internet de esta dirección está restringido, pero el contrato sigue activo: no se canceló nada.",
)
_RESTRICTED = Words(
    "Acesso à internet restrito", "Internet access restricted", "Acceso a internet restringido"
)
_COMING = Words("A internet está voltando", "The internet is coming back", "Internet está volviendo")
_WORKS = Words("A internet está funcionando", "The internet is working", "Internet está funcionando")
_SECONDS = Words(
    "Pode levar alguns segundos até o aparelho perceber.",
    "It may take some seconds until your device notices.",
    "Puede tardar unos segundos hasta que el aparato lo note.",
)
_UNPLUG = Words(
    "Se em 5 minutos ainda não funcionar, desligue o aparelho da tomada, espere 10 segundos e ligue de novo.",
    "If it still does not work in 5 minutes, unplug the router, wait 10 seconds and plug it in again.",
    "Si en 5 minutos aún no funciona, desenchufe el equipo, espere 10 segundos y enchúfelo de nuevo.",
)

HEADLINES: dict[Shown, Words] = {
    Shown.UNKNOWN: Words(
        "Não reconhecemos este acesso", "We do not recognise this access", "No reconocemos este acceso"
    ),
    Shown.RESTRICTED: _RESTRICTED,
    Shown.DEBT: _RESTRICTED,
    Shown.LOCKED: _RESTRICTED,
    Shown.MUST_CALL: _RESTRICTED,
    Shown.RETURNING: _COMING,
    Shown.RETURNING_PAID: _COMING,
    Shown.RETURNING_BANK: _COMING,
    Shown.WINDOW: Words(
        "Internet aberta para você pagar",
        "Internet open so that you can pay",
        "Internet abierto para que pague",
    ),
    Shown.SLOW: Words("Internet mais lenta", "Slower internet", "Internet más lento"),
    Shown.OPEN: _WORKS,
    Shown.OPEN_UNTIL: _WORKS,
}

SENTENCES: dict[Shown, tuple[Words, ...]] = {
    Shown.UNKNOWN: (
        Words(
            "Não conseguimos saber, só pelo endereço, de qual contrato é esta internet.",
            "By its address alone we cannot tell which contract this internet belongs to.",
            "Solo por la dirección no podemos saber de qué contrato es este internet.",
        ),
        Words(
            "Se ela não funciona, desligue o aparelho da tomada, espere um minuto e ligue de novo. "
            "Se continuar, entre na Central do Assinante ou ligue para nós.",
            "If it does not work, unplug the router, wait a minute and plug it in again. "
            "If that does not help, log in to the subscriber portal or call us.",
            "Si no funciona, desenchufe el equipo, espere un minuto y enchúfelo de nuevo. "
            "Si continúa, entre en la Central del Abonado o llámenos.",
        ),
    ),
    Shown.RESTRICTED: (
        _LIVES,
        Words(
            "Para saber o motivo e voltar a usar a internet, entre na Central do Assinante: ela abre daqui mesmo, "
            "com a internet restrita.",
            "To see why and to get back online, log in to the subscriber portal: it opens from here, "
            "although the internet is restricted.",
            "Para saber el motivo y volver a usar internet, entre en la Central del Abonado: se abre desde aquí, "
            "aun con internet restringido.",
        ),
    ),
    Shown.DEBT: (_LIVES,),
    Shown.LOCKED: (
        _LIVES,
        Words(
            "Agora a internet só volta com o pagamento ou com a primeira parcela de um acordo.",
            "The internet now returns only with payment or the first instalment of an agreement.",
            "Ahora internet solo vuelve con el pago o con la primera cuota de un acuerdo.",
        ),
    ),
    Shown.MUST_CALL: (
        _LIVES,
        Words(
            "Para resolver, é preciso falar com o atendimento.",
            "To settle it, please call customer service.",
            "Para resolverlo, hay que hablar con atención al cliente.",
        ),
    ),
    Shown.RETURNING: (
        Words("O acesso já foi liberado.", "Access has been opened.", "El acceso ya fue liberado."),
        _SECONDS,
        _UNPLUG,
    ),
    Shown.RETURNING_PAID: (
        Words(
            "O pagamento foi registrado e o acesso já foi liberado.",
            "The payment was recorded and access has been opened.",
            "El pago fue registrado y el acceso ya fue liberado.",
        ),
        _SECONDS,
        _UNPLUG,
    ),
    Shown.RETURNING_BANK: (
        Words(
            "O banco confirmou o pagamento e o acesso já foi liberado. Obrigado!",
            "The bank has confirmed the payment and access has been opened. Thank you!",
            "El banco confirmó el pago y el acceso ya fue liberado. ¡Gracias!",
        ),
        _SECONDS,
        _UNPLUG,
    ),
    Shown.WINDOW: (
        Words(
            "A internet inteira está aberta {until}, para o aplicativo do seu banco funcionar.",
            "The whole internet is open {until}, so that your bank's app works.",
            "Todo internet está abierto {until}, para que funcione la aplicación de su banco.",
        ),
        Words(
            "Pagando até lá, ela nem chega a fechar de novo.",
            "If you pay by then, it does not even close again.",
            "Si paga hasta entonces, ni siquiera vuelve a cerrarse.",
        ),
    ),
    Shown.SLOW: (
        Words(
            "O acesso está liberado, com velocidade reduzida.",
            "Access is open, at reduced speed.",
            "El acceso está liberado, con velocidad reducida.",
        ),
    ),
    Shown.OPEN: (
        Words(
            "O acesso está liberado: pode usar normalmente.",
            "Access is open: use it as usual.",
            "El acceso está liberado: puede usarlo normalmente.",
        ),
    ),
    Shown.OPEN_UNTIL: (
        Words(
            "O acesso está liberado: pode usar normalmente.",
            "Access is open: use it as usual.",
            "El acceso está liberado: puede usarlo normalmente.",
        ),
        Words("Está liberado {until}.", "It is open {until}.", "Está liberado {until}."),
    ),
}
RETURNS_BY_ITSELF = Words("Volta sozinho {on}.", "It returns by itself {on}.", "Vuelve solo {on}.")
STILL_SHUT = Words(
    "Se algo ainda não abrir, feche esta página e tente de novo. Se preciso, religue o aparelho da tomada.",
    "If something still does not open, close this page and try again. If need be, restart the router.",
    "Si algo aún no abre, cierre esta página e intente de nuevo. Si hace falta, reinicie el equipo.",
)
_A_RESTRICTION = Words(
    "A causa é uma restrição no contrato, e não um defeito da rede.",
    "The cause is a restriction of the contract, not a fault of the network.",
    "La causa es una restricción del contrato y no una falla de la red.",
)
_A_BILL = Words(
    "A causa é uma conta em aberto, e não um defeito da rede.",
    "The cause is an unpaid bill, not a fault of the network.",
    "La causa es una factura pendiente y no una falla de la red.",
)
# Debt or fault: said where no fault of ours is open.
CAUSES: dict[Shown, Words] = {
    Shown.RESTRICTED: _A_RESTRICTION,
    Shown.MUST_CALL: _A_RESTRICTION,
    Shown.DEBT: _A_BILL,
    Shown.LOCKED: _A_BILL,
}
A_BILL_TOO = Words(
    "Além disso, o acesso está restrito por uma conta em aberto.",
    "Besides, access is restricted because of an unpaid bill.",
    "Además, el acceso está restringido por una factura pendiente.",
)
