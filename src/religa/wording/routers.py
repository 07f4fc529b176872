"""What is wrong with a router, and what the test of its CoA port says to somebody who has to mend it at night."""

from __future__ import annotations

from collections.abc import Mapping

from religa.domain.coa_test import Answer, Found
from religa.domain.pushing import SESSION_CONTEXT_NOT_FOUND
from religa.domain.routers import MIKROTIK_PORT, Router, RouterAlarm, RouterFault, RouterProblem
from religa.wording.language import Language, Words


def router_problem(problem: RouterProblem, language: Language = Language.PT) -> str:
    """A sentence that can stand next to a field."""
    return ROUTER_FAULTS[problem.fault].in_(language).replace("{detail}", problem.detail)


def router_alarm(alarm: RouterAlarm, language: Language = Language.PT) -> str:
    return ALARMS[alarm].in_(language)


def coa_test(answer: Answer, router: Router, language: Language = Language.PT) -> list[str]:
    """First what it means, then what to do, each a sentence or a few."""
    if answer.found is Found.REFUSED:
        return _refused(answer, language)
    said = [w.in_(language) for w in _FOUND[answer.found]]
    if answer.found is Found.SILENT and router.vendor.startswith("mikrotik"):
        said += [_MIKROTIK.in_(language), mikrotik_command(router)]
        if router.coa_port != MIKROTIK_PORT:
            said.append(_MIKROTIK_PORT.in_(language))
    return said


def mikrotik_command(router: Router) -> str:
    """What a RouterOS has to be told to take orders on the port that we send them to."""
    return f"/radius incoming set accept=yes port={router.coa_port}"


def _refused(answer: Answer, language: Language) -> list[str]:
    if answer.cause == SESSION_CONTEXT_NOT_FOUND:
        return [_WORKS.in_(language)]
    if answer.cause is None:
        return [_NO_CAUSE.in_(language)]
    meaning = ERROR_CAUSES.get(answer.cause, _UNKNOWN_CAUSE).in_(language)
    return [_OTHER_CAUSE.in_(language).format(cause=answer.cause), meaning]


_WORKS = Words(
    "Funciona: o roteador leu a ordem, conferiu o segredo e respondeu que a sessão de teste não existe (NAK, "
    "Error-Cause 503). É a resposta certa.",
    "It works: the router read the order, checked the secret and answered that the session of the test "
    "does not exist "
    "(NAK, Error-Cause 503). That is the right answer.",
    "Funciona: el router leyó la orden, comprobó el secreto y respondió que la sesión de prueba no existe (NAK, "
    "Error-Cause 503). Es la respuesta correcta.",
)
_NO_CAUSE = Words(
    "O roteador responde e o segredo confere, mas ele recusou sem dizer por quê (NAK sem Error-Cause). "
    "Alguns respondem "
    "assim a uma sessão que não existe. Confira com um contrato de teste antes de confiar.",
    "The router answers and the secret is right, but it refused without saying why (NAK without Error-Cause). Some "
    "answer so for a session that does not exist. Try it with a contract of your own before you rely on it.",
    "El router responde y el secreto coincide, pero rechazó sin decir por qué (NAK sin Error-Cause). "
    "Algunos responden "
    "así a una sesión que no existe. Compruebe con un contrato de prueba antes de confiar.",
)
_OTHER_CAUSE = Words(
    "O roteador responde e o segredo confere, mas recusou por outro motivo (NAK, Error-Cause {cause}).",
    "The router answers and the secret is right, but it refused for another reason (NAK, Error-Cause {cause}).",
    "El router responde y el secreto coincide, pero rechazó por otro motivo (NAK, Error-Cause {cause}).",
)
_UNKNOWN_CAUSE = Words(
    "Este número não está na RFC 5176: procure-o no manual do fabricante.",
    "This number is not in RFC 5176: look for it in the vendor's manual.",
    "Este número no está en la RFC 5176: búsquelo en el manual del fabricante.",
)
_MIKROTIK = Words(
    "No MikroTik as ordens vêm desligadas de fábrica. Ligue com:",
    "On MikroTik orders are off by default. Switch them on with:",
    "En MikroTik las órdenes vienen desactivadas de fábrica. Actívelas con:",
)
_MIKROTIK_PORT = Words(
    "A porta de fábrica do RouterOS é a 1700: use o mesmo número nos dois lados.",
    "The default port of RouterOS is 1700: use the same number on both sides.",
    "El puerto de fábrica de RouterOS es el 1700: use el mismo número en ambos lados.",
)
_FOUND: Mapping[Found, tuple[Words, ...]] = {
    Found.ACKNOWLEDGED: (
        Words(
            "Suspeito: o roteador disse que mudou uma sessão que não existe (ACK).",
            "Suspicious: the router says that it changed a session that does not exist (ACK).",
            "Sospechoso: el router dijo que cambió una sesión que no existe (ACK).",
        ),
        Words(
            "O caminho e o segredo estão certos, mas o ACK deste roteador não prova nada. Escolha um tipo que seja "
            "movido por Disconnect, ou confira cada bloqueio de outro modo.",
            "The way and the secret are right, but an ACK of this router proves nothing. Choose a kind that is "
            "moved by "
            "Disconnect, or check each block in another way.",
            "El camino y el secreto están bien, pero el ACK de este router no prueba nada. Elija un tipo que se "
            "mueva "
            "por Disconnect, o compruebe cada corte de otro modo.",
        ),
    ),
    Found.SILENT: (
        Words("O roteador não respondeu.", "The router did not answer.", "El router no respondió."),
        Words(
            "Visto daqui, estas causas são iguais: roteador desligado ou sem rota; segredo diferente; porta errada; "
            "CoA desligado nele; ordem vinda de um endereço que ele não tem como servidor RADIUS (confira o "
            "endereço de "
            "origem); firewall no caminho.",
            "Seen from here these causes are the same: router down or without a route; another secret; wrong "
            "port; CoA "
            "switched off on it; an order from an address that it does not have as RADIUS server (check the source "
            "address); a firewall on the way.",
            "Vistas desde aquí, estas causas son iguales: router apagado o sin ruta; otro secreto; puerto "
            "equivocado; "
            "CoA desactivado; orden desde una dirección que no tiene como servidor RADIUS (revise la dirección de "
            "origen); firewall en el camino.",
        ),
    ),
    Found.NOT_SENT: (
        Words(
            "A ordem não saiu desta máquina.",
            "The order did not leave this machine.",
            "La orden no salió de esta máquina.",
        ),
        Words(
            "Não há rota até o roteador, ou o endereço de origem não é desta máquina. Confira a rota e a VPN de "
            "gerência.",
            "There is no route to the router, or the source address is not of this machine. Check the route and the "
            "management VPN.",
            "No hay ruta hasta el router, o la dirección de origen no es de esta máquina. Revise la ruta y la "
            "VPN de gestión.",
        ),
    ),
    Found.NO_ADDRESS: (
        Words(
            "Não sei a qual roteador perguntar: o endereço é de uma rede, e nenhuma sessão aberta diz quem está "
            "nela.",
            "It is not known which router to ask: the address is a network, and no open session says who is in it.",
            "No se sabe a qué router preguntar: la dirección es una red, y ninguna sesión abierta dice quién "
            "está en ella.",
        ),
        Words(
            "Teste de novo quando houver um assinante conectado, ou cadastre o roteador pelo endereço dele.",
            "Test again when a subscriber is connected, or register the router by its own address.",
            "Pruebe de nuevo cuando haya un abonado conectado, o registre el router por su propia dirección.",
        ),
    ),
}
ERROR_CAUSES: Mapping[int, Words] = {
    201: Words(
        "201: removeu o que restava de uma sessão. Estranho para um teste.",
        "201: it removed what was left of a session. Odd for a test.",
        "201: eliminó lo que quedaba de una sesión. Extraño para una prueba.",
    ),
    202: Words("202: pacote EAP inválido.", "202: invalid EAP packet.", "202: paquete EAP inválido."),
    401: Words(
        "401: não aceita um dos atributos que enviamos. Veja no tipo quais identificam a sessão.",
        "401: it does not take one of the attributes that we send. See in its kind which ones name the session.",
        "401: no acepta uno de los atributos enviados. Vea en el tipo cuáles identifican la sesión.",
    ),
    402: Words(
        "402: falta um atributo para identificar a sessão (muitos pedem Framed-IP-Address ou NAS-Port). "
        "Com uma sessão real ele vai junto.",
        "402: an attribute to name the session is missing (many want Framed-IP-Address or NAS-Port). "
        "With a real session it goes along.",
        "402: falta un atributo para identificar la sesión (muchos piden Framed-IP-Address o NAS-Port). "
        "Con una sesión real va incluido.",
    ),
    403: Words(
        "403: o roteador diz que a ordem é para outro (NAS-Identifier ou NAS-IP-Address não confere).",
        "403: the router says that the order is for another one (NAS-Identifier or NAS-IP-Address differs).",
        "403: el router dice que la orden es para otro (NAS-Identifier o NAS-IP-Address no coincide).",
    ),
    404: Words(
        "404: pedido inválido para este roteador.",
        "404: invalid request for this router.",
        "404: solicitud inválida para este router.",
    ),
    405: Words(
        "405: não faz este serviço (CoA). Use um tipo movido por Disconnect.",
        "405: it does not do this service (CoA). Use a kind that is moved by Disconnect.",
        "405: no hace este servicio (CoA). Use un tipo movido por Disconnect.",
    ),
    406: Words(
        "406: não faz esta extensão (CoA). Use um tipo movido por Disconnect.",
        "406: it does not do this extension (CoA). Use a kind that is moved by Disconnect.",
        "406: no hace esta extensión (CoA). Use un tipo movido por Disconnect.",
    ),
    407: Words(
        "407: não aceita o valor de um atributo.",
        "407: it does not take the value of an attribute.",
        "407: no acepta el valor de un atributo.",
    ),
    501: Words(
        "501: proibido na configuração do roteador. Permita CoA deste servidor.",
        "501: forbidden by the router's configuration. Allow CoA from this server.",
        "501: prohibido en la configuración del router. Permita CoA desde este servidor.",
    ),
    502: Words(
        "502: há um proxy no caminho que não sabe a quem entregar.",
        "502: there is a proxy on the way that does not know whom to hand it to.",
        "502: hay un proxy en el camino que no sabe a quién entregar.",
    ),
    504: Words(
        "504: a sessão não pode ser removida por aqui.",
        "504: the session cannot be removed from here.",
        "504: la sesión no puede eliminarse desde aquí.",
    ),
    505: Words(
        "505: erro num proxy do caminho.", "505: an error of a proxy on the way.", "505: error en un proxy "
        "del camino."
    ),
    506: Words(
        "506: o roteador está sem recursos agora. Teste de novo em alguns minutos.",
        "506: the router is out of resources now. Test again in some minutes.",
        "506: el router está sin recursos ahora. Pruebe de nuevo en unos minutos.",
    ),
    507: Words(
        "507: aceitou e ainda trabalha nisso. Estranho para um teste.",
        "507: it took it and is still at work. Odd for a test.",
        "507: lo aceptó y sigue trabajando. Extraño para una prueba.",
    ),
    508: Words(
        "508: não sabe escolher entre várias sessões.",
        "508: it cannot choose among several sessions.",
        "508: no sabe elegir entre varias sesiones.",
    ),
}  # fmt: skip
ALARMS: Mapping[RouterAlarm, Words] = {
    RouterAlarm.NO_ACCOUNTING: Words(
        "Tem sessões abertas e não manda accounting há mais de 15 minutos: parado, sem rota, ou com "
        "accounting desligado.",
        "It has open sessions and has sent no accounting for more than 15 minutes: down, no route, or "
        "accounting is off.",
        "Tiene sesiones abiertas y no envía accounting hace más de 15 minutos: caído, sin ruta o con "
        "accounting apagado.",
    ),
    RouterAlarm.SILENT: Words(
        "Não responde às ordens (CoA): bloqueios e liberações esperam a próxima conexão.",
        "It does not answer orders (CoA): blocks and restores wait for the next log-in.",
        "No responde a las órdenes (CoA): cortes y liberaciones esperan la próxima conexión.",
    ),
    RouterAlarm.MISCONFIGURED: Words(
        "Recusa as ordens por configuração: repetir não resolve.",
        "It refuses orders by its configuration: repeating does not help.",
        "Rechaza las órdenes por configuración: repetir no lo resuelve.",
    ),
}
ROUTER_FAULTS: Mapping[RouterFault, Words] = {
    RouterFault.NO_NAME: Words("Escreva um nome.", "Write a name.", "Escriba un nombre."),
    RouterFault.ADDRESS_FORM: Words(
        "Escreva um endereço, como 10.0.0.1, ou uma rede, como 10.0.0.0/24.",
        "Write an address, as 10.0.0.1, or a network, as 10.0.0.0/24.",
        "Escriba una dirección, como 10.0.0.1, o una red, como 10.0.0.0/24.",
    ),
    RouterFault.ADDRESS_HAS_HOST_BITS: Words(
        "Com este tamanho, a rede é {detail}.",
        "With this length the network is {detail}.",
        "Con este tamaño, la red es {detail}.",
    ),
    RouterFault.ADDRESS_TOO_WIDE: Words(
        "A rede é grande demais: use /8 ou menor (/32 em IPv6).",
        "The network is too wide: use /8 or narrower (/32 in IPv6).",
        "La red es demasiado grande: use /8 o menor (/32 en IPv6).",
    ),
    RouterFault.ADDRESS_OF_NOBODY: Words(
        "Este endereço não é de um roteador.",
        "This address is no router's.",
        "Esta dirección no es de un router.",
    ),
    RouterFault.ADDRESS_TAKEN: Words(
        "Já há um roteador com este endereço.",
        "There is a router with this address already.",
        "Ya hay un router con esta dirección.",
    ),
    RouterFault.VENDOR_UNKNOWN: Words(
        "Escolha um tipo da lista.", "Choose a kind from the list.", "Elija un tipo de la lista."
    ),
    RouterFault.REACH_UNKNOWN: Words(
        "Escolha como falar com ele.", "Choose how it is spoken to.", "Elija cómo hablarle."
    ),
    RouterFault.PORT_RANGE: Words(
        "Uma porta vai de 1 a 65535.", "A port is 1 to 65535.", "Un puerto va de 1 a 65535."
    ),
    RouterFault.WINDOW_RANGE: Words(
        "De 1 a 64 ordens ao mesmo tempo.", "1 to 64 orders at once.", "De 1 a 64 órdenes a la vez."
    ),
    RouterFault.SOURCE_FORM: Words(
        "Escreva um endereço IP desta máquina, ou deixe vazio.",
        "Write an IP address of this machine, or leave it empty.",
        "Escriba una dirección IP de esta máquina, o déjelo vacío.",
    ),
    RouterFault.SOURCE_FAMILY: Words(
        "A origem precisa ser da mesma versão de IP que o roteador.",
        "The source has to be of the same IP version as the router.",
        "El origen debe ser de la misma versión de IP que el router.",
    ),
    RouterFault.SECRET_MISSING: Words(
        "Escreva o segredo, igual ao do roteador.",
        "Write the secret, the same as on the router.",
        "Escriba el secreto, igual al del router.",
    ),
    RouterFault.SECRET_TOO_LONG: Words(
        "O segredo é longo demais.", "The secret is too long.", "El secreto es demasiado largo."
    ),
    RouterFault.SECRET_CHARACTERS: Words(
        "O segredo tem um caractere invisível. Escreva-o de novo.",
        "The secret has an invisible character. Write it again.",
        "El secreto tiene un carácter invisible. Escríbalo de nuevo.",
    ),
    RouterFault.GONE: Words(
        "Este roteador não existe mais.", "This router is no longer there.", "Este router ya no existe."
    ),
}
