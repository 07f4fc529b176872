"""Every problem of an import in plain words, Portuguese first. Nothing personal is in them: the cell comes masked."""

from __future__ import annotations

from religa.actions.importing.columns import FILE_NAMES
from religa.actions.importing.problems import Problem, What

_W: dict[What, tuple[str, str]] = {
    What.UNKNOWN_FILE: (
        "não sei o que este arquivo contém; use um dos nomes {more}",
        "I do not know what this file holds; use one of the names {more}",
    ),
    What.TWO_OF_A_KIND: ("contém o mesmo que {more}", "holds the same as {more}"),
    What.EMPTY_FILE: ("o arquivo está vazio", "the file is empty"),
    What.NO_ROWS: ("só há cabeçalho, nenhuma linha", "there is a header but no row"),
    What.BAD_ENCODING: (
        "há bytes que não são texto; salve o arquivo como CSV UTF-8",
        "there are bytes that are no text; save the file as CSV UTF-8",
    ),
    What.MIXED_ENCODING: (
        "o arquivo mistura UTF-8 e latin-1 (linha {more} em latin-1); salve tudo em UTF-8",
        "the file mixes UTF-8 and latin-1 (line {more} is latin-1); save all of it as UTF-8",
    ),
    What.LONG_LINE: (
        "a linha tem mais de um milhão de caracteres; faltam quebras de linha?",
        "the line has more than a million characters; are line breaks missing?",
    ),
    What.OPEN_QUOTES: (
        "as aspas que abrem nesta linha não fecham",
        "the quotes that open on this line do not close",
    ),
    What.WRONG_HEADER: (
        "a primeira linha não é o cabeçalho; são obrigatórias as colunas: {more}",
        "the first line is not the header; these columns are needed: {more}",
    ),
    What.MISSING_COLUMN: ("faltam as colunas: {more}", "these columns are missing: {more}"),
    What.REPEATED_COLUMN: ("esta coluna repete {more}", "this column repeats {more}"),
    What.CANCELS_TOO_MANY: (
        "o arquivo completo cancelaria {more} faturas em aberto; se é isso mesmo, aumente --cancel-share",
        "the complete file would cancel {more} open invoices; if that is meant, raise --cancel-share",
    ),
    What.NO_PROVIDER: (
        "não sei de qual provedor são os arquivos; inclua provedor.csv ou informe --provider CNPJ",
        "I do not know whose files these are; add provedor.csv or say --provider CNPJ",
    ),
    What.CELL_COUNT: (
        "a linha não tem o mesmo número de células do cabeçalho ({more})",
        "the row has another number of cells than the header ({more})",
    ),
    What.REQUIRED: ("a célula está vazia", "the cell is empty"),
    What.SCIENTIFIC: (
        "a planilha trocou o número por notação científica; exporte a coluna como texto",
        "the spreadsheet turned the number into scientific notation; export the column as text",
    ),
    What.FORMULA: (
        "parece fórmula de planilha, não um dado",
        "this looks like a spreadsheet formula, not like data",
    ),
    What.CONTROL_CHARACTER: ("há um caractere invisível inválido", "there is an invisible invalid character"),
    What.TOO_LONG: ("tem mais de {more} caracteres", "has more than {more} characters"),
    What.DOCUMENT_LENGTH: (
        "CPF tem 11 dígitos e CNPJ 14; completar com zeros à esquerda não dá um número válido",
        "a CPF has 11 digits and a CNPJ 14; zeros in front do not make it a valid one",
    ),
    What.DOCUMENT_DIGITS: (
        "os dígitos verificadores não conferem: há erro de digitação",
        "the check digits are wrong: something is mistyped",
    ),
    What.DOCUMENT_CHARACTERS: (
        "há caracteres que CPF ou CNPJ não têm",
        "there are characters that no CPF or CNPJ has",
    ),
    What.NOT_A_DATE: (
        "não é uma data; escreva dia/mês/ano, como 31/12/2026",
        "this is no date; write day/month/year, as 31/12/2026",
    ),
    What.IMPOSSIBLE_DATE: (
        "esta data não existe (a ordem é dia/mês/ano)",
        "there is no such day (the order is day/month/year)",
    ),
    What.DATE_SERIAL: (
        "parece o número de dias do Excel; formate a coluna como data e exporte de novo",
        "this looks like Excel's day number; format the column as a date and export again",
    ),
    What.DATE_RANGE: ("o ano está fora de {more}", "the year is outside {more}"),
    What.FUTURE: ("está no futuro", "lies in the future"),
    What.PAST: ("já passou", "has passed"),
    What.AMOUNT_AMBIGUOUS: (
        "pode ser milhar ou fração; escreva os centavos, como 1.234,00",
        "may mean thousands or a fraction; write the centavos, as 1.234,00",
    ),
    What.NOT_AN_AMOUNT: (
        "não é um valor em reais, como 1.234,56",
        "this is no amount in reais, such as 1.234,56",
    ),
    What.NEGATIVE: (
        "o valor é negativo; desconto vai na coluna desconto",
        "the amount is negative; a discount belongs in its own column",
    ),
    What.ZERO: ("o valor é zero", "the amount is zero"),
    What.NOT_A_NUMBER: ("não é um número", "this is no number"),
    What.OUT_OF_RANGE: ("está fora do permitido ({more})", "is outside what is allowed ({more})"),
    What.UNKNOWN_WORD: (
        "palavra desconhecida; use uma destas: {more}",
        "unknown word; use one of these: {more}",
    ),
    What.NOT_A_MAC: ("não é um endereço MAC", "this is no MAC address"),
    What.NOT_AN_IPV4: ("não é um endereço IPv4", "this is no IPv4 address"),
    What.NOT_A_STATE: ("não é uma UF, como CE", "this is no Brazilian state, such as CE"),
    What.NOT_A_MUNICIPALITY: ("o código do IBGE tem 7 dígitos", "an IBGE code has 7 digits"),
    What.NOT_A_SPEED: (
        "não é uma velocidade, como 300M ou 300000",
        "this is no speed, such as 300M or 300000",
    ),
    What.NOT_A_REFERENCE: ("não é um mês, como 11/2026", "this is no month, such as 11/2026"),
    What.NOT_A_ZONE: (
        "não é um fuso, como America/Fortaleza",
        "this is no time zone, such as America/Fortaleza",
    ),
    What.LINHA_LENGTH: (
        "a linha digitável tem 47 dígitos (48 se começa com 8)",
        "it has 47 digits (48 if it starts with 8)",
    ),
    What.LINHA_DIGITS: (
        "os dígitos verificadores da linha digitável não conferem",
        "the check digits of the linha digitável are wrong",
    ),
    What.NOT_A_TXID: (
        "o txid tem só letras e números, até 35",
        "a txid has letters and digits only, up to 35",
    ),
    What.DUPLICATE: ("já está na linha {more} deste arquivo", "is already on line {more} of this file"),
    What.UNKNOWN_REFERENCE: (
        "não existe nem em {more} nem na Religa",
        "is neither in {more} nor in Religa",
    ),
    What.NEITHER: ("diga a fatura ou o contrato", "say the invoice or the contract"),
    What.INVOICE_DISAGREES: (
        "difere da linha {more}, que é da mesma fatura",
        "differs from line {more}, which is of the same invoice",
    ),
    What.OF_ANOTHER_CONTRACT: ("pertence a outro contrato ({more})", "belongs to another contract ({more})"),
    What.OF_ANOTHER_PROVIDER: ("este login é de outro provedor", "this log-in belongs to another provider"),
    What.HOLDER_CHANGED: (
        "na Religa o contrato é de outro assinante; troque a titularidade no console primeiro",
        "in Religa the contract has another holder; change the holder in the console first",
    ),
    What.PAYMENT_DIFFERS: (
        "este pagamento já está na Religa de outra forma ({more}); estorne-o no console primeiro",
        "Religa has this payment differently ({more}); reverse it in the console first",
    ),
    What.PAID_WITHOUT_PAYMENT: (
        "a fatura diz paga, mas nenhum pagamento dela está em pagamentos.csv",
        "the invoice says paid, but payments.csv has no payment of it",
    ),
    What.TRUST_OVERLAPS: (
        "sobrepõe-se a outra liberação do mesmo contrato (linha {more})",
        "overlaps another unlock of the same contract (line {more})",
    ),
    What.END_BEFORE_START: ("termina antes de começar", "ends before it begins"),
    What.NO_INSTALMENTS: (
        "nenhuma fatura diz ser parcela deste acordo (coluna acordo)",
        "no invoice says that it is an instalment of this agreement (column agreement)",
    ),
    What.CHARGE_TAKEN: ("já é da fatura {more}", "already belongs to invoice {more}"),
    What.NOTHING_TO_BRING: (
        "só há cabeçalho: nada disso a trazer",
        "there is a header alone: none of this to bring",
    ),
    What.UNKNOWN_COLUMN: ("coluna desconhecida, ignorada", "unknown column, left aside"),
    What.PADDED: (
        "faltavam zeros à esquerda; completado, e os dígitos conferem",
        "zeros were missing in front; completed, and the check digits hold",
    ),
    What.LOST_CHARACTERS: (
        "há letras já perdidas (�); outro programa estragou o arquivo",
        "letters are lost already (�); another program spoilt the file",
    ),
    What.DOUBLE_ENCODED: (
        "há acentos codificados duas vezes (como Ã£); exporte de novo",
        "accents are encoded twice (such as Ã£); export again",
    ),
    What.NOT_A_PHONE: ("telefone sem DDD ou inválido, deixado de fora", "no valid phone number, left out"),
    What.NOT_AN_EMAIL: ("e-mail inválido, deixado de fora", "no valid e-mail address, left out"),
    What.CLOSED_HERE: (
        "está encerrada na Religa ({more}) e continua assim",
        "is closed in Religa ({more}) and stays so",
    ),
    What.PAID_THERE_ONLY: (
        "paga no outro sistema, em aberto na Religa, e nenhum pagamento dela foi trazido",
        "paid in the other system, open in Religa, and no payment of it was brought",
    ),
    What.HOLD_OVER: ("já terminou e não foi trazida", "is over and was not brought"),
}

LANGUAGES = ("pt", "en")


def reason(what: What, more: str = "", language: str = "pt") -> str:
    """Why, as a clause without capital and full stop."""
    words = _W[what][LANGUAGES.index(language)]
    if what is What.UNKNOWN_REFERENCE:
        more = next(
            (f"{names[LANGUAGES.index(language)]}.csv" for kind, names in FILE_NAMES.items() if kind == more),
            more,
        )
    return words.replace("{more}", more) if more else words.replace(" ({more})", "").replace("{more}", "?")


def said(problem: Problem, language: str = "pt") -> str:
    """`faturas.csv, linha 7, vencimento "31/02/2026": esta data não existe ...`"""
    line = {"pt": "linha", "en": "line"}[language]
    where = [problem.file] if problem.file else []
    where += [f"{line} {problem.line}"] if problem.line else []
    cell = f'{problem.column} "{problem.value}"' if problem.value else problem.column
    where += [cell] if cell else []
    why = reason(problem.what, problem.more, language)
    return f"{', '.join(where)}: {why}" if where else why
