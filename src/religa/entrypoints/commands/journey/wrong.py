"""What stops a journey."""


class WentWrong(Exception):
    """A step did not end as it must."""
