"""Port `AccessRouter` over the RouterOS API: look once, plan, write the differences many at a time."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from religa.adapters.routeros import plan, view
from religa.adapters.routeros.connection import Connection, Lost, Trapped
from religa.adapters.routeros.plan import SecretPlan, Step
from religa.adapters.routeros.settings import Settings
from religa.adapters.routeros.view import View
from religa.domain.facts import Access
from religa.ports import (
    Applied,
    AppliedOutcome,
    Change,
    Changed,
    Missing,
    NotOurs,
    Released,
    RouterRefused,
    RouterStates,
    Unchanged,
    Unreachable,
    WantedAccess,
)


@dataclass(slots=True)
class _Job:
    """One log-in on its way."""

    wanted: WantedAccess
    plans: list[SecretPlan] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    refusal: str | None = None
    why: tuple[Changed, ...] = ()
    idle: bool = False
    finished: bool = False

    @property
    def drops(self) -> bool:
        return self.refusal is None and any(one.drops for one in self.plans)

    def outcome(self, lost: str | None) -> AppliedOutcome:
        done = tuple(self.changes)
        if lost is not None and not (self.finished or self.idle):
            return Unreachable(lost, done)
        if self.refusal is not None:
            return RouterRefused(self.refusal, done)
        if not self.plans:
            return Missing(done)
        if self.why:
            return NotOurs(self.why, done)
        return Applied(done) if done else Unchanged()


_Work = list[tuple[_Job, Step]]


class Router:
    """One router. May be called from several threads; they take turns."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._connection = Connection(settings)
        self._turn = threading.Lock()

    def states(self) -> RouterStates | RouterRefused | Unreachable:
        with self._turn:
            seen = self._look()
            return view.states(seen, self._settings) if isinstance(seen, View) else seen

    def apply(self, wanted: Sequence[WantedAccess]) -> Sequence[AppliedOutcome]:
        with self._turn:
            seen = self._look() if wanted else View()
            if not isinstance(seen, View):
                return [seen for _ in wanted]
            jobs = [_Job(one) for one in wanted]
            lost = self._carry_out(jobs, seen)
            return [job.outcome(lost) for job in jobs]

    def release(self, *, drop_sessions: bool = True) -> Released | RouterRefused | Unreachable:
        with self._turn:
            seen = self._look(every_list=True)
            if not isinstance(seen, View):
                return seen
            jobs = list(_marked(seen, drop_sessions=drop_sessions))
            lost = self._carry_out(jobs, seen)
            outcomes = [(view.shown(job.wanted.login), _released(job, lost)) for job in jobs]
            return Released((*outcomes, *self._remove_the_rest(seen, lost)))

    def close(self) -> None:
        with self._turn:
            self._connection.close()

    def _look(self, *, every_list: bool = False) -> View | RouterRefused | Unreachable:
        """Reads anew. A kept connection may have been cut while it was idle: then once more over a new one."""
        self._connection.start_clock()
        try:
            if self._connection.is_open:
                with contextlib.suppress(Lost):
                    return self._read(every_list)
            return self._read(every_list)
        except Trapped as trapped:
            return RouterRefused(str(trapped))
        except Lost as lost:
            return Unreachable(str(lost))

    def _read(self, every_list: bool) -> View:
        return view.read(self._connection, self._settings, every_list=every_list)

    def _carry_out(self, jobs: Sequence[_Job], seen: View) -> str | None:
        """Everything that improves, then the rest. The text says why the connection was lost, if it was."""
        better = [job for job in jobs if plan.improves(job.wanted, seen, self._settings)]
        chosen = {id(job) for job in better}
        try:
            for group in (better, [job for job in jobs if id(job) not in chosen]):
                self._carry_out_group(group, seen)
        except Lost as lost:
            return str(lost)
        return None

    def _carry_out_group(self, jobs: Sequence[_Job], seen: View) -> None:
        for job in jobs:
            self._plan(job, seen)
        busy = [job for job in jobs if not job.idle]
        self._write_secrets(busy, seen)
        self._do([(job, step) for job in busy for step in self._removals(job, seen)], seen)
        self._do([(job, step) for job in busy for step in self._additions(job, seen)], seen)
        dropping = [job for job in busy if job.drops]
        self._do([(job, step) for job in dropping for step in plan.drops(job.wanted.login, seen)], seen)
        settled = [job for job in dropping if job.refusal is None]
        self._do([(job, one.then) for job in settled for one in job.plans if one.then], seen)
        for job in busy:
            job.finished = True

    def _plan(self, job: _Job, seen: View) -> None:
        login = job.wanted.login
        online = bool(seen.sessions.get(login))
        found = seen.secrets.get(login, ())
        job.plans = [plan.secret(job.wanted, one, self._settings, online=online) for one in found]
        job.why = tuple(plan.obstacles(job.wanted, job.plans, seen, self._settings))
        writes = any(one.first or one.then for one in job.plans) or (job.drops and online)
        lists = [*self._removals(job, seen), *self._additions(job, seen)]
        job.idle = not (writes or lists)

    def _write_secrets(self, jobs: Sequence[_Job], seen: View) -> None:
        work = [(job, one.first) for job in jobs for one in job.plans if one.first]
        self._do(work, seen)
        if work and any(job.drops for job in jobs):
            self._read_sessions(jobs, seen)

    def _read_sessions(self, jobs: Sequence[_Job], seen: View) -> None:
        """Who dialled between our look and our write still has the old profile."""
        try:
            view.read_sessions(self._connection, seen)
        except Trapped as trapped:
            for job in jobs:
                job.refusal = job.refusal or (str(trapped) if job.drops else None)

    def _removals(self, job: _Job, seen: View) -> Iterator[Step]:
        return plan.removals(job.wanted, seen, self._places(job, seen))

    def _additions(self, job: _Job, seen: View) -> Iterator[Step]:
        places = self._places(job, seen) if job.refusal is None else []
        return plan.additions(job.wanted, seen, self._settings, places)

    def _places(self, job: _Job, seen: View) -> list[str]:
        if not job.plans:
            return []
        return plan.walled_places(job.wanted, seen, self._settings, drops=job.drops)

    def _do(self, work: _Work, seen: View) -> None:
        refusals = self._connection.write([step.order for _, step in work])
        for (job, step), refusal in zip(work, refusals, strict=True):
            if refusal is None or (step.removes and "no such item" in refusal):
                job.changes.extend(step.changes)
                _note(step, seen)
            else:
                job.refusal = job.refusal or refusal

    def _remove_the_rest(self, seen: View, lost: str | None) -> Iterable[tuple[str, AppliedOutcome]]:
        """Entries whose log-in bears no mark (walled by list alone, or gone)."""
        owners = {place: login for login in seen.sessions for place in seen.addresses(login)}
        work = [(_entry_job(entry.key or 0), plan.removal(entry)) for entry in seen.entries.ours()]
        if lost is None:
            try:
                self._do(work, seen)
            except Lost as error:
                lost = str(error)
        for job, step in work:
            job.finished = bool(job.changes) or job.refusal is not None
            address = step.changes[0].before
            yield view.shown(owners.get(address, address)), _released(job, lost)


def _marked(seen: View, *, drop_sessions: bool) -> Iterator[_Job]:
    for login, secrets in seen.secrets.items():
        for mark in [one.mark for one in secrets if one.mark][:1]:
            yield _Job(WantedAccess(login, mark.key, Access.FULL, drop_session=drop_sessions))


def _entry_job(key: int) -> _Job:
    return _Job(WantedAccess("", key, Access.FULL))


def _released(job: _Job, lost: str | None) -> AppliedOutcome:
    """What others did is none of a release's business."""
    outcome = job.outcome(lost)
    return Applied(outcome.changes) if isinstance(outcome, (NotOurs, Missing)) else outcome


def _note(step: Step, seen: View) -> None:
    if step.takes is not None:
        seen.entries.discard(step.takes)
    if step.puts is not None:
        seen.entries.put(step.puts)
