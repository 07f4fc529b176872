"""What `religa import` says, in each language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from religa import wording
from religa.actions.importing.cutover import Outlook
from religa.actions.importing.run import Step
from religa.domain.facts import Access
from religa.wording import Language


@dataclass(frozen=True, slots=True)
class Texts:
    language: Language
    steps: dict[str, str]
    delimiters: dict[str, str]
    counts: str
    error: str
    note: str
    more: str
    refused: str
    touched: str
    held: str
    cut_over: str
    opens: str
    stays: str
    applied: str
    found: str
    trial: str
    another: str
    no_files: str
    blocked: str
    online: str
    would_block: str
    error_columns: tuple[str, ...]
    cut_over_columns: tuple[str, ...]

    def why(self, code: StrEnum) -> str:
        return wording.say(code, self.language)

    def before(self, outlook: Outlook) -> str:
        return self.blocked if outlook.was_blocked else self.online

    def after(self, outlook: Outlook) -> str:
        if outlook.access in (Access.WALLED, Access.CLOSED):
            return self.blocked
        return self.would_block if outlook.block_due else self.online


TEXTS = {
    "pt": Texts(
        language=Language.PT,
        steps={Step.READ: "lendo", Step.LOOK: "conferindo", Step.WRITE: "gravando", Step.DECIDE: "decidindo"},
        delimiters={";": "ponto e vírgula", ",": "vírgula", "\t": "tabulação"},
        counts="{} registros: {} novos, {} alterados, {} iguais, {} cancelados",
        error="ERRO",
        note="aviso",
        more="... e mais {} (--errors ARQUIVO grava a lista)",
        refused="Nada foi gravado: {} erros. Corrija os arquivos e repita.",
        touched="{} contratos mudam; {} deles podem chegar a um bloqueio, de {} contratos.",
        held="É mais do que o normal: os primeiros bloqueios que ela trouxer esperam a aprovação de uma pessoa.",
        cut_over="Na virada: {} bloqueados lá abrem aqui, {} ficam bloqueados, {} abertos já têm dívida para bloquear.",
        opens="abrem",
        stays="ficam bloqueados",
        applied="Gravado (importação {}).",
        found="Pagamentos que esperavam sem dono e agora têm contrato: {}.",
        trial="Foi só um ensaio: nada foi gravado. Com --apply grava.",
        another="Outra importação deste provedor está em andamento.",
        no_files="Nenhum arquivo com nome conhecido nessa pasta.",
        blocked="bloqueado",
        online="liberado",
        would_block="liberado, com dívida para bloquear",
        error_columns=("arquivo", "linha", "coluna", "valor", "motivo"),
        cut_over_columns=("contrato", "hoje", "depois da virada", "motivo", "até"),
    ),
    "en": Texts(
        language=Language.EN,
        steps={Step.READ: "reading", Step.LOOK: "checking", Step.WRITE: "writing", Step.DECIDE: "deciding"},
        delimiters={";": "semicolon", ",": "comma", "\t": "tab"},
        counts="{} records: {} new, {} changed, {} unchanged, {} cancelled",
        error="ERROR",
        note="note",
        more="... and {} more (--errors FILE writes the list)",
        refused="Nothing was written: {} errors. Mend the files and try again.",
        touched="{} contracts change; {} of them may come to a block, of {} contracts.",
        held="That is more than usual: the first blocks that this import brings wait for a person's approval.",
        cut_over="At the cut-over: {} blocked there open here, {} stay blocked, {} online owe enough to be blocked.",
        opens="open",
        stays="stay blocked",
        applied="Written (import {}).",
        found="Payments of nobody that now have a contract: {}.",
        trial="This was a dry run: nothing was written. --apply writes.",
        another="Another import of this provider is running.",
        no_files="No file with a known name in that folder.",
        blocked="blocked",
        online="online",
        would_block="online, owes enough to be blocked",
        error_columns=("file", "line", "column", "value", "reason"),
        cut_over_columns=("contract", "today", "after the cut-over", "reason", "until"),
    ),
}
