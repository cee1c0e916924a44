# SPDX-License-Identifier: AGPL-3.0-or-later
"""Django's settings. Nothing is decided here that an environment variable could weaken."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from safeconduct.desk.project import databases, environment, houses

DESK = environment.read()
HOUSE = houses.HOUSES[DESK.house]
_HERE = Path(__file__).parent

SECRET_KEY = DESK.django_key
DEBUG = False
ADMINS: list[tuple[str, str]] = []  # errors are never mailed: they would carry what was posted
ALLOWED_HOSTS = [DESK.host]
CSRF_TRUSTED_ORIGINS = [DESK.origin]
ROOT_URLCONF = HOUSE.urls
WSGI_APPLICATION = "safeconduct.desk.project.wsgi.application"

INSTALLED_APPS = [
    "safeconduct.desk.project",
    "safeconduct.desk.operators",
    "safeconduct.desk.audit",
    "safeconduct.desk.approvals",
    "safeconduct.desk.emergency",
    "safeconduct.desk.alerts",
    *HOUSE.apps,
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "template_partials",
]

MIDDLEWARE = [
    "safeconduct.desk.project.headers.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "safeconduct.desk.project.own_ways.OwnTime",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "safeconduct.desk.operators.middleware.OperatorMiddleware",
    *HOUSE.middleware,
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "safeconduct.desk.project.context.desk",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": databases.configured(DESK)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "operators.Operator"
PASSWORD_HASHERS: list[str] = []  # a passphrase is proved by opening the vault, and by nothing else

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("uk", _("Ukrainian"))]
LANGUAGE_COOKIE_NAME = f"{HOUSE.cookie}-language"
ZONE_COOKIE_NAME = f"{HOUSE.cookie}-zone"
LOCALE_PATHS = [_HERE.parent / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # read from the package itself: no build step that could be forgotten
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 0

# Two cookies: one names the session, the other opens the key in it and dies at lock.
SESSION_COOKIE_NAME = HOUSE.cookie
UNLOCK_COOKIE_NAME = HOUSE.unlock_cookie
KNOWN_COOKIE_NAME = HOUSE.known_cookie
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_SAVE_EVERY_REQUEST = False
CSRF_COOKIE_NAME = HOUSE.csrf_cookie
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "safeconduct.desk.project.refusals.stale_form"

SECURE_HSTS_SECONDS = 63_072_000 if DESK.over_tls else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would blank the Origin that the CSRF check needs
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "media-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "require-trusted-types-for": ["'script'"],
        "trusted-types": ["default", "inspect"],
    }
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # the longest reply in four-byte characters, with room
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500  # custody's sheet of arrivals: forty rows of eleven
FILE_UPLOAD_HANDLERS: list[str] = []  # no file is ever posted here, so none can touch the disk

OTP_TOTP_ISSUER = f"Safe Conduct {DESK.house}"
SILENCED_SYSTEM_CHECKS: list[str] = []

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"place": {"()": "safeconduct.desk.project.log.PlaceFormatter"}},
    "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "place"}},
    "root": {"handlers": ["standard"], "level": "WARNING"},
    # Django adds handlers of its own (a console with values, mail to ADMINS); these lines take them away.
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {
            "handlers": [],
            "level": "ERROR",
            "propagate": True,
        },  # a 404 says nothing without its address
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "safeconduct": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
