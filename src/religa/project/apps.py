"""What the project decides at start-up."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Joins rooms that may not see each other: records ask for holidays, the menu for banks."""

    name = "religa.project"
    label = "project"

    def ready(self) -> None:
        from django.conf import settings

        from religa import wiring
        from religa.actions.bot import send_pix
        from religa.entrypoints.common.banks import BANKS
        from religa.records import calendars

        calendars.use(wiring.holidays(settings.HOLIDAY_FILE))
        send_pix.use(BANKS.of)
