"""Settings of the directory: one module, read from the environment, failing closed.

`environment` reads them and refuses misspelt ones. Without `SECRET_KEY` the project starts only with `DEBUG=1`.
"""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from . import environment as env

BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.switch("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY", default="only-for-development" if DEBUG else "")
if not SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY, or DEBUG=1 for development.")
# Former keys: what they signed holds on, sessions and the links of mails among it.
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"] if DEBUG else ())
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "partners",
    "consortium.apps.EditorsConfig",  # django.contrib.admin with a site of our own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "consortium.apps.CollectedFilesConfig",  # django.contrib.staticfiles without what no page asks for
    "django_filters",
    "django_htmx",
    "simple_history",
    "js_lib_bootstrap5",
    "axes",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "consortium.middleware.ClientAddress",  # first, so that limits and logs name the same client
    "consortium.middleware.RequestId",
    "consortium.metrics.Measured",
    # These before static files and error pages, so that they carry the policies too.
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "consortium.middleware.ResourcePolicy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partners.middleware.Delivery",  # below static files, which a browser keeps for good
    "django.contrib.sessions.middleware.SessionMiddleware",
    "partners.middleware.LanguageOfAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "partners.middleware.Busy",
    "simple_history.middleware.HistoryRequestMiddleware",  # whose edit it is, for editors only
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "consortium.urls"
WSGI_APPLICATION = "consortium.wsgi.application"

TEMPLATES = [
    {  # the public pages
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "environment": "consortium.jinja.environment",
            "context_processors": [
                "partners.context_processors.consortium",
                "partners.context_processors.languages",
            ],
        },
    },
    {  # the editors' screens
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates" / "editors"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "consortium.admin.frame",
            ],
        },
    },
]

FORM_RENDERER = "consortium.forms.FormRenderer"

DATABASES = {"default": env.database("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue for the lock instead of failing half way through a transaction.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds
        # Without the last one, REPLACE fires no trigger for the row that it deletes.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;",
    }
else:
    # A server that does not answer must become a 503 page, not a page that hangs.
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)  # seconds
# A connection serves many requests of its thread; one that broke meanwhile is replaced.
DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}  # seconds
# How long the database may keep a web request waiting, in seconds; a command waits as long as it takes.
WEB_DEADLINE = env.seconds("WEB_DEADLINE", default=3.0)  # the whole request
STATEMENT_TIMEOUT = env.seconds("STATEMENT_TIMEOUT", default=3.0)  # one statement
LOCK_TIMEOUT = env.seconds("LOCK_TIMEOUT", default=3.0)  # one lock; SQLite's only one
TCP_USER_TIMEOUT = env.seconds("TCP_USER_TIMEOUT", default=3.0)  # a silent network
LONG_DEADLINE = env.seconds("LONG_DEADLINE", default=0.0)  # writing a file, reading a whole index; 0 has no end
EDITORS_AT = env.text("EDITORS_AT")  # where editors sign in, for a copy whose database is read-only
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ru", "Русский"), ("kk", "Қазақша"), ("be", "Беларуская"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "consortium" / "locale"]
# Days and times in languages for which Django has no formats of its own: in numbers, as in 01.12.2026, because its
# names of months are in the wrong case or spelling there.
FORMAT_MODULE_PATH = ["consortium.formats"]  # days in English
DATE_FORMAT = SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "d.m.Y H:i"
FIRST_DAY_OF_WEEK = 1
TIME_ZONE = env.zone("TIME_ZONE", default="Europe/Moscow")  # Kazan's time; "today" on the pages is this zone's day
USE_I18N = True
USE_TZ = True

# Indexes and large files for the processes of this host, which can be rebuilt. A folder for each database.
CACHE_DIR = env.text("CACHE_DIR", default=str(BASE_DIR / "cache"))
KEPT_MB = env.number("KEPT_MB", default=64)  # of finished pages in the memory of each process; 0: none

STATIC_URL = "static/"
STATIC_ROOT = env.text("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "consortium.staticfiles.Storage"},
}
WHITENOISE_ROOT = BASE_DIR / "static" / "root"  # what browsers ask for unasked: /favicon.ico

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],  # what no page needs is not allowed by the way
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],  # results, suggestions
        "manifest-src": [SELF],
        "img-src": [SELF, "data:"],  # Bootstrap's own CSS draws its arrows and ticks as data: images
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
EMBED_SITES = env.words("EMBED_SITES")  # may show /embed/ in a frame: https://site.example, or * for all
# Browser features that no page uses are denied to injected scripts too. Passkeys are for our own pages alone.
NO_PAGE_ASKS_FOR = [
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "hid", "magnetometer", "microphone"),
    *("midi", "payment", "serial", "usb"),
]
PERMISSIONS_POLICY = {
    **{feature: [] for feature in NO_PAGE_ASKS_FOR},
    "publickey-credentials-create": ["self"],
    "publickey-credentials-get": ["self"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# Cookies and redirects need https everywhere but on one's own machine, where `make run` says HTTPS=0.
HTTPS = env.switch("HTTPS", default=not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$", "^metrics$"]  # asked from beside the process, not through the proxy
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
# These two bind every name below this one, for a year and longer: only someone who owns them all may turn them on.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.switch("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.switch("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # these checks want both on everywhere
# Each proxy in front appends to X-Forwarded-For the address that called it; anybody can forge what stands before.
PROXIES = env.number("PROXIES", default=0)
# Proxies that are counted also send X-Forwarded-Proto, unless BEHIND_PROXY=0; BEHIND_PROXY=1 alone means only that.
if env.switch("BEHIND_PROXY", default=PROXIES > 0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Browsers take a cookie of this prefix only from this very host, over https, for all its paths.
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
SESSION_COOKIE_AGE = 12 * 60 * 60  # seconds: a working day
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie

# Who signs in, and how; `consortium/sign_in.py` has the rest.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"  # the page after sign-in without an address, or with another site's
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(hours=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "consortium.sign_in.as_answered"
AXES_RESET_ON_SUCCESS = AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
MFA = env.choice("MFA", "offered", "required")
ACCOUNT_ADAPTER, MFA_ADAPTER = "consortium.sign_in.AccountAdapter", "consortium.second_factor.Adapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # editors' mailboxes are known; nobody registers
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # periods of 30 seconds that a clock may be wrong by
MFA_FORMS = {
    "authenticate": "consortium.second_factor.CodeForm",
    "reauthenticate": "consortium.second_factor.CodeAgainForm",
    "authenticate_webauthn": "consortium.second_factor.PasskeyForm",
    "reauthenticate_webauthn": "consortium.second_factor.PasskeyAgainForm",
    "add_webauthn": "consortium.second_factor.NewPasskeyForm",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# Mail goes out through this server, smtp+tls://user:password@host:587; without it nobody can reset a password by mail.
MAIL = env.mail("EMAIL_URL")
EMAIL_BACKEND = MAIL.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST") or "localhost", MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER") or "", MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="directory@localhost")

# Where to report a weakness: a mailbox or a page, for /.well-known/security.txt; without it that file is missing.
SECURITY_CONTACT = env.matching(
    "SECURITY_CONTACT",
    r"(mailto:)?[^\s@:/]+@[^\s@:/]+|https://[^\s/]+(/\S*)?",
    "a mailbox or an https address",
)

METRICS_TOKEN = env.text("METRICS_TOKEN")  # with which Prometheus asks for /metrics; without it nothing is there

LOG_FORMAT = env.choice("LOG_FORMAT", "plain", "json")  # json also has a line for each request
LOG_QUERIES = env.switch("LOG_QUERIES", default=False)  # with what visitors search for
# Everything worth a line goes to the standard error; ADMINS get no mail, which would carry request bodies.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "consortium.logs.Formatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "consortium.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO"},
        "consortium": {"level": "INFO"},  # each sign-in
        "consortium.requests": {"level": "INFO" if LOG_FORMAT == "json" else "WARNING"},
        "axes": {"level": "ERROR"},  # counts failures, which are one line each already
        # Django leaves it to the server to drop the body of an answer to HEAD; gunicorn does, with a warning each time.
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
if LOG_FORMAT == "json":
    LOGGING["loggers"]["gunicorn.error"] = {"propagate": True}  # in place of its own handler, which is plain
