"""What the fake PSP holds of one receiver: charges and their revisions, Pix, devoluções. No network, no clock.

Manual de Padrões para Iniciação do Pix 2.10.0 and API Pix 2.9.0: a txid serves once, for `cob` and `cobv` together and
for ever; only what is ATIVA may change; each change raises `revisao`; CONCLUIDA is final.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from religa.adapters.fakes.psp import bodies, ids, prices
from religa.adapters.fakes.psp.bodies import Body, Kind, Violation
from religa.adapters.fakes.psp.prices import Price, total
from religa.domain import pix_amounts
from religa.domain.brcode import DynamicCode, encode
from religa.domain.calendar import Calendars
from religa.ports.money import Split

ACTIVE, PAID, REMOVED, REMOVED_BY_PSP = (
    "ATIVA",
    "CONCLUIDA",
    "REMOVIDA_PELO_USUARIO_RECEBEDOR",
    "REMOVIDA_PELO_PSP",
)
RETURNED, PROCESSING, NOT_DONE = "DEVOLVIDO", "EM_PROCESSAMENTO", "NAO_REALIZADO"
NATURES = ("ORIGINAL", "RETIRADA", "MED_OPERACIONAL", "MED_FRAUDE", "MED_PIX_AUTOMATICO")
RETURN_DAYS = 90  # after which a devolução may not be asked for


@dataclass(frozen=True, slots=True)
class Payee:
    """The receiver as answers and codes show him."""

    name: str = "Provedor Fictício Ltda"
    document: str = "00000000000191"
    city: str = "Fortaleza"
    state: str = "CE"
    street: str = "Rua de Exemplo, 1"
    postcode: str = "60000000"


@dataclass(frozen=True, slots=True)
class Problem:
    """A no of the API (RFC 7807). `code`: HTTP status; `type`: the last word of its URI."""

    code: int
    type: str
    detail: str
    violations: tuple[Violation, ...] = ()


class NotPaid(StrEnum):
    """Why a payer cannot pay a charge."""

    UNKNOWN = "unknown"
    CONCLUDED = "concluded"
    REMOVED = "removed"
    EXPIRED = "expired"
    NOTHING_LEFT = "nothing_left"  # a discount that eats it all


@dataclass(slots=True)
class Return:
    """A devolução. Final once it is DEVOLVIDO or NAO_REALIZADO."""

    id: str
    rtr_id: str
    amount: int
    nature: str
    asked_at: datetime
    status: str = PROCESSING
    settled_at: datetime | None = None
    description: str = ""
    reason: str = ""


@dataclass(slots=True)
class Pix:
    """Money received. `key`: the chave that received it; `payer`: `cpf` or `cnpj`, and `nome`."""

    id: str
    amount: int
    at: datetime
    key: str
    txid: str | None = None
    split: Split | None = None
    info: str = ""
    payer: Mapping[str, str] = field(default_factory=dict)
    returns: list[Return] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Revision:
    body: Body
    status: str


@dataclass(slots=True)
class Charge:
    kind: Kind
    txid: str
    created_at: datetime
    loc: int
    location: str
    copy_paste: str
    revisions: list[Revision]
    pix: list[Pix] = field(default_factory=list)

    @property
    def status(self) -> str:
        return self.revisions[-1].status

    @property
    def body(self) -> Body:
        return self.revisions[-1].body


@dataclass
class Ledger:
    """One receiver. `keys`: his Pix keys; `price`: what a `cobv` costs on a day; `seed` goes into every id.

    Instants are aware; days are those of `calendars.zone`.
    """

    payee: Payee
    keys: tuple[str, ...]
    calendars: Calendars
    price: Price = prices.of_the_manual
    seed: str = ""
    charges: dict[str, Charge] = field(default_factory=dict)
    pix: dict[str, Pix] = field(default_factory=dict)
    arrivals: list[tuple[datetime, str]] = field(default_factory=list)
    count: int = 0

    # charges

    def put(self, kind: Kind, txid: str, body: Any, *, at: datetime) -> Charge | Problem:
        """Creates a charge, or changes the active one of this txid and kind (the violations of PUT say so)."""
        if not bodies.TXID.fullmatch(txid):
            return _invalid(kind, Violation("txid", "O txid não tem de 26 a 35 letras e algarismos.", txid))
        known = self.charges.get(txid)
        if known is None:
            return self._create(kind, txid, body, at)
        if known.kind != kind:
            return _invalid(kind, Violation("txid", f"O txid já está em uso em uma {known.kind}.", txid))
        return self._revise(known, body)

    def create(self, kind: Kind, body: Any, *, at: datetime) -> Charge | Problem:
        """A charge whose txid the PSP makes (`POST /cob`)."""
        return self._create(kind, ids.own_txid(seed=self.seed, count=self._next()), body, at)

    def patch(self, kind: Kind, txid: str, change: Any, *, at: datetime) -> Charge | Problem:
        """Changes some of a charge, or removes it. Both at once is refused."""
        charge = self.charge(kind, txid)
        if isinstance(charge, Problem):
            return charge
        if not isinstance(change, Mapping):
            return _invalid(kind, Violation(kind, "O corpo não é um objeto JSON."))
        if "status" not in change:
            return self._revise(charge, bodies.merged(charge.body, change))
        return self._remove(charge, change)

    def charge(self, kind: Kind, txid: str) -> Charge | Problem:
        found = self.charges.get(txid)
        if found is None or found.kind != kind:
            word = "CobNaoEncontrado" if kind == "cob" else "CobVNaoEncontrada"
            return Problem(404, word, "Cobrança não encontrada para o txid informado.")
        return found

    def created(self, kind: Kind, *, since: datetime, until: datetime) -> Iterator[Charge]:
        """Charges created in a period, both ends included (`Inicio` and `Fim` of the specification)."""
        return (c for c in self.charges.values() if c.kind == kind and since <= c.created_at <= until)

    def _create(self, kind: Kind, txid: str, body: Any, at: datetime) -> Charge | Problem:
        wrong = self._wrong(kind, body, at, loc=None)
        if wrong:
            return _invalid(kind, *wrong)
        location = ids.location(kind, txid)
        code = encode(DynamicCode(location, self.payee.name, self.payee.city, once=True))
        first = Revision(_kept(body), ACTIVE)
        charge = Charge(kind, txid, at, self._next(), location, code, [first])
        self.charges[txid] = charge
        return charge

    def _revise(self, charge: Charge, body: Any) -> Charge | Problem:
        if charge.status != ACTIVE:
            return _not_active(charge)
        wrong = self._wrong(charge.kind, body, charge.created_at, loc=charge.loc)
        if wrong:
            return _invalid(charge.kind, *wrong)
        if _kept(body) != charge.body:
            charge.revisions.append(Revision(_kept(body), ACTIVE))
        return charge

    def _remove(self, charge: Charge, change: Body) -> Charge | Problem:
        if charge.status != ACTIVE:
            return _not_active(charge)
        if change["status"] != REMOVED:
            found = Violation(
                f"{charge.kind}.status", "O campo status não respeita o schema.", change["status"]
            )
        elif len(change) > 1:
            found = Violation(f"{charge.kind}.status", "Uma remoção não pode trazer outras alterações.")
        else:
            return self._end(charge, REMOVED)
        return _invalid(charge.kind, found)

    def remove_by_psp(self, txid: str) -> Charge:
        """The PSP takes a charge back by itself. Raises `KeyError` for a txid it does not know."""
        return self._end(self.charges[txid], REMOVED_BY_PSP)

    def _end(self, charge: Charge, status: str) -> Charge:
        charge.revisions.append(Revision(charge.body, status))
        return charge

    def _wrong(
        self, kind: Kind, body: Any, created_at: datetime, *, loc: int | None
    ) -> tuple[Violation, ...]:
        found = bodies.violations(kind, body, created_on=self.calendars.day(created_at), keys=self.keys)
        if not isinstance(body, Mapping) or "loc" not in body or body["loc"] == {"id": loc}:
            return found
        # There is no /loc here, so the only location that exists is the charge's own.
        return (*found, Violation(f"{kind}.loc.id", "O location referenciado inexiste.", body["loc"]))

    # payments

    def payable(self, txid: str, *, at: datetime) -> Charge | NotPaid:
        """The charge, if a payer's bank may pay it at an instant."""
        charge = self.charges.get(txid)
        if charge is None:
            return NotPaid.UNKNOWN
        if charge.status != ACTIVE:
            return NotPaid.CONCLUDED if charge.status == PAID else NotPaid.REMOVED
        if self._expired(charge, at):
            return NotPaid.EXPIRED
        return charge if total(self.costs(charge, at=at)) > 0 else NotPaid.NOTHING_LEFT

    def last_day(self, body: Body) -> date:
        """The last day on which a `cobv` may be paid."""
        when = body["calendario"]
        due, days = date.fromisoformat(when["dataDeVencimento"]), when.get("validadeAposVencimento", 30)
        return pix_amounts.last_payable_day(self.calendars, pix_amounts.DatedCharge(0, due, days))

    def _expired(self, charge: Charge, at: datetime) -> bool:
        if charge.kind == "cobv":
            return self.calendars.day(at) > self.last_day(charge.body)
        seconds = charge.body["calendario"].get("expiracao", 86_400)
        return at >= charge.created_at + timedelta(seconds=seconds)

    def costs(self, charge: Charge, *, at: datetime) -> Split:
        """What the payer is asked for at an instant."""
        price = self.price if charge.kind == "cobv" else prices.face_value
        return price(self.calendars, charge.body, self.calendars.day(at))

    def pay(
        self,
        charge: Charge,
        *,
        at: datetime,
        amount: int | None = None,
        split: Split | None = None,
        **more: Any,
    ) -> Pix:
        """Money on a charge, whatever its state: whether it may be paid is `payable`'s to say.

        `split` alone gives the amount; neither of them: what the charge costs. A removed charge stays removed (the
        payment had passed it on the way). Raises `ValueError` for an amount that its parts do not add up to.
        """
        if amount is None:
            split = split or self.costs(charge, at=at)
            amount = total(split)
        if amount <= 0 or (split is not None and total(split) != amount):
            raise ValueError(f"{amount} centavos cannot be paid as {split}")
        pix = self.receive(amount, at=at, key=charge.body["chave"], txid=charge.txid, split=split, **more)
        charge.pix.append(pix)
        if charge.status == ACTIVE:
            # Paying is no change of the charge's contents, so its revision stays.
            charge.revisions[-1] = Revision(charge.body, PAID)
        return pix

    def receive(self, amount: int, *, at: datetime, key: str, **more: Any) -> Pix:
        """Money on a Pix key. `more`: the other fields of `Pix`. Raises `ValueError` for no amount."""
        if amount <= 0:
            raise ValueError(f"a Pix of {amount} centavos: it has to be more than nothing")
        pix = Pix(ids.transaction_id("E", at, seed=self.seed, count=self._next()), amount, at, key, **more)
        self.pix[pix.id] = pix
        insort(self.arrivals, (at, pix.id))
        return pix

    def received(self, *, since: datetime, until: datetime) -> list[str]:
        """endToEndIds of a period in order of time, both ends included."""
        first, behind = bisect_left(self.arrivals, (since, "")), bisect_right(self.arrivals, (until, "~"))
        return [id for _, id in self.arrivals[first:behind]]

    # devoluções

    def ask_return(self, pix: Pix, id: str, body: Any, *, at: datetime) -> Return | Problem:
        """A devolução asked for by the receiver; it stays EM_PROCESSAMENTO until `settle`."""
        wrong = _wrong_return(pix, id, body, at)
        if wrong:
            return Problem(
                400, "PixDevolucaoInvalida", "A devolução não respeita o schema ou as regras.", wrong
            )
        nature, words = body.get("natureza", "ORIGINAL"), body.get("descricao", "")
        return self.give_back(pix, id, bodies.centavos(body["valor"]) or 0, nature, at=at, description=words)

    def give_back(
        self, pix: Pix, id: str, amount: int, nature: str, *, at: datetime, description: str = ""
    ) -> Return:
        """Money of a Pix goes back, whoever wants it (`nature` MED_*: the payer's bank)."""
        rtr_id = ids.transaction_id("D", at, seed=self.seed, count=self._next())
        pix.returns.append(Return(id, rtr_id, amount, nature, at, description=description))
        return pix.returns[-1]

    def settle(self, returned: Return, status: str, *, at: datetime, reason: str = "") -> None:
        """A devolução comes to its end, or stays where it is (EM_PROCESSAMENTO)."""
        returned.status, returned.reason = status, reason
        returned.settled_at = at if status == RETURNED else None

    def left(self, pix: Pix) -> int:
        """Centavos of a Pix that have not gone back and are not on their way."""
        return pix.amount - sum(found.amount for found in pix.returns if found.status != NOT_DONE)

    def take_over(self, *, charges: dict[str, Charge], pix: dict[str, Pix], count: int) -> None:
        """Goes on with the books of an earlier run; ids go on from `count`."""
        self.charges, self.pix, self.count = charges, pix, count
        self.arrivals = sorted((one.at, one.id) for one in pix.values())

    def _next(self) -> int:
        self.count += 1
        return self.count


def _kept(body: Body) -> dict[str, Any]:
    return {name: body[name] for name in bodies.KEPT if name != "loc" and name in body}


def _invalid(kind: Kind, *found: Violation) -> Problem:
    word = "CobOperacaoInvalida" if kind == "cob" else "CobVOperacaoInvalida"
    return Problem(400, word, "A cobrança não pode ser gravada.", found)


def _not_active(charge: Charge) -> Problem:
    reason = "A cobrança não está ATIVA, e a requisição busca alterá-la."
    return _invalid(charge.kind, Violation(f"{charge.kind}.status", reason, charge.status))


def _wrong_return(pix: Pix, id: str, body: Any, at: datetime) -> tuple[Violation, ...]:
    body = body if isinstance(body, Mapping) else {}
    amount = bodies.centavos(body.get("valor"))
    taken = sum(found.amount for found in pix.returns if found.status != NOT_DONE)
    breaches = {
        "O valor não respeita o schema.": not amount,
        "A devolução, com as anteriores, excede o valor do Pix.": (amount or 0) + taken > pix.amount,
        "A natureza não respeita o schema.": body.get("natureza", "ORIGINAL") not in NATURES[:2],
        "O id não respeita o schema.": not bodies.RETURN_ID.fullmatch(id),
        "O id já foi utilizado por outra devolução deste Pix.": any(found.id == id for found in pix.returns),
        "Passaram mais de 90 dias desde a liquidação do Pix.": at - pix.at > timedelta(days=RETURN_DAYS),
    }
    return tuple(Violation("devolucao", reason, body.get("valor")) for reason, so in breaches.items() if so)
