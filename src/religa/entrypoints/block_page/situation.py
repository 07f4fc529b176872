"""What the block page says and offers to one session: first the sentences, then only the buttons that can help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from religa.actions.look import View, look
from religa.actions.money.charging import NotPayable
from religa.domain import deeds, trust
from religa.domain.facts import Access, Channel, Method, Status, UnlockKind
from religa.domain.invoicing import Refused
from religa.domain.policy import BlockPageUnlock, Policy
from religa.domain.reasons import Refusal, TrustRefusal, Why
from religa.domain.trust import Granted, Request, TrustRefused
from religa.entrypoints.block_page import paying as payments
from religa.entrypoints.block_page.paying import Code, Paying
from religa.entrypoints.block_page.sources import Network
from religa.entrypoints.block_page.visit import Visit
from religa.entrypoints.common import incidents
from religa.records.queries import block_page as queries
from religa.records.queries.block_page import Holder
from religa.wording import Beside
from religa.wording import block_page as words
from religa.wording.block_page import Shown
from religa.wording.faults import to_subscriber

ASKED = Request(UnlockKind.PROMISE, Channel.BLOCK_PAGE)
_LATELY = timedelta(hours=1)
_TONES = {
    Network.WALLED: ("bad", "wifi-off"),
    Network.RETURNING: ("info", "clock"),
    Network.WINDOW: ("warn", "clock"),
    Network.SLOW: ("warn", "wifi"),
    Network.OPEN: ("good", "wifi"),
    Network.UNKNOWN: ("info", "info"),
}
_OPEN = (Access.FULL, Access.REDUCED)
_POINTLESS = {TrustRefusal.POLICY_OFF, TrustRefusal.CHANNEL_NOT_ALLOWED, TrustRefusal.NOTHING_TO_UNLOCK}
_TOLD = (Refusal.PAY_WINDOW_QUOTA_DAY, Refusal.PAY_WINDOW_QUOTA_EPISODE)


@dataclass(frozen=True, slots=True)
class Said:
    """Headline and sentences. `must_call`: only the provider's people can help. `fault`: one of ours, or empty."""

    headline: str
    sentences: tuple[str, ...]
    tone: str
    icon: str
    must_call: bool
    fault: str


@dataclass(frozen=True, slots=True)
class Trusting:
    """What would be answered to the button. `until` None: no, and why is told to who proves that he may hear it."""

    until: str | None
    by_code: bool
    digits: int
    phone_end: str
    is_company: bool


@dataclass(frozen=True, slots=True)
class Help:
    """What this access may do here. `no_window`: why the window cannot be opened again, where that is worth saying;
    `is_company` None: nothing here depends on it."""

    paying: Paying | None = None
    code: Code | NotPayable | None = None
    trusting: Trusting | None = None
    window_minutes: int = 0
    no_window: tuple[Refusal, ...] = ()
    is_company: bool | None = None


NO_HELP = Help()


def said(visit: Visit, policy: Policy | None) -> Said:
    """What the network does now, in words."""
    shown, fault = _shown(visit, policy), _fault(visit, policy)
    tone, icon = _TONES[visit.network]
    sentences = (*_sentences(visit, shown), *_cause(visit, shown, fault))
    headline = words.HEADLINES[shown].in_(visit.language)
    return Said(headline, sentences, tone, icon, shown is Shown.MUST_CALL, fault)


def _shown(visit: Visit, policy: Policy | None) -> Shown:
    found, network = visit.found, visit.network
    if found is None or network is Network.UNKNOWN:
        return Shown.UNKNOWN
    if network is Network.WALLED:
        if found.why is Why.OPERATOR_BLOCK:
            return Shown.MUST_CALL
        if not tells_debt(policy):
            return Shown.RESTRICTED
        return Shown.LOCKED if found.status is Status.LOCKED else Shown.DEBT
    if network is Network.RETURNING:
        return _returning(visit)
    if network is Network.OPEN:
        return Shown.OPEN_UNTIL if ends_walled(visit) else Shown.OPEN
    return Shown.WINDOW if network is Network.WINDOW else Shown.SLOW


def _returning(visit: Visit) -> Shown:
    """Only what was paid is thanked for: trust and windows open the wall as well."""
    found = visit.found
    if found is None or found.status in (Status.TRUSTED, Status.BLOCKED, Status.LOCKED):
        return Shown.RETURNING
    method = queries.paid_since(found.contract_id, visit.at - _LATELY)
    if method is None:
        return Shown.RETURNING
    return Shown.RETURNING_PAID if method in (Method.CASH, Method.EXTERNAL) else Shown.RETURNING_BANK


def tells_debt(policy: Policy | None) -> bool:
    return policy is not None and policy.block_page_shows_amount


def ends_walled(visit: Visit) -> bool:
    found = visit.found
    return found is not None and found.until is not None and found.access_then is Access.WALLED


def _sentences(visit: Visit, shown: Shown) -> tuple[str, ...]:
    until = visit.found.until if visit.found else None
    moments, language = visit.moments, visit.language
    in_words = {"until": moments.until(until), "on": moments.on(until)} if until else {"until": "", "on": ""}
    found = [each.in_(language).format(**in_words) for each in words.SENTENCES[shown]]
    if visit.network is Network.WALLED and until and visit.found and visit.found.access_then in _OPEN:
        found.insert(1, words.RETURNS_BY_ITSELF.in_(language).format(**in_words))
    if visit.network in (Network.OPEN, Network.SLOW):
        found.append(words.STILL_SHUT.in_(language))
    return tuple(found)


def _cause(visit: Visit, shown: Shown, fault: str) -> tuple[str, ...]:
    """Debt or fault, in one line."""
    if shown not in words.CAUSES:
        return ()
    if not fault:
        return (words.CAUSES[shown].in_(visit.language),)
    return (words.A_BILL_TOO.in_(visit.language),) if shown in (Shown.DEBT, Shown.LOCKED) else ()


def _fault(visit: Visit, policy: Policy | None) -> str:
    """A fault of ours at this place. That money does not mend it is said only where debt is told at all."""
    if visit.found is None or visit.network is Network.UNKNOWN:
        return ""
    known = incidents.fault_of(visit.found.contract_id, visit.at)
    if known is None:
        return ""
    beside = Beside.NOTHING
    if visit.network is Network.WALLED:
        is_debt = tells_debt(policy) and visit.found.why is not Why.OPERATOR_BLOCK
        beside = Beside.SHUT_FOR_DEBT if is_debt else Beside.OTHER_BLOCK
    return " ".join(to_subscriber(known, beside, visit.moments))


def view_of(visit: Visit) -> View | None:
    """The contract as it stands, where there is anything to offer."""
    found = visit.found
    if found is None or visit.network is Network.UNKNOWN:
        return None
    if visit.network is Network.RETURNING and found.status not in (Status.BLOCKED, Status.LOCKED):
        return None  # in a window to pay there is still the code to be paid with
    is_settled = visit.network is Network.OPEN and not ends_walled(visit)
    return None if is_settled else look(contract_id=found.contract_id, at=visit.at)


def help_of(visit: Visit, view: View | None) -> Help:
    """Every door that is open to this access, and no other."""
    if view is None or visit.found is None or visit.found.why is Why.OPERATOR_BLOCK:
        return NO_HELP
    holder = queries.holder_of(visit.found.contract_id, visit.at)
    standing, policy = view.standing, view.standing.policy
    paying = payments.paying_of(standing, at=visit.at) if policy.block_page_shows_amount else None
    whys = _no_window(visit, view)
    return Help(
        paying=paying,
        code=payments.shown(visit, paying) if paying else None,
        trusting=_trusting(visit, view, holder),
        window_minutes=0 if whys else policy.pay_window_minutes,
        no_window=tuple(why for why in whys if why in _TOLD),
        is_company=holder.is_company,
    )


def _no_window(visit: Visit, view: View) -> tuple[Refusal, ...]:
    if visit.network is not Network.WALLED:
        return (Refusal.NOT_WALLED,)
    answer = deeds.open_pay_window(view.standing, visit.at)
    return answer.whys if isinstance(answer, Refused) else ()


def _trusting(visit: Visit, view: View, holder: Holder) -> Trusting | None:
    """None where it cannot help, or where nobody could prove here who he is."""
    policy, standing = view.standing.policy, view.standing
    by_code = policy.block_page_unlock is BlockPageUnlock.CODE
    is_off = policy.block_page_unlock is BlockPageUnlock.OFF
    if is_off or visit.network is Network.OPEN or (by_code and not holder.phone):
        return None
    answer = trust.may_unlock(standing.facts, policy, standing.calendars, visit.at, ASKED)
    until = visit.moments.until(answer.until) if isinstance(answer, Granted) else None
    if isinstance(answer, TrustRefused) and (
        visit.network is not Network.WALLED or _POINTLESS & {*answer.whys}
    ):
        return None
    return Trusting(until, by_code, policy.block_page_digits, holder.phone[-2:], holder.kind == "company")
