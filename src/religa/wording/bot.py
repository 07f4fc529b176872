"""What bots, the WhatsApp menu and the phone menu say. Short, calm, at most four numbered choices, no links.

Nobody's name is said, ever: a number may have changed hands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from religa.domain.trust import TrustRefused
from religa.wording.language import Language, Words
from religa.wording.moments import Moments
from religa.wording.refusals import trust_refused

HELLO = Words(
    "Olá! Aqui é o atendimento automático da {provider}.",
    "Hello! This is the automatic service of {provider}.",
    "¡Hola! Este es el servicio automático de {provider}.",
)
PROTOCOL = Words("Protocolo: {protocol}.", "Protocol number: {protocol}.", "Protocolo: {protocol}.")
ASK_DIGITS = Words(
    "Para cuidar da sua internet, preciso saber que é você. Responda com os 4 últimos números do CPF ou CNPJ "
    "do titular.\n"
    "4 Falar com uma pessoa",
    "Before I look at your internet I need to know that it is you. Reply with the last 4 digits of the account "
    "holder's CPF or CNPJ.\n"
    "4 Talk to a person",
    "Para ver su internet necesito saber que es usted. Responda con los 4 últimos números del CPF o CNPJ del "
    "titular.\n"
    "4 Hablar con una persona",
)
WRONG_DIGITS = Words(
    "Esses números não conferem com o cadastro. Confira e responda com os 4 últimos números do CPF ou CNPJ do "
    "titular.\n"
    "4 Falar com uma pessoa",
    "Those digits do not match our records. Please check and reply with the last 4 digits of the holder's CPF "
    "or CNPJ.\n"
    "4 Talk to a person",
    "Esos números no coinciden con el registro. Revise y responda con los 4 últimos números del CPF o CNPJ del "
    "titular.\n"
    "4 Hablar con una persona",
)
TOO_MANY_TRIES = Words(
    "Foram muitas tentativas seguidas. Para a sua segurança, espere uma hora e escreva de novo.\n{reach}",
    "There were too many tries in a row. For your safety, please wait an hour and write again.\n{reach}",
    "Hubo demasiados intentos seguidos. Por su seguridad, espere una hora y escriba de nuevo.\n{reach}",
)
UNKNOWN_NUMBER = Words(
    "Este número não está no nosso cadastro, por isso não posso tratar de nenhum contrato por aqui.\n{reach}",
    "This number is not in our records, so I cannot deal with any contract here.\n{reach}",
    "Este número no está en nuestros registros; por eso no puedo tratar ningún contrato por aquí.\n{reach}",
)
NO_CONTRACT = Words(
    "Não encontrei um contrato ativo neste cadastro.\n{reach}",
    "I found no active contract in these records.\n{reach}",
    "No encontré un contrato activo en este registro.\n{reach}",
)
MENU = Words(
    "Responda com o número:\n1 Liberar em confiança\n2 Pagar com Pix\n3 Já paguei\n4 Falar com uma pessoa",
    "Reply with the number:\n1 Open on trust\n2 Pay with Pix\n3 I have paid\n4 Talk to a person",
    "Responda con el número:\n1 Liberar por confianza\n2 Pagar con Pix\n3 Ya pagué\n4 Hablar con una persona",
)
NOT_UNDERSTOOD = Words("Não entendi.", "I did not understand.", "No entendí.")
NO_TEXT = Words(
    "Ainda não consigo ouvir áudio nem ver foto. Escreva com palavras ou com um número.",
    "I cannot listen to audio or look at pictures yet. Please write in words or send a number.",
    "Todavía no puedo escuchar audio ni ver fotos. Escriba con palabras o con un número.",
)
THANKS = Words("De nada!", "You are welcome!", "¡De nada!")
WHICH_CONTRACT = Words("Qual contrato?", "Which contract?", "¿Qué contrato?")
OTHERS = Words("{n} Ver outros", "{n} See others", "{n} Ver otros")
ONE_CONTRACT = Words(
    "{n} Contrato {name}: {state}", "{n} Contract {name}: {state}", "{n} Contrato {name}: {state}"
)
ABOUT = Words("Contrato {name}.", "Contract {name}.", "Contrato {name}.")
OFFER_PROMISE = Words(
    "Posso liberar a sua internet em confiança, sem pagar agora, {until}. Se a conta não for paga até lá, ela "
    "será bloqueada de novo e só volta com o pagamento ou com a primeira parcela de um acordo.",
    "I can open your internet on trust, without paying now, {until}. If the bill is not paid by then, it will "
    "be blocked again and returns only with payment or with the first instalment of an agreement.",
    "Puedo liberar su internet por confianza, sin pagar ahora, {until}. Si la factura no se paga hasta "
    "entonces, se cortará de nuevo y solo vuelve con el pago o con la primera cuota de un acuerdo.",
)
OFFER_PAID = Words(
    "Ainda não vimos o pagamento. Às vezes o banco leva um ou dois dias para nos avisar. Enquanto isso posso "
    "liberar a sua internet {until}. Se o pagamento não aparecer até lá, ela será bloqueada de novo.",
    "We have not seen the payment yet. Banks sometimes take a day or two to tell us. Meanwhile I can open your "
    "internet {until}. If the payment does not show up by then, it will be blocked again.",
    "Todavía no vimos el pago. A veces el banco tarda uno o dos días en avisarnos. Mientras tanto puedo "
    "liberar su internet {until}. Si el pago no aparece hasta entonces, se cortará de nuevo.",
)
CONFIRM_PROMISE = Words(
    "1 Liberar agora\n2 Pagar com Pix\n3 Agora não",
    "1 Open now\n2 Pay with Pix\n3 Not now",
    "1 Liberar ahora\n2 Pagar con Pix\n3 Ahora no",
)
CONFIRM_PAID = Words(
    "1 Já paguei: liberar\n2 Pagar com Pix\n3 Agora não",
    "1 I have paid: open\n2 Pay with Pix\n3 Not now",
    "1 Ya pagué: liberar\n2 Pagar con Pix\n3 Ahora no",
)
NOTHING_DONE = Words("Certo, nada foi feito.", "All right, nothing was done.", "De acuerdo, no se hizo nada.")
GRANTED = Words(
    "Pronto! Sua internet está liberada {until}. Se a conta não for paga até lá, será bloqueada de novo e só "
    "volta com o pagamento ou com a primeira parcela de um acordo. Se não funcionar em 5 minutos, desligue o "
    "aparelho da tomada, espere 10 segundos e ligue de novo.",
    "Done! Your internet is open {until}. If the bill is not paid by then, it will be blocked again and "
    "returns only with payment or with the first instalment of an agreement. If it does not work in 5 minutes, "
    "unplug your router, wait 10 seconds and plug it in again.",
    "¡Listo! Su internet está liberado {until}. Si la factura no se paga hasta entonces, se cortará de nuevo y "
    "solo vuelve con el pago o con la primera cuota de un acuerdo. Si no funciona en 5 minutos, desenchufe el "
    "equipo, espere 10 segundos y enchúfelo de nuevo.",
)
PAYING_OPENS = Words(
    "Pagando por Pix o que está atrasado, a internet volta na hora. Não há taxa para religar.",
    "Pay what is late by Pix and the internet returns at once. There is no fee for reconnecting.",
    "Pagando por Pix lo que está vencido, internet vuelve en el acto. No hay tarifa de reconexión.",
)
OUTCOME_UNKNOWN = Words(
    "Não sei ainda se o pedido foi atendido. Pergunte de novo daqui a pouco; nada é feito duas vezes.",
    "I do not know yet whether the request was granted. Please ask again shortly; nothing is done twice.",
    "Todavía no sé si el pedido fue atendido. Pregunte de nuevo en un momento; nada se hace dos veces.",
)
NOT_SEEN_YET = Words(
    "Ainda não vimos um pagamento que abra a internet.",
    "We have not seen a payment that opens the internet yet.",
    "Todavía no vimos un pago que abra internet.",
)
PIX_COMING = Words(
    "Um momento: vou pedir o código Pix ao banco.",
    "One moment: I am asking the bank for the Pix code.",
    "Un momento: voy a pedir el código Pix al banco.",
)
PIX = Words(
    "Pix de {amount}, para {payee}. Copie o código da próxima mensagem no aplicativo do seu banco, em Pix "
    "copia e cola.",
    "Pix of {amount}, to {payee}. Copy the code in the next message into your bank's app, under Pix copia e "
    "cola.",
    "Pix de {amount}, para {payee}. Copie el código del próximo mensaje en la aplicación de su banco, en Pix "
    "copia e cola.",
)
PIX_OPENS = Words(
    "A internet volta sozinha assim que o banco confirmar. Não há taxa para religar.",
    "The internet returns by itself as soon as the bank confirms. There is no fee for reconnecting.",
    "Internet vuelve solo apenas el banco confirme. No hay tarifa de reconexión.",
)
PIX_SENT = Words(
    "O código Pix foi enviado por {channel} para o número com final {ending}.",
    "The Pix code was sent by {channel} to the number ending in {ending}.",
    "El código Pix fue enviado por {channel} al número terminado en {ending}.",
)
BOLETO_LINE = Words(
    "Se prefere boleto, a linha digitável é:\n{line}",
    "If you prefer a boleto, its line is:\n{line}",
    "Si prefiere boleto, su línea es:\n{line}",
)
NOTHING_OWED = Words(
    "Não há nada a pagar agora.", "There is nothing to pay now.", "No hay nada que pagar ahora."
)
NO_PIX = Words(
    "Agora não consegui um código Pix com o banco. Tente de novo em alguns minutos.\n{reach}",
    "I could not get a Pix code from the bank just now. Please try again in a few minutes.\n{reach}",
    "Ahora no pude obtener un código Pix del banco. Intente de nuevo en unos minutos.\n{reach}",
)
NO_PIX_HERE = Words(
    "Por aqui não consigo mandar um Pix.\n{reach}",
    "I cannot send a Pix here.\n{reach}",
    "Por aquí no puedo enviar un Pix.\n{reach}",
)
NO_PIX_BECAUSE = {"nothing_owed": NOTHING_OWED, "no_account": NO_PIX_HERE, "no_number": NO_PIX_HERE}
HANDED_OVER = Words(
    "Certo: uma pessoa vai responder aqui. Escreva o que precisa; a mensagem fica guardada para ela. {phones}",
    "All right: a person will answer here. Write what you need; it is kept for them. {phones}",
    "De acuerdo: una persona va a responder aquí. Escriba lo que necesita; queda guardado para ella. {phones}",
)
KEPT_FOR_PERSON = Words(
    "A mensagem ficou guardada para a pessoa que vai responder. Para voltar às opções, escreva MENU.",
    "Your message is kept for the person who will answer. To return to the choices, write MENU.",
    "El mensaje quedó guardado para la persona que va a responder. Para volver a las opciones, escriba MENU.",
)
STOPPED = Words(
    "Certo: não mandamos mais lembretes para este número. Avisos que a lei pede ainda podem chegar. Para "
    "receber de novo, escreva VOLTAR A RECEBER.",
    "All right: no more reminders to this number. Notices that the law asks for may still come. To receive "
    "them again, write RECEIVE AGAIN.",
    "De acuerdo: no enviamos más recordatorios a este número. Los avisos que pide la ley aún pueden llegar. "
    "Para recibirlos de nuevo, escriba VOLVER A RECIBIR.",
)
STARTED = Words(
    "Certo: voltamos a mandar lembretes para este número.",
    "All right: reminders will come to this number again.",
    "De acuerdo: volvemos a enviar recordatorios a este número.",
)
WRONG_PERSON = Words(
    "Obrigado por avisar, e desculpe o engano. Não vamos mais escrever para este número.",
    "Thank you for telling us, and sorry for the mistake. We will not write to this number again.",
    "Gracias por avisar, y disculpe el error. No vamos a escribir más a este número.",
)
CONTACT = Words(
    "O protocolo deste atendimento é {protocol}.",
    "The protocol number of this contact is {protocol}.",
    "El protocolo de esta atención es {protocol}.",
)
_PORTAL = Words(
    "Central do Assinante: {portal}.", "Customer portal: {portal}.", "Central del Abonado: {portal}."
)
_PHONES = Words("Telefone: {phones}.", "Phone: {phones}.", "Teléfono: {phones}.")
CHANNELS = {"sms": Words("SMS", "SMS", "SMS"), "whatsapp": Words("WhatsApp", "WhatsApp", "WhatsApp")}


def reach(*, portal: str, phones: Sequence[tuple[str, str]], language: Language) -> str:
    """How to get to the portal and to a person; `phones`: numbers with their hours."""
    said = [_PORTAL.in_(language).format(portal=portal)] if portal else []
    return " ".join([*said, phone_line(phones, language=language)]).strip()


def phone_line(phones: Sequence[tuple[str, str]], *, language: Language) -> str:
    """`Telefone: 0800 000 0000 (24 horas).`"""
    if not phones:
        return ""
    each = [f"{number} ({hours})" if hours else number for number, hours in phones]
    return _PHONES.in_(language).format(phones=", ".join(each))


def granted(until: datetime, *, protocol: str, moments: Moments) -> str:
    """The yes to an unlock, made of what was kept of it: the same whenever it is asked for again."""
    language = moments.language
    said = GRANTED.in_(language).format(until=moments.until(until))
    return f"{said} {PROTOCOL.in_(language).format(protocol=protocol)}"


def not_granted(refusal: TrustRefused, *, protocol: str, moments: Moments, amounts: bool) -> str:
    """The no, with every reason, the next date and what to pay; without `amounts` not how much."""
    language = moments.language
    said = [trust_refused(refusal if amounts else replace(refusal, pay_now=0), moments=moments)]
    if refusal.pay_now and not amounts:
        said.append(PAYING_OPENS.in_(language))
    said.append(PROTOCOL.in_(language).format(protocol=protocol))
    return " ".join(said)
