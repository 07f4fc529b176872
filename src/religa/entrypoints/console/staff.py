"""Who works at the desk, and what his role lets him do. Everything he sees is of his own provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import wraps
from zoneinfo import ZoneInfo

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from religa.entrypoints.common.private import private
from religa.records import queries
from religa.records.models import Provider, StaffMember
from religa.records.queries import Head
from religa.wording import Language, Moments

AGENT, FINANCE, NETWORK, MANAGER = "agent", "finance", "network", "manager"


class May(Enum):
    """What a role may do, beyond reading. Connection records are secret: reading them is a deed."""

    UNLOCK = "unlock"
    HOLD = "hold"
    RECORD_PAYMENT = "record_payment"
    TAKE_PAYMENT = "take_payment"
    ALL_TILLS = "all_tills"
    MOVE_PAYMENT = "move_payment"
    WAIVE = "waive"
    AGREE = "agree"
    TERMINATE = "terminate"
    BANK_FILES = "bank_files"
    APPROVE_RUN = "approve_run"
    STOP_BLOCKS = "stop_blocks"
    RESUME_BLOCKS = "resume_blocks"
    INCIDENTS = "incidents"
    CHANGE_NETWORK = "change_network"
    READ_SESSIONS = "read_sessions"
    LIST_READERS = "list_readers"
    BILL = "bill"
    READ_ACCOUNTS = "read_accounts"
    CHANGE_ACCOUNTS = "change_accounts"
    RETRY_EVENTS = "retry_events"
    READ_EVENTS = "read_events"
    CLEAR_MONEY = "clear_money"
    READ_CHANNELS = "read_channels"
    CHANGE_CHANNELS = "change_channels"
    SEND = "send"
    REGISTER_CONTACT = "register_contact"
    CORRECT_ADDRESS = "correct_address"
    PROVE = "prove"
    DOSSIER = "dossier"
    INTEGRATIONS = "integrations"
    TALKS = "talks"
    CHANGE_TEXTS = "change_texts"


ALLOWED = {
    May.UNLOCK: {AGENT, FINANCE, MANAGER},
    May.HOLD: {AGENT, FINANCE, MANAGER},
    May.RECORD_PAYMENT: {FINANCE, MANAGER},
    May.TAKE_PAYMENT: {AGENT, FINANCE, MANAGER},
    May.ALL_TILLS: {FINANCE, MANAGER},
    May.MOVE_PAYMENT: {FINANCE, MANAGER},
    May.WAIVE: {AGENT, FINANCE, MANAGER},
    May.AGREE: {FINANCE, MANAGER},
    May.TERMINATE: {FINANCE, MANAGER},
    May.BANK_FILES: {FINANCE, MANAGER},
    May.APPROVE_RUN: {NETWORK, MANAGER},
    May.STOP_BLOCKS: {FINANCE, NETWORK, MANAGER},
    May.RESUME_BLOCKS: {NETWORK, MANAGER},
    May.INCIDENTS: {NETWORK, MANAGER},
    May.CHANGE_NETWORK: {NETWORK, MANAGER},
    May.READ_SESSIONS: {NETWORK, MANAGER},
    May.LIST_READERS: {MANAGER},
    May.BILL: {FINANCE, MANAGER},
    May.READ_ACCOUNTS: {FINANCE, MANAGER},
    May.CHANGE_ACCOUNTS: {MANAGER},
    May.RETRY_EVENTS: {FINANCE, MANAGER},
    May.READ_EVENTS: {MANAGER},
    May.CLEAR_MONEY: {FINANCE, MANAGER},
    May.READ_CHANNELS: {FINANCE, NETWORK, MANAGER},
    May.CHANGE_CHANNELS: {MANAGER},
    May.SEND: {AGENT, FINANCE, MANAGER},
    May.REGISTER_CONTACT: {AGENT, FINANCE, MANAGER},
    May.CORRECT_ADDRESS: {AGENT, FINANCE, MANAGER},
    May.PROVE: {AGENT, FINANCE, MANAGER},
    May.DOSSIER: {FINANCE, MANAGER},
    May.INTEGRATIONS: {MANAGER},
    May.TALKS: {AGENT, FINANCE, MANAGER},
    May.CHANGE_TEXTS: {FINANCE, MANAGER},
}
ROLE_NAMES = {AGENT: "Atendimento", FINANCE: "Financeiro", NETWORK: "Rede", MANAGER: "Gestão"}


@dataclass(frozen=True, slots=True)
class Desk:
    """A logged-in person of the staff, at one instant of the database's clock."""

    member: StaffMember
    provider: Provider
    at: datetime

    @property
    def name(self) -> str:
        """What stays with everything this person does."""
        user = self.member.user
        return user.get_full_name() or user.get_username()

    @property
    def login(self) -> str:
        """By which his till is known."""
        return self.member.user.get_username()

    @property
    def today(self) -> date:
        """The provider's civil day."""
        return self.at.astimezone(ZoneInfo(self.provider.zone)).date()

    @property
    def role_name(self) -> str:
        return ROLE_NAMES[self.member.role]

    @property
    def moments(self) -> Moments:
        return Moments(language=Language.PT, zone=ZoneInfo(self.provider.zone), now=self.at)

    @property
    def may(self) -> dict[str, bool]:
        """For templates: `desk.may.unlock`."""
        return {deed.value: self.member.role in roles for deed, roles in ALLOWED.items()}

    def head(self, contract_id: int) -> Head:
        """A contract of the own provider; any other number is not found."""
        found = queries.head(contract_id)
        if found is None or found.provider_id != self.provider.pk:
            raise Http404
        return found


Page = Callable[..., HttpResponseBase]


def for_staff(page: Page) -> Callable[..., HttpResponseBase]:
    """A page of the console: `page(request, desk, ...)`. A user without a role at a provider sees nothing."""

    @private
    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        member = (
            StaffMember.objects.select_related("provider", "user").filter(user_id=request.user.pk).first()
        )
        if member is None:
            raise PermissionDenied
        with timezone.override(ZoneInfo(member.provider.zone)):
            desk = Desk(member, member.provider, queries.database_now())
            return page(request, desk, *args, **kwargs)

    return guarded


def only(deed: May) -> Callable[[Page], Page]:
    """Below `for_staff`: 403 for roles that may not do this."""

    def restrict(page: Page) -> Page:
        @wraps(page)
        def guarded(request: HttpRequest, desk: Desk, *args: object, **kwargs: object) -> HttpResponseBase:
            if desk.member.role not in ALLOWED[deed]:
                raise PermissionDenied
            return page(request, desk, *args, **kwargs)

        return guarded

    return restrict
