"""What is wrong with a kind of router, in the words of a network engineer; how the shipped kinds are known."""

from __future__ import annotations

from collections.abc import Mapping

from religa.domain.facts import Access
from religa.domain.vendors import Fault, Problem
from religa.wording.language import Language, Words
from religa.wording.names import NAMES


def vendor_problem(problem: Problem, language: Language = Language.PT) -> str:
    """A sentence that can stand next to a field."""
    detail = problem.detail
    if problem.fault in _NAMES_AN_ACCESS:
        detail = NAMES[Access][Access(detail)].in_(language)
    return FAULTS[problem.fault].in_(language).replace("{detail}", detail)


_NAMES_AN_ACCESS = (Fault.NO_ROWS, Fault.COA_SAYS_NOTHING)
FAULTS: Mapping[Fault, Words] = {
    Fault.NAME_FORM: Words(
        "Use letras minúsculas, números e hífens, até 40 caracteres, como meu-roteador.",
        "Use small letters, digits and hyphens, up to 40 characters, as in my-router.",
        "Use minúsculas, números y guiones, hasta 40 caracteres, como mi-router.",
    ),
    Fault.NAME_TAKEN: Words(
        "Já existe um tipo com este código.",
        "There is a kind with this code already.",
        "Ya existe un tipo con este código.",
    ),
    Fault.NO_TITLE: Words("Escreva um nome.", "Write a name.", "Escriba un nombre."),
    Fault.NOT_VERIFIED: Words(
        "Escreva como isto foi verificado: em qual roteador e versão, ou só na documentação.",
        "Write how this was verified: on which router and version, or in documentation alone.",
        "Escriba cómo se verificó: en qué router y versión, o solo en la documentación.",
    ),
    Fault.CHANGED_MEANWHILE: Words(
        "{detail} mudou este tipo enquanto você escrevia. Abra a página de novo e repita a sua mudança.",
        "{detail} changed this kind while you were writing. Open the page again and repeat your change.",
        "{detail} cambió este tipo mientras usted escribía. Abra la página de nuevo y repita su cambio.",
    ),
    Fault.NO_IDENTIFIER: Words(
        "Escolha ao menos um atributo que diga de qual sessão é a ordem.",
        "Choose at least one attribute that says which session an order is about.",
        "Elija al menos un atributo que diga de qué sesión es la orden.",
    ),
    Fault.NO_ROWS: Words(
        "Falta dizer o que o roteador ouve em “{detail}”.",
        "What the router hears in “{detail}” is missing.",
        "Falta decir lo que el router escucha en “{detail}”.",
    ),
    Fault.WALL_OPEN: Words(
        "Aqui o bloqueado ouviria o mesmo que quem está liberado: o bloqueio ficaria aberto.",
        "Here who is blocked would hear the same as who is not: the block would be open.",
        "Aquí el cortado escucharía lo mismo que quien está liberado: el corte quedaría abierto.",
    ),
    Fault.LIST_STAYS: Words(
        "Quem está liberado recebe {detail}, e o bloqueado não: o endereço ficaria na lista antiga. "
        "Envie {detail} aqui também, com outro valor.",
        "Who is not blocked gets {detail}, who is blocked does not: the address would stay in its old list. "
        "Send {detail} here as well, with another value.",
        "Quien está liberado recibe {detail}, y el cortado no: la dirección quedaría en la lista anterior. "
        "Envíe {detail} aquí también, con otro valor.",
    ),
    Fault.LIST_SAME: Words(
        "{detail} tem aqui o mesmo valor de quem está liberado: o roteador não tiraria o endereço da lista.",
        "{detail} has the same value here as for who is not blocked: the router would not move the address.",
        "{detail} tiene aquí el mismo valor de quien está liberado: el router no sacaría la dirección de la lista.",
    ),
    Fault.COA_SAYS_NOTHING: Words(
        "Uma ordem (CoA) para “{detail}” iria sem nenhum atributo. Escreva ao menos um que não dependa do plano, "
        "ou escolha “Disconnect”.",
        "An order (CoA) for “{detail}” would carry no attribute. Write at least one that does not depend on "
        "the plan, "
        "or choose “Disconnect”.",
        "Una orden (CoA) para “{detail}” iría sin atributos. Escriba al menos uno que no dependa del plan, "
        "o elija “Disconnect”.",
    ),
    Fault.NOT_SHOWN: Words(
        "Para ler o estado em Filter-Id, cada estado precisa enviar um Filter-Id próprio, fixo.",
        "To read the state from Filter-Id, each state has to send a fixed Filter-Id of its own.",
        "Para leer el estado en Filter-Id, cada estado debe enviar un Filter-Id propio y fijo.",
    ),
    Fault.ATTRIBUTE_FORM: Words(
        "Escreva o nome do atributo, só letras, números e hífens, como Mikrotik-Rate-Limit.",
        "Write the attribute's name, letters, digits and hyphens alone, as in Mikrotik-Rate-Limit.",
        "Escriba el nombre del atributo, solo letras, números y guiones, como Mikrotik-Rate-Limit.",
    ),
    Fault.ATTRIBUTE_OURS: Words(
        "{detail} é decidido pelo sistema a cada login, e não pode estar num modelo.",
        "{detail} is decided by the system at each log-in, and cannot be in a template.",
        "{detail} lo decide el sistema en cada conexión, y no puede estar en una plantilla.",
    ),
    Fault.ATTRIBUTE_UNKNOWN: Words(
        "O FreeRADIUS não conhece {detail}. Todo login destes roteadores ficaria sem resposta.",
        "FreeRADIUS does not know {detail}. Every log-in of these routers would stay unanswered.",
        "FreeRADIUS no conoce {detail}. Toda conexión de estos routers quedaría sin respuesta.",
    ),
    Fault.ATTRIBUTE_TWICE: Words(
        "{detail} já está acima: com este operador, só o último valor seria enviado. Use += para enviar os dois.",
        "{detail} stands above already: with this operator only the last value is sent. Use += to send both.",
        "{detail} ya está arriba: con este operador solo se envía el último valor. Use += para enviar ambos.",
    ),
    Fault.NO_TAGS: Words(
        "{detail} não aceita número depois de dois-pontos.",
        "{detail} takes no number after a colon.",
        "{detail} no acepta número después de dos puntos.",
    ),
    Fault.TAG_FORM: Words(
        "Depois de dois-pontos vem um número de 1 a 31, como ERX-Service-Activate:1.",
        "After a colon comes a number from 1 to 31, as in ERX-Service-Activate:1.",
        "Después de dos puntos va un número de 1 a 31, como ERX-Service-Activate:1.",
    ),
    Fault.NO_VALUE: Words("Escreva o valor.", "Write the value.", "Escriba el valor."),
    Fault.CONTROL_CHARACTER: Words(
        "O valor tem um caractere invisível (quebra de linha, tabulação). Escreva-o de novo.",
        "The value has an invisible character (line break, tab). Write it again.",
        "El valor tiene un carácter invisible (salto de línea, tabulación). Escríbalo de nuevo.",
    ),
    Fault.TOO_LONG: Words(
        "O valor passa de 253 bytes, o máximo de um atributo RADIUS.",
        "The value is longer than 253 octets, the most that a RADIUS attribute holds.",
        "El valor supera 253 bytes, el máximo de un atributo RADIUS.",
    ),
    Fault.PLACEHOLDER: Words(
        "{detail} não vale aqui: cada “quando” tem os seus próprios campos entre chaves.",
        "{detail} does not hold here: each “when” has its own fields in braces.",
        "{detail} no vale aquí: cada “cuándo” tiene sus propios campos entre llaves.",
    ),
    Fault.VALUE_FORM: Words(
        "O atributo não aceita este valor: {detail}.",
        "The attribute does not take this value: {detail}.",
        "El atributo no acepta este valor: {detail}.",
    ),
    Fault.REFUSED_BY_FREERADIUS: Words(
        "O FreeRADIUS leu um login de exemplo e recusou: {detail}",
        "FreeRADIUS read a sample log-in and refused it: {detail}",
        "FreeRADIUS leyó una conexión de ejemplo y la rechazó: {detail}",
    ),
    Fault.REFUSED_BY_DATABASE: Words(
        "O banco de dados recusou: {detail}.",
        "The database refused: {detail}.",
        "La base de datos lo rechazó: {detail}.",
    ),
}


def verified(vendor: str, text: str, shipped: str | None, language: Language = Language.PT) -> str:
    """How a kind is known. Shipped texts are kept in English and said in the reader's words; others are "
    "as written."""
    words = VERIFIED.get(vendor)
    return words.in_(language) if words is not None and text == shipped else text


def vendor_title(vendor: str, text: str, shipped: str | None, language: Language = Language.PT) -> str:
    words = TITLES.get(vendor)
    return words.in_(language) if words is not None and text == shipped else text


_WIRE = "No formato dos pacotes, contra o FreeRADIUS como servidor de CoA"
VERIFIED: Mapping[str, Words] = {
    "mikrotik": Words(
        "Só na documentação. Mikrotik-Rate-Limit e Session-Timeout estão na lista do que um CoA pode mudar; "
        "Mikrotik-Address-List não está, embora outros sistemas contem com ele. Teste num roteador antes de usar.",
        "Documentation only: Mikrotik-Rate-Limit and Session-Timeout are in MikroTik's list of what a CoA may change, "
        "Mikrotik-Address-List is not, though other systems rely on it. Try it on one router before you go live.",
        "Solo en la documentación. Mikrotik-Rate-Limit y Session-Timeout están en la lista de lo que un CoA puede "
        "cambiar; Mikrotik-Address-List no está, aunque otros sistemas lo usan. Pruebe en un router antes de usar.",
    ),
    "mikrotik-hotspot": Words(
        "Só na documentação. O hotspot acha a sessão pelo Framed-IP-Address.",
        "Documentation only. A hotspot finds its session by Framed-IP-Address.",
        "Solo en la documentación. El hotspot encuentra la sesión por Framed-IP-Address.",
    ),
    "huawei": Words(
        "Só na documentação (HW-Policy-Name, 26-95; o roteador precisa de radius-attribute hw-policy-name "
        "support-type edsg).",
        "Documentation only (HW-Policy-Name, 26-95; the router needs radius-attribute hw-policy-name "
        "support-type edsg).",
        "Solo en la documentación (HW-Policy-Name, 26-95; el router necesita radius-attribute hw-policy-name "
        "support-type edsg).",
    ),
    "cisco-isg": Words(
        "Só na documentação (subscriber:command em Cisco-AVPair).",
        "Documentation only (subscriber:command in Cisco-AVPair).",
        "Solo en la documentación (subscriber:command en Cisco-AVPair).",
    ),
    "juniper-erx": Words(
        "Só na documentação (ERX-Service-Activate e ERX-Service-Deactivate, 26-65 e 26-66).",
        "Documentation only (ERX-Service-Activate and ERX-Service-Deactivate, 26-65 and 26-66).",
        "Solo en la documentación (ERX-Service-Activate y ERX-Service-Deactivate, 26-65 y 26-66).",
    ),
    "accel": Words(
        "O Disconnect foi aceito por um accel-ppp em funcionamento (IPoE). O bloqueio aqui é um pool de endereços, "
        "que um CoA não muda.",
        "Disconnect was acknowledged by a running accel-ppp (IPoE). Its wall is an address pool here, "
        "which a CoA cannot change.",
        "El Disconnect fue aceptado por un accel-ppp en marcha (IPoE). El corte aquí es un pool de direcciones, "
        "que un CoA no cambia.",
    ),
    "generic": Words(
        f"{_WIRE}; nenhum roteador deste tipo foi testado.",
        "The wire format against FreeRADIUS as CoA server; no router of this kind was tried.",
        "El formato de los paquetes, contra FreeRADIUS como servidor de CoA; no se probó ningún router de este tipo.",
    ),
    "disconnect": Words(
        f"{_WIRE}; ao reconectar, o assinante recebe a resposta certa.",
        "The wire format against FreeRADIUS as CoA server; the redial gets the right answer.",
        "El formato de los paquetes, contra FreeRADIUS como servidor de CoA; al reconectar llega la "
        "respuesta correcta.",
    ),
}
TITLES: Mapping[str, Words] = {
    "juniper-erx": Words(
        "Juniper MX, gerência de assinantes",
        "Juniper MX, subscriber management",
        "Juniper MX, gestión de abonados",
    ),
    "generic": Words(
        "Qualquer roteador com filtros por nome",
        "Any router with filters by name",
        "Cualquier router con filtros por nombre",
    ),
    "disconnect": Words(
        "Qualquer roteador que só conhece Disconnect",
        "Any router that only knows Disconnect",
        "Cualquier router que solo conoce Disconnect",
    ),
}
