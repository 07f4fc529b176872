"""Routers that answer by a script."""

import aside
from religa.adapters.fakes.dynamic_authorization import ScriptedRouters
from religa.domain.pushing import Acknowledged, Kind, NoAnswer, Refused
from religa.ports import DynamicAuthorization, Order

ORDER = Order(Kind.COA, "10.0.0.1", 3799, "secret", (("User-Name", "ana"),))


def ask(routers: DynamicAuthorization, count: int = 1):
    async def all_of_them():
        return [await routers.send(ORDER) for _ in range(count)]

    return aside.run(all_of_them())


def test_outcomes_come_in_order_and_the_last_one_stays():
    routers = ScriptedRouters([NoAnswer(), Refused(503, 1.0)])
    assert ask(routers, 3) == [NoAnswer(), Refused(503, 1.0), Refused(503, 1.0)]
    assert routers.sent == [ORDER] * 3


def test_a_function_may_decide_by_the_order():
    routers = ScriptedRouters(lambda order: Refused(503, 1.0) if order.port == 3799 else NoAnswer())
    assert ask(routers) == [Refused(503, 1.0)]


def test_without_a_script_everything_is_acknowledged():
    routers = ScriptedRouters()
    assert ask(routers) == [Acknowledged(1.0)]
    aside.run(routers.close())
    assert routers.closed
