"""Periods set by people: do not block until, never block, block for another reason, pause, no trust."""

from religa.records.models.base import Period, ordered, to, unique


class Hold(Period):
    """ "Do not block until", with its owner and reason.

    `charge`: the bank told of a payment of it and cannot be asked: held until it answers, once for a charge.
    """

    charge = to("records.Charge", null=True, index=False)

    class Meta:
        db_table = "hold"
        constraints = [ordered("hold", "since", "until"), unique("hold", "charge_once", "charge")]


class EnforcementOff(Period):
    """Never block this contract; notices and clocks go on."""

    class Meta:
        db_table = "enforcement_off"
        constraints = [ordered("enforcement_off", "since", "until")]


class OperatorBlock(Period):
    """Walled for another reason than debt: fraud, a court order."""

    class Meta:
        db_table = "operator_block"
        constraints = [ordered("operator_block", "since", "until")]


class Pause(Period):
    """Asked for by the subscriber (RGC art. 81)."""

    class Meta:
        db_table = "pause"
        constraints = [ordered("pause", "since", "until")]


class Bar(Period):
    """No trust unlock for this contract."""

    class Meta:
        db_table = "bar"
        constraints = [ordered("bar", "since", "until")]
