"""What the web server loads."""

import gc
import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from religa.entrypoints.common import i18n

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "religa.project.settings")
if settings.SECRET_KEY == settings.KEY_FOR_TRIALS and not settings.DEBUG:
    raise ImproperlyConfigured("Set RELIGA_SECRET_KEY to 50 random characters: it signs the sessions.")
application = get_wsgi_application()
i18n.load()
gc.collect()
gc.freeze()  # what is loaded by now stays, and is not looked through again and again
