"""What becomes of return files, in words that the console and the drop folder share."""

from __future__ import annotations

from religa.actions.money.file_accounts import NoAccount
from religa.ports.bank_files import FileRefused, NoteKind, Problem, ProblemKind, Refusal

_REFUSED = {
    Refusal.EMPTY: "O arquivo está vazio.",
    Refusal.NOT_CNAB: "Não é um arquivo retorno: não começa como um CNAB de 240 nem de 400 colunas.",
    Refusal.REMESSA: "É uma remessa, não um retorno.",
    Refusal.UNKNOWN_BANK: "É de um banco que o Religa ainda não lê.",
    Refusal.UNKNOWN_LAYOUT: "É de um formato deste banco que o Religa não lê.",
    Refusal.PROBLEMS: "O arquivo tem linhas com problema; peça-o de novo ao banco.",
}
_PROBLEMS = {
    ProblemKind.NOT_A_NUMBER: "devia ser um número",
    ProblemKind.NOT_A_DATE: "devia ser uma data",
    ProblemKind.MISSING: "falta um valor",
    ProblemKind.TOO_LONG: "colunas demais",
    ProblemKind.UNKNOWN_RECORD: "tipo de registro desconhecido",
    ProblemKind.FOREIGN_BANK: "linha de outro banco",
    ProblemKind.UNPAIRED: "segmento T sem U, ou U sem T",
    ProblemKind.OUT_OF_PLACE: "linha fora do lugar",
    ProblemKind.SEQUENCE: "numeração pula",
    ProblemKind.COUNT: "o trailer conta outra quantidade",
    ProblemKind.SUM: "o trailer soma outro valor",
}
_NOTES = {
    NoteKind.HEADER_UNREADABLE.value: "a data do cabeçalho não se lê",
    NoteKind.NO_TRAILER.value: "falta o trailer: o arquivo pode ter sido cortado; peça-o de novo",
    NoteKind.PAYMENT_OF_NOTHING.value: "liquidação de R$ 0,00, não contada como pagamento",
    NoteKind.NO_TITLES.value: "arquivo sem títulos",
}
_NO_ACCOUNT = {
    "no_account": "Nenhuma conta daqui recebe arquivos deste banco.",
    "other_account": "O arquivo é de uma conta que não está cadastrada.",
    "several": "Mais de uma conta deste banco serve, e o cabeçalho não diz qual.",
    "not_ours": "Os pagamentos desta conta são informados por outro sistema.",
}


def refused(file: FileRefused) -> str:
    """Why a file is not read, in a sentence."""
    return _REFUSED[file.why]


def problems(file: FileRefused) -> list[str]:
    """What is wrong, line by line; what is quoted stays as the reader saw it."""
    more = [f"e mais {file.more}"] if file.more else []
    return [*map(_problem, file.problems), *more]


def _problem(one: Problem) -> str:
    where = f"Linha {one.line}" + (f", colunas {one.first} a {one.last}" if one.first else "")
    return f"{where}: {_PROBLEMS[one.kind]} ({one.words})"


def note(line: int, kind: str) -> str:
    """What wants a look in a file that was read. `line` 0: the whole file."""
    said = _NOTES[kind]
    return f"Linha {line}: {said}" if line else f"{said[0].upper()}{said[1:]}"


def no_account(found: NoAccount) -> str:
    """Why no account of ours is meant, with what the header says."""
    header = found.header
    says = {"agência": header.agency, "conta": header.account, "convênio": header.convenio}
    written = ", ".join(f"{name} {value or '-'}" for name, value in says.items())
    here = f" Contas deste banco aqui: {', '.join(found.names)}." if found.names else ""
    return f"{_NO_ACCOUNT[found.why]} No cabeçalho: banco {found.bank}, {written}.{here}"
