"""What is wrong with a payment account or its certificate, what its test says, and what became of a bank's events."""

from __future__ import annotations

from collections.abc import Mapping

from religa.domain.certificates import CertificateProblem, Expiry, Urgency
from religa.domain.payment_accounts import AccountFault, AccountProblem, Owner
from religa.wording.language import Language, Words


def account_problem(problem: AccountProblem, language: Language = Language.PT) -> str:
    """A sentence that can stand next to a field."""
    return ACCOUNT_FAULTS[problem.fault].in_(language).replace("{detail}", problem.detail)


def certificate_problem(problem: CertificateProblem, language: Language = Language.PT) -> str:
    """Why a file cannot be used, and what to do."""
    return CERTIFICATE_PROBLEMS[problem].in_(language)


def expiry_words(expiry: Expiry, language: Language = Language.PT) -> str:
    """How long a certificate still lives, as a few words."""
    words = EXPIRIES[expiry.urgency] if expiry.days_left != 1 else _ONE_DAY
    words = _TODAY if expiry.urgency is not Urgency.EXPIRED and expiry.days_left == 0 else words
    return words.in_(language).replace("{days}", str(expiry.days_left))


def owner_words(owner: Owner, language: Language = Language.PT) -> str:
    """Whose address a bank has registered for events."""
    return OWNERS[owner].in_(language)


def named(table: Mapping[str, Words], code: str, language: Language = Language.PT) -> str:
    """The words of a code of the records; one that is not known as it is."""
    return table[code].in_(language) if code in table else code


ACCOUNT_FAULTS: Mapping[AccountFault, Words] = {
    AccountFault.NO_NAME: Words("Escreva um nome.", "Write a name.", "Escriba un nombre."),
    AccountFault.NAME_TAKEN: Words(
        "Já há uma conta com este nome.",
        "There is an account with this name already.",
        "Ya hay una cuenta con este nombre.",
    ),
    AccountFault.TOO_LONG: Words("Longo demais.", "Too long.", "Demasiado largo."),
    AccountFault.KIND_UNKNOWN: Words(
        "Escolha um tipo da lista.", "Choose a kind from the list.", "Elija un tipo de la lista."
    ),
    AccountFault.BANK_UNKNOWN: Words(
        "Escolha um banco da lista.", "Choose a bank from the list.", "Elija un banco de la lista."
    ),
    AccountFault.BANK_FIXED: Words(
        "O banco de uma conta não muda: cadastre outra conta e feche esta.",
        "The bank of an account does not change: open another one and close this one.",
        "El banco de una cuenta no cambia: registre otra cuenta y cierre esta.",
    ),
    AccountFault.BANK_CODE_FORM: Words(
        "O código do banco tem três algarismos, como 756.",
        "A bank code has three digits, as 756.",
        "El código del banco tiene tres cifras, como 756.",
    ),
    AccountFault.OF_THE_BANK_FORM: Words(
        "Use só letras, algarismos, ponto, barra e hífen, até 30.",
        "Use letters, digits, points, slashes and hyphens only, 30 at most.",
        "Use solo letras, cifras, punto, barra y guion, hasta 30.",
    ),
    AccountFault.KEY_MISSING: Words(
        "Escreva a chave Pix que recebe.",
        "Write the Pix key that receives.",
        "Escriba la clave Pix que recibe.",
    ),
    AccountFault.KEY_FORM: Words(
        "Não é uma chave Pix: CPF, CNPJ, e-mail, telefone com +55, ou chave aleatória de 36 caracteres.",
        "Not a Pix key: CPF, CNPJ, e-mail, phone with +55, or a random key of 36 characters.",
        "No es una clave Pix: CPF, CNPJ, correo, teléfono con +55 o clave aleatoria de 36 caracteres.",
    ),
    AccountFault.KEY_IN_USE: Words(
        "Já há cobranças nesta chave, e o dinheiro delas chega nela: cadastre outra conta para a chave nova.",
        "There are charges of this key, and their money comes to it: open another account for the new key.",
        "Ya hay cobros en esta clave y su dinero llega a ella: registre otra cuenta para la clave nueva.",
    ),
    AccountFault.CLIENT_ID_MISSING: Words(
        "Escreva o Client ID que o banco deu.",
        "Write the Client ID that the bank gave.",
        "Escriba el Client ID que dio el banco.",
    ),
    AccountFault.SECRET_MISSING: Words(
        "Escreva o segredo que o banco deu.",
        "Write the secret that the bank gave.",
        "Escriba el secreto que dio el banco.",
    ),
    AccountFault.SECRET_CHARACTERS: Words(
        "Tem um caractere que nenhum banco usa aqui. Copie de novo.",
        "It has a character that no bank uses here. Copy it again.",
        "Tiene un carácter que ningún banco usa aquí. Cópielo de nuevo.",
    ),
    AccountFault.ADDRESS_FORM: Words(
        "Escreva um endereço que começa com https:// (http:// só na rede interna).",
        "Write an address that starts with https:// (http:// in the own network only).",
        "Escriba una dirección que empieza con https:// (http:// solo en la red interna).",
    ),
    AccountFault.ADDRESS_MISSING: Words(
        "Este banco não está na lista: escreva os dois endereços da API.",
        "This bank is not in the list: write both addresses of its API.",
        "Este banco no está en la lista: escriba las dos direcciones de la API.",
    ),
    AccountFault.ADDRESSES_TOGETHER: Words(
        "Escreva os dois endereços ou nenhum: com um de teste e outro de produção, o segredo iria ao lugar errado.",
        "Write both addresses or none: with one of a test and one of production the secret would go astray.",
        "Escriba las dos direcciones o ninguna: con una de prueba y otra de producción el secreto iría al lugar "
        "equivocado.",
    ),
    AccountFault.CANNOT_COLLECT: Words(
        "Este tipo de conta não faz cobranças novas.",
        "This kind of account makes no new charges.",
        "Este tipo de cuenta no hace cobros nuevos.",
    ),
    AccountFault.COLLECTS_ELSEWHERE: Words(
        "As cobranças novas já saem pela conta “{detail}”. Desligue lá primeiro.",
        "New charges are made at the account “{detail}”. Switch it off there first.",
        "Los cobros nuevos ya salen por la cuenta “{detail}”. Desactívelo allí primero.",
    ),
    AccountFault.LEDGER_UNKNOWN: Words(
        "Escolha quem informa os pagamentos.",
        "Choose who reports payments.",
        "Elija quién informa los pagos.",
    ),
    AccountFault.CHECK_UNKNOWN: Words(
        "Escolha como o banco se identifica.",
        "Choose how the bank proves itself.",
        "Elija cómo se identifica el banco.",
    ),
    AccountFault.CERTIFICATE_WAIVED: Words(
        "O banco não mostra certificado, se você pede que chame sem ele. Escolha um dos dois.",
        "The bank shows no certificate where you ask it to call without one. Choose one of the two.",
        "El banco no muestra certificado si usted pide que llame sin él. Elija uno de los dos.",
    ),
    AccountFault.NETWORKS_MISSING: Words(
        "Escreva de quais endereços o banco chama.",
        "Write from which addresses the bank calls.",
        "Escriba desde qué direcciones llama el banco.",
    ),
    AccountFault.NETWORK_FORM: Words(
        "“{detail}” não é um endereço nem uma rede. Escreva como 34.193.116.226 ou 34.193.0.0/16.",
        "“{detail}” is neither an address nor a network. Write it as 34.193.116.226 or 34.193.0.0/16.",
        "“{detail}” no es una dirección ni una red. Escriba como 34.193.116.226 o 34.193.0.0/16.",
    ),
    AccountFault.NETWORK_TOO_WIDE: Words(
        "“{detail}” é quase a internet inteira: não prova nada.",
        "“{detail}” is almost the whole internet: it proves nothing.",
        "“{detail}” es casi toda la internet: no prueba nada.",
    ),
    AccountFault.RELAY_FORM: Words(
        "Escreva um endereço que começa com https:// (http:// só na rede interna).",
        "Write an address that starts with https:// (http:// in the own network only).",
        "Escriba una dirección que empieza con https:// (http:// solo en la red interna).",
    ),
    AccountFault.RELAY_LOOPS: Words(
        "Este endereço é o nosso: os avisos andariam em círculo.",
        "This address is ours: events would go round in a circle.",
        "Esta dirección es la nuestra: los avisos darían vueltas.",
    ),
    AccountFault.GONE: Words(
        "Esta conta não existe mais, ou foi fechada.",
        "This account is no longer there, or was closed.",
        "Esta cuenta ya no existe, o fue cerrada.",
    ),
    AccountFault.STILL_COLLECTS: Words(
        "As cobranças novas ainda saem por esta conta. Desligue isso no cadastro antes de fechar.",
        "New charges are still made at this account. Switch that off before closing it.",
        "Los cobros nuevos aún salen por esta cuenta. Desactívelo en el registro antes de cerrar.",
    ),
    AccountFault.STILL_CHARGED: Words(
        "Ainda há cobranças em aberto nesta conta ({detail}): o que for pago nelas não será visto.",
        "There are open charges at this account ({detail}): what is paid on them will be seen by nobody.",
        "Aún hay cobros abiertos en esta cuenta ({detail}): lo que se pague en ellos no será visto.",
    ),
    AccountFault.STILL_REFUNDING: Words(
        "Há devoluções em andamento nesta conta ({detail}). Espere terminarem.",
        "Money is on its way back from this account ({detail}). Wait until that is over.",
        "Hay devoluciones en curso en esta cuenta ({detail}). Espere a que terminen.",
    ),
}
CERTIFICATE_PROBLEMS: Mapping[CertificateProblem, Words] = {
    CertificateProblem.UNREADABLE: Words(
        "O arquivo não é um certificado: envie o .p12 (ou .pfx) ou o .pem que o banco deu.",
        "The file is no certificate: send the .p12 (or .pfx) or the .pem that the bank gave.",
        "El archivo no es un certificado: envíe el .p12 (o .pfx) o el .pem que dio el banco.",
    ),
    CertificateProblem.WRONG_PASSWORD: Words(
        "A senha não abre este arquivo.",
        "The password does not open this file.",
        "La contraseña no abre este archivo.",
    ),
    CertificateProblem.NO_CERTIFICATE: Words(
        "Não há certificado neste arquivo.",
        "There is no certificate in this file.",
        "No hay certificado en este archivo.",
    ),
    CertificateProblem.NO_KEY: Words(
        "Falta a chave privada: envie também o arquivo .key, ou o .p12, que traz os dois.",
        "The private key is missing: send the .key file, too, or the .p12, which holds both.",
        "Falta la clave privada: envíe también el archivo .key, o el .p12, que trae los dos.",
    ),
    CertificateProblem.OTHER_KEY: Words(
        "A chave privada é de outro certificado.",
        "The private key belongs to another certificate.",
        "La clave privada es de otro certificado.",
    ),
    CertificateProblem.EXPIRED: Words(
        "Este certificado já venceu: peça outro ao banco.",
        "This certificate has expired: ask the bank for another one.",
        "Este certificado ya venció: pida otro al banco.",
    ),
    CertificateProblem.NOT_YET_VALID: Words(
        "Este certificado ainda não vale: confira a data de início.",
        "This certificate is not valid yet: look at its first day.",
        "Este certificado aún no vale: compruebe la fecha de inicio.",
    ),
}
EXPIRIES: Mapping[Urgency, Words] = {
    Urgency.SOON: Words("vence em {days} dias", "expires in {days} days", "vence en {days} días"),
    Urgency.DUE: Words(
        "vence em {days} dias: peça o novo", "expires in {days} days: ask for the new one", "vence en {days} días: "
        "pida el nuevo"
    ),
    Urgency.URGENT: Words(
        "vence em {days} dias: troque já", "expires in {days} days: replace it now", "vence en {days} días: "
        "cámbielo ya"
    ),
    Urgency.EXPIRED: Words(
        "vencido: o banco não atende mais", "expired: the bank answers no more", "vencido: el banco ya no responde"
    ),
}  # fmt: skip
_ONE_DAY = Words(
    "vence em 1 dia: troque já", "expires in 1 day: replace it now", "vence en 1 día: cámbielo ya"
)
_TODAY = Words("vence hoje: troque já", "expires today: replace it now", "vence hoy: cámbielo ya")
OWNERS: Mapping[Owner, Words] = {
    Owner.NOBODY: Words("nenhum endereço", "no address", "ninguna dirección"),
    Owner.OURS: Words("o nosso endereço", "our address", "nuestra dirección"),
    Owner.OURS_BEFORE: Words(
        "um endereço nosso que não vale mais", "an address of ours that holds no more", "una dirección nuestra que ya "
        "no vale"
    ),
    Owner.FOREIGN: Words("o endereço de outro sistema", "another system's address", "la dirección de otro sistema"),
}  # fmt: skip
KINDS: Mapping[str, Words] = {
    "api_pix": Words("Pix pela API do banco", "Pix through the bank's API", "Pix por la API del banco"),
    "efi_cobrancas": Words("Boleto pela Efí", "Boletos of Efí", "Boleto por Efí"),
    "bank_files": Words("Arquivos do banco (CNAB)", "Bank files (CNAB)", "Archivos del banco (CNAB)"),
    "desk": Words("Caixa do provedor", "The provider's desk", "Caja del proveedor"),
    "other": Words("Outra", "Other", "Otra"),
}
LEDGERS: Mapping[str, Words] = {
    "religa": Words("o Religa", "Religa", "Religa"),
    "other": Words("outro sistema", "another system", "otro sistema"),
    "both": Words("os dois, com comparação", "both, compared", "ambos, con comparación"),
}
CHECKS: Mapping[str, Words] = {
    "mtls": Words(
        "certificado do banco (mTLS)", "the bank's certificate (mTLS)", "certificado del banco (mTLS)"
    ),
    "addresses": Words("endereço de origem", "address of origin", "dirección de origen"),
    "secret": Words(
        "só o segredo do endereço", "the address's secret alone", "solo el secreto de la dirección"
    ),
}
RESULTS: Mapping[str, Words] = {
    "done": Words("resolvido", "done", "resuelto"),
    "ignored": Words("sem efeito", "without effect", "sin efecto"),
    "unidentified": Words("não identificado", "unidentified", "no identificado"),
    "held": Words("banco sem resposta", "bank silent", "banco sin respuesta"),
    "failed": Words("falhou", "failed", "falló"),
    "waiting": Words("na fila", "waiting", "en espera"),
}
REFUSALS: Mapping[str, Words] = {
    "unknown_address": Words(
        "endereço ou segredo errado", "wrong address or secret", "dirección o secreto incorrecto"
    ),
    "no_certificate": Words(
        "sem o certificado do banco", "without the bank's certificate", "sin el certificado del banco"
    ),
    "wrong_sender": Words(
        "de um endereço que não é do banco", "from an address that is not the bank's", "de una dirección que no es "
        "del banco"
    ),
    "too_large": Words("grande demais", "too large", "demasiado grande"),
    "no_length": Words("sem dizer o tamanho", "without its length", "sin decir el tamaño"),
}  # fmt: skip
PARTS: Mapping[str, Words] = {
    "connection": Words("Conexão com o banco", "Connection to the bank", "Conexión con el banco"),
    "certificate": Words("Nosso certificado", "Our certificate", "Nuestro certificado"),
    "token": Words(
        "Client ID e segredo (token)", "Client ID and secret (token)", "Client ID y secreto (token)"
    ),
    "list": Words("Ler o extrato de Pix", "Reading the list of Pix", "Leer el extracto de Pix"),
    "key": Words("Chave Pix", "Pix key", "Clave Pix"),
}
ADVICE: Mapping[tuple[str, str], Words] = {
    ("connection", "works"): Words("o banco respondeu", "the bank answered", "el banco respondió"),
    ("connection", "fails"): Words(
        "o banco não respondeu: confira o endereço da API e a saída de internet deste servidor",
        "the bank did not answer: look at the API's address and at this server's way out",
        "el banco no respondió: revise la dirección de la API y la salida a internet de este servidor",
    ),
    ("certificate", "works"): Words("foi aceito", "was taken", "fue aceptado"),
    ("certificate", "fails"): Words(
        "o banco recusou: envie o certificado que ele deu para esta conta",
        "the bank refused it: send the one that it gave for this account",
        "el banco lo rechazó: envíe el que dio para esta cuenta",
    ),
    ("token", "works"): Words("foram aceitos", "were taken", "fueron aceptados"),
    ("token", "fails"): Words(
        "o banco recusou: confira os dois, e se são de produção ou de teste",
        "the bank refused them: look at both, and whether they are of production or of a test",
        "el banco los rechazó: revise ambos, y si son de producción o de prueba",
    ),
    ("list", "works"): Words("permitido", "allowed", "permitido"),
    ("list", "fails"): Words(
        "o banco não deixou: peça a permissão pix.read para esta aplicação",
        "the bank did not allow it: ask for the right pix.read",
        "el banco no lo permitió: pida el permiso pix.read",
    ),
    ("key", "works"): Words(
        "o banco a conhece nesta conta",
        "the bank knows it in this account",
        "el banco la conoce en esta cuenta",
    ),
    ("key", "unknown"): Words(
        "o banco não tem aviso registrado para ela: a primeira cobrança mostra se é desta conta",
        "the bank has no address registered for it: the first charge shows whether it is of this account",
        "el banco no tiene aviso registrado para ella: el primer cobro muestra si es de esta cuenta",
    ),
    ("key", "fails"): Words(
        "o banco não respondeu por ela: confira a chave e a permissão webhook.read",
        "the bank does not answer for it: look at the key and at the right webhook.read",
        "el banco no responde por ella: revise la clave y el permiso webhook.read",
    ),
}
CHANGES: Mapping[str, Words] = {
    "created": Words("Conta cadastrada", "Account opened", "Cuenta registrada"),
    "changed": Words("Cadastro mudado", "Account changed", "Registro cambiado"),
    "closed": Words("Conta fechada", "Account closed", "Cuenta cerrada"),
    "secret_set": Words("Segredo trocado", "Secret replaced", "Secreto cambiado"),
    "certificate_set": Words("Certificado trocado", "Certificate replaced", "Certificado cambiado"),
    "address_shown": Words(
        "Endereço com segredo mostrado", "Address with its secret shown", "Dirección con secreto mostrada"
    ),
    "address_replaced": Words(
        "Segredo do endereço trocado", "Secret of the address replaced", "Secreto de la dirección cambiado"
    ),
    "webhook_registered": Words(
        "Webhook registrado no banco", "Webhook registered at the bank", "Webhook registrado en el banco"
    ),
    "webhook_removed": Words(
        "Webhook retirado do banco", "Webhook removed from the bank", "Webhook retirado del banco"
    ),
    "event_retried": Words(
        "Aviso do banco posto de novo na fila", "Event of the bank tried again", "Aviso del banco reintentado"
    ),
}
