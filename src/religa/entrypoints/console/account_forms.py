"""The form of a payment account, with the fields of its kind. Secrets go in and never come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from religa import wiring
from religa.actions.save_account import Certificate, NewSecrets
from religa.domain.certificates import InvalidCertificate
from religa.domain.payment_accounts import AccountProblem, PaymentAccount
from religa.wording.accounts import CHECKS, LEDGERS, account_problem, certificate_problem

_MOST = 64 * 1024  # octets of a certificate's file
_FIELDS = {
    "name": "nome", "profile": "banco", "pix_key": "chave_pix", "client_id": "client_id", "agency": "agencia",
    "number": "conta", "covenant": "convenio", "reported_by": "informa", "collects": "cobra",
    "poll_only": "so_consulta", "hook_check": "prova", "hook_addresses": "redes", "relay_url": "repasse",
    "base_url": "endereco_api", "token_url": "endereco_token", "scope": "permissoes", "payee": "recebedor",
    "city": "cidade", "unverified_webhook": "sem_certificado", "sandbox": "teste",
}  # fmt: skip
_OF_SECRETS = {"client_secret": "segredo", "app_key": "app_key", "certificate": "certificado"}
_LOGIN = ("client_id", "segredo")
_EVENTS = ("prova", "redes")
GROUPS: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]] = {
    "api_pix": (
        ("Conta", ("nome", "banco", "chave_pix")),
        ("Acesso à API do banco", (*_LOGIN, "app_key", "certificado", "chave_privada", "senha")),
        ("Uso", ("cobra", "informa", "recebedor", "cidade")),
        ("Avisos do banco (webhook)", (*_EVENTS, "sem_certificado", "so_consulta", "repasse")),
        ("Endereços da API, se não são os do banco escolhido", ("endereco_api", "endereco_token", "permissoes")),
    ),
    "efi_cobrancas": (
        ("Conta", ("nome",)),
        ("Acesso à API", (*_LOGIN, "teste", "endereco_api")),
        ("Uso", ("cobra", "informa")),
        ("Avisos da Efí", (*_EVENTS, "so_consulta", "repasse")),
    ),
    "bank_files": (("Conta", ("nome", "banco", "agencia", "conta", "convenio", "informa")),),
    "desk": (("Conta", ("nome",)),),
    "other": (("Conta", ("nome", "informa")),),
}  # fmt: skip


def _text(label: str, help_text: str = "", longest: int = 200, **attributes: str) -> forms.CharField:
    look = {"class": "input", "autocomplete": "off", "spellcheck": "false", **attributes}
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=longest,
        widget=forms.TextInput(attrs=look),
    )


def _secret(label: str, help_text: str = "") -> forms.CharField:
    look = {"class": "input", "autocomplete": "new-password"}
    return forms.CharField(
        label=label, help_text=help_text, required=False, strip=False, widget=forms.PasswordInput(attrs=look)
    )


def _file(label: str, help_text: str) -> forms.FileField:
    look = {"class": "input", "accept": ".p12,.pfx,.pem,.crt,.cer,.key"}
    return forms.FileField(
        label=label, help_text=help_text, required=False, widget=forms.FileInput(attrs=look),
        error_messages={"empty": "O arquivo está vazio."},
    )  # fmt: skip


def _yes(label: str, help_text: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, help_text=help_text, required=False)


def _choice(label: str, choices: Sequence[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, help_text=help_text, widget=forms.Select(attrs={"class": "input"}),
        error_messages={"invalid_choice": "Escolha um da lista.", "required": "Escolha um da lista."},
    )  # fmt: skip


class AccountForm(forms.Form):
    nome = _text("Nome", "Como a equipe a chama: Pix Sicoob, Caixa da loja.", 120)
    banco = _choice("Banco", ())
    chave_pix = _text("Chave Pix", "A que recebe. Telefone com +55.", 77)
    client_id = _text("Client ID", "O banco dá com o acesso à API.")
    segredo = _secret("Client Secret")
    app_key = _secret("Chave de aplicação", "Só para bancos que pedem uma terceira (Banco do Brasil).")
    certificado = _file("Certificado", "O arquivo .p12 (ou .pfx), ou o .pem.")
    chave_privada = _file("Chave privada", "Só se veio em outro arquivo (.key).")
    senha = _secret("Senha do certificado", "Se houver. Não fica guardada.")
    agencia = _text("Agência", "Como está nos arquivos do banco.", 30)
    conta = _text("Conta", "Com o dígito.", 30)
    convenio = _text("Convênio ou código do beneficiário", "", 30)
    cobra = _yes("As cobranças novas saem por esta conta", "Uma conta só de cada vez.")
    informa = _choice(
        "Quem informa os pagamentos", [(k, w.pt) for k, w in LEDGERS.items()],
        "“Outro sistema”: o Religa não dá baixa pelo que este banco diz.",
    )  # fmt: skip
    recebedor = _text("Nome no código Pix", "Até 25 letras.", 25)
    cidade = _text("Cidade no código Pix", "Até 15 letras.", 15)
    prova = _choice(
        "O que prova que é o banco, além do segredo", [(k, w.pt) for k, w in CHECKS.items()],
        "Nenhum aviso é acreditado: cada um é conferido no banco. Isto barra quem só quer incomodar.",
    )  # fmt: skip
    redes = forms.CharField(
        label="Endereços do banco", required=False, max_length=2000,
        help_text="Um por linha: 34.193.116.226, ou a rede 34.193.0.0/16.",
        widget=forms.Textarea(attrs={"class": "input", "rows": "3", "spellcheck": "false"}),
    )  # fmt: skip
    sem_certificado = _yes(
        "Pedir ao banco que chame sem certificado", "Só a Efí aceita. Use se não há nginx com mTLS na frente."
    )
    so_consulta = _yes(
        "Só consulta (sem webhook)",
        "O extrato é lido a cada 4 minutos, e a cada poucos segundos com alguém pagando.",
    )
    repasse = _text(
        "Repassar ao sistema anterior", "Cada aviso vai também para este endereço, como veio.", 500
    )
    endereco_api = _text("Endereço da API", "Vazio: o do banco.")
    endereco_token = _text("Endereço do token", "Vazio: o do banco.")
    permissoes = _text("Permissões (scope)", "Vazio: as de costume.")
    teste = _yes("Ambiente de teste (homologação)", "")

    def __init__(self, *args: Any, kind: str, banks: Mapping[str, str], is_new: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kind, self.is_new = kind, is_new
        of_kind = [name for _, names in GROUPS[kind] for name in names]
        self.fields = {name: self.fields[name] for name in of_kind}
        self._fit_bank(banks)
        if "segredo" in self.fields:
            new = "Não é mostrado depois. Vazio só se o banco não dá um (Sicoob)."
            self.fields["segredo"].help_text = new if is_new else "Vazio: continua o que está guardado."
        if not is_new and "certificado" in self.fields:
            self.fields["certificado"].help_text += " Vazio: continua o que está guardado."

    def _fit_bank(self, banks: Mapping[str, str]) -> None:
        """A choice of banks of API Pix, or the code of a bank that gives files; fixed once the account exists."""
        if "banco" not in self.fields:
            return
        if self.kind == "bank_files":
            self.fields["banco"] = _text("Código do banco", "Três algarismos: 756 é o Sicoob.", 3)
        else:
            cast(forms.ChoiceField, self.fields["banco"]).choices = list(banks.items())
        self.fields["banco"].disabled = not self.is_new

    @property
    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(title, [self[name] for name in names]) for title, names in GROUPS[self.kind]]

    def read(self, at: datetime) -> tuple[PaymentAccount, NewSecrets] | None:
        """The account and the secrets that were typed. None: the certificate cannot be used; its field says why."""
        values = self.cleaned_data
        typed = {field: values[name] for field, name in _FIELDS.items() if name in values}
        typed["hook_addresses"] = tuple(str(values.get("redes", "")).replace(",", "\n").split())
        certificate = self._certificate(at)
        if self.errors:
            return None
        account = PaymentAccount(kind=self.kind, **typed)
        return account, NewSecrets(values.get("segredo"), values.get("app_key"), certificate)

    def _certificate(self, at: datetime) -> Certificate | None:
        """Read as soon as it comes, so that a wrong one is said here and not by a bank at night."""
        file, key = (
            _octets(self.cleaned_data.get("certificado")),
            _octets(self.cleaned_data.get("chave_privada")),
        )
        if not file:
            if key:
                self.add_error("certificado", "Envie o certificado junto com a chave.")
            return None
        if max(len(file), len(key)) > _MOST:
            self.add_error("certificado", "Grande demais para um certificado (64 KB no máximo).")
            return None
        try:
            found = wiring.bank_certificate(file, key, password=self.cleaned_data["senha"], at=at)
        except InvalidCertificate as why:
            self.add_error("certificado", certificate_problem(why.problem))  # type: ignore[arg-type]
            return None
        return Certificate(wiring.certificate_pem(found), found.facts)

    def tell(self, problems: Sequence[AccountProblem]) -> None:
        for problem in problems:
            field = (_FIELDS | _OF_SECRETS).get(problem.field)
            self.add_error(field if field in self.fields else None, account_problem(problem))


def initial(account: PaymentAccount) -> dict[str, Any]:
    """What the form shows of an account; of secrets nothing."""
    values = {name: getattr(account, field) for field, name in _FIELDS.items()}
    return values | {"redes": "\n".join(account.hook_addresses)}


def _octets(file: UploadedFile | None) -> bytes:
    """One octet more than may be, so that a file too large is seen to be so."""
    return file.read(_MOST + 1) if file else b""


class CloseForm(forms.Form):
    anyway = forms.BooleanField(
        required=False, label="Fechar mesmo com cobranças em aberto",
        help_text="O que for pago nelas não será visto por ninguém.",
    )  # fmt: skip
