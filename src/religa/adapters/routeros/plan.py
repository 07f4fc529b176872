"""What would have to be written for one log-in. Pure: looks at a view and writes nothing.

What a person changed by hand is theirs: a log-in that somebody else disabled stays so, and a profile that was chosen
after ours is what a restore leaves standing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from religa.adapters.routeros import marks, view
from religa.adapters.routeros.connection import Order
from religa.adapters.routeros.marks import Mark
from religa.adapters.routeros.settings import Settings
from religa.adapters.routeros.view import ENTRIES, SECRETS, SESSIONS, Entry, Secret, View
from religa.domain.facts import Access
from religa.ports import Change, Changed, WantedAccess

WORSE = (Access.FULL, Access.REDUCED, Access.WALLED, Access.CLOSED)


@dataclass(frozen=True, slots=True)
class Step:
    """One order, what it changes in people's eyes, and the entry that it changes or takes away."""

    order: Order
    changes: tuple[Change, ...] = ()
    puts: Entry | None = None
    takes: str | None = None

    @property
    def removes(self) -> bool:
        return self.order.verb == "remove"


@dataclass(frozen=True, slots=True)
class SecretPlan:
    """`first` is written at once, `then` after the session was ended."""

    first: Step | None
    drops: bool
    then: Step | None
    disabled: bool
    profile: str


@dataclass(frozen=True, slots=True)
class _Aim:
    profile: str
    disabled: bool
    before: str
    mark: Mark | None


def secret(wanted: WantedAccess, found: Secret, settings: Settings, *, online: bool) -> SecretPlan:
    """Profile, switch and mark of a secret, and whether its session has to end."""
    aim = _aim(wanted, found, settings)
    acts = aim.profile != found.profile or (aim.disabled and not found.disabled)
    outdated = found.mark is not None and found.mark.drop
    drops = wanted.access is Access.CLOSED or (wanted.drop_session and (acts or outdated))
    settled = marks.put(found.comment, aim.mark)
    # Should we be cut off between the write and the end of the session, the mark says that the latter is still due.
    due = online and drops and (acts or outdated)
    owed = Mark(wanted.key, aim.mark.access if aim.mark else wanted.access, aim.before, drop=True)
    comment = marks.put(found.comment, owed) if due else settled
    then = Step(_set(found, {"comment": settled})) if due else None
    return SecretPlan(_first(found, aim, comment), drops, then, aim.disabled, aim.profile)


def improves(wanted: WantedAccess, seen: View, settings: Settings) -> bool:
    """Whether nothing gets worse for the log-in."""
    held = (view.access(seen, settings, one) for one in seen.secrets.get(wanted.login, ()))
    return all(WORSE.index(wanted.access) <= WORSE.index(access) for access in held)


def walled_places(wanted: WantedAccess, seen: View, settings: Settings, *, drops: bool) -> list[str]:
    """Addresses that belong in the list. That of a session about to end does not: another may get it next."""
    if not (settings.by_list and wanted.access is Access.WALLED):
        return []
    return seen.fixed(wanted.login) if drops else seen.places(wanted.login)


def removals(wanted: WantedAccess, seen: View, places: list[str]) -> Iterator[Step]:
    """Entries of ours that hold no more, those of other contracts on a restored log-in's addresses included."""
    own = [e for e in seen.entries.of(wanted.key) if e.address not in places or e.disabled]
    if wanted.access is not Access.WALLED:
        own += [e for place in seen.places(wanted.login) for e in seen.entries.at(place) if e.key is not None]
    for entry in {entry.id: entry for entry in own}.values():
        yield removal(entry)


def additions(wanted: WantedAccess, seen: View, settings: Settings, places: list[str]) -> Iterator[Step]:
    """Addresses that nobody has listed yet; an entry that another contract of ours left there changes hands."""
    for place in places:
        there = view.blocking(seen, place)
        if not there:
            yield _addition(wanted.key, settings.blocked_list, place)
        elif all(entry.key not in (None, wanted.key) for entry in there):
            yield _handover(wanted.key, there[0])


def drops(login: str, seen: View) -> Iterator[Step]:
    for session in seen.sessions.get(login, ()):
        change = Change(Changed.SESSION, session.address, "")
        yield Step(Order(SESSIONS, "remove", {"id": session.id}), (change,))


def removal(entry: Entry) -> Step:
    change = Change(Changed.LIST_ENTRY, entry.address, "")
    return Step(Order(ENTRIES, "remove", {"id": entry.id}), (change,), takes=entry.id)


def obstacles(
    wanted: WantedAccess, plans: list[SecretPlan], seen: View, settings: Settings
) -> Iterator[Changed]:
    """What keeps a log-in from what is wanted although we did our part."""
    if wanted.access is Access.CLOSED:
        return
    if any(plan.disabled for plan in plans):
        yield Changed.DISABLED
    if wanted.access is Access.FULL and any(plan.profile in settings.own_profiles for plan in plans):
        yield Changed.PROFILE
    if wanted.access is not Access.WALLED and _is_listed_by_others(wanted.login, seen):
        yield Changed.LIST_ENTRY


def _aim(wanted: WantedAccess, found: Secret, settings: Settings) -> _Aim:
    restricted = found.profile in settings.own_profiles
    before = found.mark.profile if found.mark and restricted else found.profile
    profile = _profile(wanted, found, before, settings)
    closed_by_us = found.mark is not None and found.mark.access is Access.CLOSED
    closes = wanted.access is Access.CLOSED and (closed_by_us or not found.disabled)
    disabled = closes or (found.disabled and not closed_by_us)
    return _Aim(profile, disabled, before, _mark(wanted, before, profile, closes=closes, settings=settings))


def _profile(wanted: WantedAccess, found: Secret, before: str, settings: Settings) -> str:
    if wanted.access is Access.CLOSED:
        return found.profile
    if wanted.access is Access.REDUCED:
        return settings.reduced_profile
    if wanted.access is Access.WALLED and settings.by_profile:
        return settings.walled_profile
    if before in settings.own_profiles:  # put there by hand, before Religa: nobody remembers the plan's
        return wanted.profile or before
    return before


def _mark(
    wanted: WantedAccess, before: str, profile: str, *, closes: bool, settings: Settings
) -> Mark | None:
    """Only where something of ours is in force: what is unmarked, a release leaves alone."""
    if closes:
        return Mark(wanted.key, Access.CLOSED, before)
    if profile == before or profile not in settings.own_profiles:
        return None
    walled = profile == settings.walled_profile
    return Mark(wanted.key, Access.WALLED if walled else Access.REDUCED, before)


def _first(found: Secret, aim: _Aim, comment: str) -> Step | None:
    arguments: dict[str, str] = {}
    changes: list[Change] = []
    if aim.profile != found.profile:
        arguments["profile"] = aim.profile
        changes.append(Change(Changed.PROFILE, view.shown(found.profile), view.shown(aim.profile)))
    if aim.disabled != found.disabled:
        arguments["disabled"] = _yes(aim.disabled)
        changes.append(Change(Changed.DISABLED, _yes(found.disabled), _yes(aim.disabled)))
    if comment != found.comment:
        arguments["comment"] = comment
        if not changes:
            changes.append(Change(Changed.COMMENT, view.shown(found.comment), view.shown(comment)))
    return Step(_set(found, arguments), tuple(changes)) if arguments else None


def _set(found: Secret, arguments: dict[str, str]) -> Order:
    return Order(SECRETS, "set", {"id": found.id, **arguments})


def _addition(key: int, name: str, place: str) -> Step:
    arguments = {"list": name, "address": place, "comment": marks.entry(key)}
    return Step(Order(ENTRIES, "add", arguments), (Change(Changed.LIST_ENTRY, "", place),))


def _handover(key: int, entry: Entry) -> Step:
    order = Order(ENTRIES, "set", {"id": entry.id, "comment": marks.entry(key)})
    change = Change(Changed.COMMENT, marks.entry(entry.key or 0), marks.entry(key))
    return Step(order, (change,), puts=replace(entry, key=key))


def _is_listed_by_others(login: str, seen: View) -> bool:
    """Dynamic entries go with their session; a person's stay."""
    there = (e for place in seen.places(login) for e in view.blocking(seen, place))
    return any(entry.key is None and not entry.dynamic for entry in there)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
