"""What the console says of message channels: kinds, media, what is wrong, what was done, how a test went."""

from __future__ import annotations

from collections.abc import Mapping

from religa.domain.message_channels import ChannelFault, ChannelProblem
from religa.wording.language import Language, Words


def channel_problem(problem: ChannelProblem, language: Language = Language.PT) -> str:
    """A sentence that can stand next to a field."""
    return CHANNEL_FAULTS[problem.fault].in_(language).replace("{detail}", problem.detail)


KINDS: Mapping[str, Words] = {
    "smtp": Words("E-mail (SMTP)", "E-mail (SMTP)", "Correo (SMTP)"),
    "whatsapp_cloud": Words(
        "WhatsApp (Cloud API da Meta)", "WhatsApp (Meta's Cloud API)", "WhatsApp (Cloud API de Meta)"
    ),
    "http_gateway": Words(
        "Gateway HTTP (SMS ou WhatsApp)", "HTTP gateway (SMS or WhatsApp)", "Gateway HTTP (SMS o WhatsApp)"
    ),
    "web_push": Words(
        "Aviso no celular (web push)", "Notification (web push)", "Aviso en el teléfono (web push)"
    ),
    "apprise": Words("Outro, pelo apprise", "Other, through apprise", "Otro, por apprise"),
}
MEDIA: Mapping[str, Words] = {
    "email": Words("e-mail", "e-mail", "correo"),
    "sms": Words("SMS", "SMS", "SMS"),
    "whatsapp": Words("WhatsApp", "WhatsApp", "WhatsApp"),
    "push": Words("aviso no celular", "notification", "aviso en el teléfono"),
}
CHANNEL_FAULTS: Mapping[ChannelFault, Words] = {
    ChannelFault.NO_NAME: Words("Escreva um nome.", "Write a name.", "Escriba un nombre."),
    ChannelFault.NAME_TAKEN: Words(
        "Já há um canal com este nome.",
        "There is a channel with this name already.",
        "Ya hay un canal con este nombre.",
    ),
    ChannelFault.TOO_LONG: Words("Longo demais.", "Too long.", "Demasiado largo."),
    ChannelFault.KIND_UNKNOWN: Words(
        "Escolha um tipo da lista.", "Choose a kind from the list.", "Elija un tipo de la lista."
    ),
    ChannelFault.MEDIUM_UNFIT: Words(
        "Este tipo de canal não alcança as pessoas assim.",
        "A channel of this kind does not reach people this way.",
        "Este tipo de canal no llega a las personas así.",
    ),
    ChannelFault.COST_FORM: Words(
        "Escreva um valor em reais com até três casas, como 0,079.",
        "Write a sum in reais with three decimals at most, as 0,079.",
        "Escriba un valor en reales con hasta tres decimales, como 0,079.",
    ),
    ChannelFault.THROTTLE_FORM: Words(
        "Escreva um número de 1 a {detail}.",
        "Write a number from 1 to {detail}.",
        "Escriba un número de 1 a {detail}.",
    ),
    ChannelFault.POSITION_FORM: Words(
        "Escreva um número de 1 a 99.", "Write a number from 1 to 99.", "Escriba un número de 1 a 99."
    ),
    ChannelFault.MISSING: Words("Preencha este campo.", "Fill this in.", "Complete este campo."),
    ChannelFault.HOST_FORM: Words(
        "Escreva um nome como mail.provedor.com.br.",
        "Write a name as mail.provider.example.",
        "Escriba un nombre como mail.proveedor.example.",
    ),
    ChannelFault.PORT_FORM: Words(
        "Uma porta vai de 1 a 65535.", "A port is from 1 to 65535.", "Un puerto va de 1 a 65535."
    ),
    ChannelFault.EMAIL_FORM: Words(
        "Escreva um e-mail como cobranca@provedor.com.br.",
        "Write an e-mail address as billing@provider.example.",
        "Escriba un correo como cobros@proveedor.example.",
    ),
    ChannelFault.URL_FORM: Words(
        "Escreva um endereço que comece com https://. Com http:// só na rede interna, e sem {{...}} antes do caminho.",
        "Write an address that begins with https://. With http:// inside the own network alone, and no {{...}} before "
        "the path.",
        "Escriba una dirección que empiece con https://. Con http:// solo en la red interna, y sin {{...}} antes del "
        "camino.",
    ),
    ChannelFault.DIGITS_FORM: Words(
        "É um número só de algarismos, que a Meta mostra ao lado do telefone (não é o telefone).",
        "It has digits only; Meta shows it beside the phone number (it is not the phone number).",
        "Es un número solo de cifras, que Meta muestra junto al teléfono (no es el teléfono).",
    ),
    ChannelFault.TEMPLATES_FORM: Words(
        "Não entendi a linha “{detail}”. Escreva como: debt_notice = aviso_de_debito pt_BR text",
        "The line “{detail}” was not understood. Write as: debt_notice = aviso_de_debito pt_BR text",
        "No se entendió la línea “{detail}”. Escriba como: debt_notice = aviso_de_debito pt_BR text",
    ),
    ChannelFault.NAME_UNKNOWN: Words(
        "Nada preenche {detail}. Veja a lista de nomes acima do campo.",
        "Nothing fills in {detail}. See the list of names above the field.",
        "Nada completa {detail}. Vea la lista de nombres sobre el campo.",
    ),
    ChannelFault.BODY_FORM: Words(
        "Isto não é JSON: confira aspas, vírgulas e chaves.",
        "This is no JSON: look at quotes, commas and braces.",
        "Esto no es JSON: revise comillas, comas y llaves.",
    ),
    ChannelFault.BODY_KIND: Words(
        "Escolha um formato da lista.", "Choose a form from the list.", "Elija un formato de la lista."
    ),
    ChannelFault.SECRET_MISSING: Words(
        "Sem ele nada pode ser enviado.", "Nothing can be sent without it.", "Sin él no se puede enviar nada."
    ),
    ChannelFault.SECRET_CHARACTERS: Words(
        "Há um caractere que não pode estar aqui: copie de novo.",
        "There is a character that cannot be here: copy it again.",
        "Hay un carácter que no puede estar aquí: cópielo de nuevo.",
    ),
    ChannelFault.GONE: Words(
        "Este canal foi fechado por outra pessoa.",
        "Somebody else has closed this channel.",
        "Otra persona cerró este canal.",
    ),
}  # fmt: skip
SECRETS: Mapping[str, Words] = {
    "password": Words("Senha", "Password", "Contraseña"),
    "access_token": Words("Token de acesso", "Access token", "Token de acceso"),
    "app_secret": Words("Chave secreta do aplicativo", "App secret", "Clave secreta de la aplicación"),
    "token": Words("Token", "Token", "Token"),
    "callback_secret": Words(
        "Segredo da assinatura", "Secret of the signature", "Secreto de la firma"
    ),
    "url": Words("Endereço do apprise", "Apprise's address", "Dirección de apprise"),
    "hook": Words("Segredo do endereço de retorno", "Secret of the callback address", "Secreto de la dirección"),
    "verify_token": Words("Token de verificação", "Verify token", "Token de verificación"),
    "vapid_key": Words("Chave dos avisos", "Key of the notifications", "Clave de los avisos"),
}  # fmt: skip
CHANGES: Mapping[str, Words] = {
    "created": Words("Canal cadastrado", "Channel opened", "Canal registrado"),
    "changed": Words("Cadastro mudado", "Channel changed", "Registro cambiado"),
    "closed": Words("Canal fechado", "Channel closed", "Canal cerrado"),
    "secret_set": Words("Segredo trocado", "Secret replaced", "Secreto cambiado"),
    "address_shown": Words(
        "Endereço com segredo mostrado", "Address with its secret shown", "Dirección con secreto mostrada"
    ),
    "address_replaced": Words(
        "Segredo do endereço trocado", "Secret of the address replaced", "Secreto de la dirección cambiado"
    ),
    "tested": Words("Mensagem de teste", "Test message", "Mensaje de prueba"),
}
REFUSALS: Mapping[str, Words] = {
    "unknown_address": Words(
        "endereço ou segredo errado", "wrong address or secret", "dirección o secreto incorrecto"
    ),
    "wrong_signature": Words("assinatura errada", "wrong signature", "firma incorrecta"),
    "wrong_token": Words(
        "token de verificação errado", "wrong verify token", "token de verificación incorrecto"
    ),
    "too_large": Words("grande demais", "too large", "demasiado grande"),
    "no_length": Words("sem dizer o tamanho", "without its length", "sin decir el tamaño"),
}
OUTCOMES: Mapping[str, Words] = {
    "sent": Words(
        "O canal aceitou a mensagem. Veja se ela chegou.",
        "The channel took the message. See whether it has arrived.",
        "El canal aceptó el mensaje. Vea si llegó.",
    ),
    "again": Words(
        "O canal não aceitou agora. Tente mais tarde.",
        "The channel did not take it for now. Try later.",
        "El canal no lo aceptó ahora. Intente más tarde.",
    ),
    "refused": Words("O canal recusou.", "The channel refused.", "El canal lo rechazó."),
    "unknown": Words(
        "O canal não respondeu: pode ter enviado ou não. Veja se chegou antes de tentar de novo.",
        "The channel did not answer: it may have sent it or not. See whether it has arrived before trying again.",
        "El canal no respondió: puede haberlo enviado o no. Vea si llegó antes de intentar de nuevo.",
    ),
}
