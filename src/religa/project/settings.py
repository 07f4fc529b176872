"""Django's settings. What an operator may set comes from the environment: see docs/operators/running.md."""

from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from religa.project import environment

PACKAGE = Path(__file__).resolve().parent.parent

# Public on purpose: for tests and for commands that sign nothing. `./run` gives its children a random
# one, production sets its own, and the web server refuses this one (wsgi.py).
KEY_FOR_TRIALS = "religa-for-trials-only-this-key-signs-nothing-of-value"
SECRET_KEY = environment.text("RELIGA_SECRET_KEY", KEY_FOR_TRIALS)
DEBUG = environment.yes("RELIGA_DEBUG", False)
ALLOWED_HOSTS = environment.words("RELIGA_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("RELIGA_ORIGINS")
# Whose X-Forwarded-For is believed. Nobody's else: who writes it chooses whom the block page sees.
TRUSTED_PROXIES = environment.networks("RELIGA_TRUSTED_PROXIES")
# Where subscribers find the portal, and whether requests for any other name are led to its block page.
PORTAL_URL = environment.text("RELIGA_PORTAL_URL").rstrip("/")
# Where banks post their events, if that is another name than the portal's (it asks for certificates, of each bank
# those of another authority: `{bank}` in the name stands for the bank's).
HOOKS_URL = environment.text("RELIGA_HOOKS_URL", PORTAL_URL).rstrip("/")
WALL_HOSTS = environment.yes("RELIGA_WALL_HOSTS", False)
if WALL_HOSTS and urlsplit(PORTAL_URL).hostname not in ALLOWED_HOSTS:  # else it would lead in a circle
    raise environment.BadSetting("RELIGA_WALL_HOSTS needs RELIGA_PORTAL_URL, with a name of RELIGA_HOSTS")

ROOT_URLCONF = "religa.project.urls"
WSGI_APPLICATION = "religa.project.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DOORS = ("console", "portal", "block_page")
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "religa.records",
    "religa.project",
]
MIDDLEWARE = [
    "religa.entrypoints.block_page.foreign.ForeignHosts",  # first: all others may trust the name that was asked for
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # it adds noise, so that sizes tell nothing (BREACH)
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",  # last: it turns a locked-out log-in into an answer
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "entrypoints" / door / "templates" for door in ("common", *DOORS)],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [f"religa.entrypoints.common.{tags}" for tags in ("filters", "icons", "kept_tags")],
            "libraries": dict.fromkeys(("i18n", "static"), "religa.entrypoints.common.kept_tags"),
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# The database. Without DATABASE_URL the commands start the embedded server and put its address here.
DATABASES = {
    "default": {
        **environment.database("DATABASE_URL", "postgresql://religa@127.0.0.1:5432/religa"),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
    }
}
if pool := environment.whole("RELIGA_DB_POOL", 0):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": pool}

# Log-in of staff. Subscribers never have a Django user: they come in with a code.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "console:login"
LOGIN_REDIRECT_URL = "console:home"
AXES_FAILURE_LIMIT = environment.whole("RELIGA_LOGIN_ATTEMPTS", 5)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "console/locked_out.html"

PROCRASTINATE_IMPORT_PATHS = ["religa.entrypoints.jobs"]

# The provider's own holidays (deploy/holidays.example.toml), beside the library's.
HOLIDAY_FILE = Path(found) if (found := environment.text("RELIGA_HOLIDAYS")) else None

# Where another program puts return files of banks; none are looked for without it.
BANK_FILES_FOLDER = Path(found) if (found := environment.text("RELIGA_BANK_FILES_FOLDER")) else None

# Messages. Without a mail server they stay in the outbox, which the console shows.
MAIL_SERVER = environment.text("RELIGA_MAIL_SERVER")
EMAIL_HOST = MAIL_SERVER or "localhost"
EMAIL_PORT = environment.whole("RELIGA_MAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("RELIGA_MAIL_USER")
EMAIL_HOST_PASSWORD = environment.text("RELIGA_MAIL_PASSWORD")
EMAIL_USE_TLS = environment.yes("RELIGA_MAIL_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = environment.text("RELIGA_MAIL_FROM", "religa@localhost")
SENDING_CONNECTIONS = max(1, environment.whole("RELIGA_SENDING_CONNECTIONS", 8))

# Language: Portuguese first always; a reader chooses another, his browser does not. Hence no
# LocaleMiddleware: the doors activate the chosen one (entrypoints/common/i18n.py, which also reads the catalogues).
LANGUAGE_CODE = "pt-br"
LANGUAGES = [("pt-br", "Português"), ("en", "English"), ("es", "Español")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # the provider's own zone is data, and chosen on screen

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    folder for door in ("common", *DOORS) if (folder := PACKAGE / "entrypoints" / door / "static").is_dir()
]
# Hashed names only where `collectstatic` has run: under tests the plain storage serves the sources.
HASHED_STATIC = environment.yes("RELIGA_HASHED_STATIC", False)
STATIC_ROOT = Path(environment.text("RELIGA_STATIC", "staticfiles")).absolute() if HASHED_STATIC else None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if HASHED_STATIC
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not HASHED_STATIC

# Strict on purpose: no inline script or style, nothing from elsewhere. htmx needs no eval (its meta
# tag switches that off), charts are SVG made by the server.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}
CSRF_FAILURE_VIEW = "religa.entrypoints.common.problems.stale_form"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
HTTPS = environment.yes("RELIGA_HTTPS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 12 * 3600  # a working day
SECURE_HSTS_SECONDS = 30 * 24 * 3600 if HTTPS else 0
if environment.yes("RELIGA_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Who collects the money: `fake` is the shipped stand-in of the demo, in which nobody pays anything.
DEMO_BANK = environment.text("RELIGA_DEMO_BANK").rstrip("/")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": environment.text("RELIGA_LOG_LEVEL", "WARNING").upper()},
}
