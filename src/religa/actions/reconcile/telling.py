"""The reconciler's numbers, for Prometheus: what disagrees, what became of orders, how long it took."""

from __future__ import annotations

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from religa.domain.pushing import Consequence, Kind, Result
from religa.records.reconciling import Push

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class Telling:
    """One registry of its own, so that tests and processes do not meet in a global one."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._drift = Gauge(
            "religa_sessions_disagreeing",
            "Live sessions that were not in their contract's state at the last look.",
            registry=self.registry,
        )
        self._look = Histogram(
            "religa_look_seconds", "How long the database took to say so.", registry=self.registry
        )
        self._pushes = Counter(
            "religa_orders",
            "Orders to routers (RFC 5176) by kind and result.",
            ("router", "kind", "result"),
            registry=self.registry,
        )
        self._contradicted = Counter(
            "religa_contradictions",
            "Orders for sessions whose router had acknowledged and showed another state.",
            ("router",),
            registry=self.registry,
        )
        self._commit_to_ack = Histogram(
            "religa_decision_to_network_seconds",
            "From the decision's commit to the router's acknowledgement, by the state that was wanted.",
            ("wanted",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._paid_to_online = Histogram(
            "religa_payment_to_online_seconds",
            "From the payment that opened access to the router's acknowledgement.",
            buckets=_SECONDS,
            registry=self.registry,
        )

        self._ignored = Gauge(
            "religa_answers_ignored",
            "Packets from routers that were no answer: malformed, unsigned, foreign or replayed.",
            registry=self.registry,
        )

    def looked(self, disagreeing: int, seconds: float, ignored: int) -> None:
        self._drift.set(disagreeing)
        self._look.observe(seconds)
        self._ignored.set(ignored)

    def pushed(self, router: str, kind: Kind, found: Consequence, push: Push, at: datetime) -> None:
        self._pushes.labels(router, kind.value, found.result.value).inc()
        if push.contradicted:
            self._contradicted.labels(router).inc()
        if found.result is not Result.APPLIED:
            return
        seconds = max(0.0, (at - push.changed_at).total_seconds())
        self._commit_to_ack.labels(push.wanted).observe(seconds)
        if push.wanted == "full" and (push.cause or "").startswith("payment"):
            self._paid_to_online.observe(seconds)
