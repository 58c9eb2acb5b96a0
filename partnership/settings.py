"""All settings, read from the environment; docs/running.md lists them. One file on purpose: no split settings."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env("PORTAL_DATA", default=str(BASE_DIR / ".data")))

# --- who we are -----------------------------------------------------------------------------------------------------
PARTNERSHIP_NAME = env("PARTNERSHIP_NAME", default="Stoke-on-Trent Safeguarding Children Partnership")
PARTNERSHIP_COLOUR = env("PARTNERSHIP_COLOUR", default="#5b2d8e")
PARTNERSHIP_LOGO = env("PARTNERSHIP_LOGO", default="")
PARTNERSHIP_CONTACT = env("PARTNERSHIP_CONTACT", default="the partnership's business unit")
PARTNERSHIP_EMAIL = env("PARTNERSHIP_EMAIL", default="")
PARTNERSHIP_TELEPHONE = env("PARTNERSHIP_TELEPHONE", default="")

# --- where we run ---------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=False)
LOCAL_HOSTS = {"localhost", "127.0.0.1", "[::1]", "testserver"}
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
if DEMO and (real := set(ALLOWED_HOSTS) - LOCAL_HOSTS):
    raise ImproperlyConfigured(
        f"DEMO lets anybody sign in as anybody, so it never runs beside a real host name: {', '.join(sorted(real))}. "
        "Unset DEMO or take the name out of ALLOWED_HOSTS."
    )
SECURE = not set(ALLOWED_HOSTS) <= LOCAL_HOSTS
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the portal's host: a wildcard would trust forged hosts.")
SECRET_KEY = env("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
IDENTITY_KEYS = env.list("IDENTITY_KEYS")

INSTALLED_APPS = [
    "partnership.ui",
    "partnership.trail",
    "partnership.people",
    "partnership.access",
    "partnership.notify",
    "partnership.jobs",
    "partnership.deadlines",
    "partnership.identities",
    "partnership.documents",
    "partnership.actions",
    "partnership.directory",
    "boards",
    "audits",
    "training",
    "reviews",
    "reporting",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django.forms",
    "guardian",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "partnership.access.middleware.BadBytesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "partnership.access.middleware.AccessMiddleware",
]

ROOT_URLCONF = "partnership.urls"
WSGI_APPLICATION = "partnership.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "partnership.ui.context.portal",
                "partnership.access.context.navigation",
            ],
            "builtins": ["partnership.ui.templatetags.ui"],
        },
    }
]
FORM_RENDERER = "partnership.ui.forms.PortalRenderer"

# --- the two database roles (docs/adr/0008) -------------------------------------------------------------------------
# `default` serves as portal_web; `owner` migrates and is absent where only DATABASE_WEB_URL is given.
_options = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
DATABASES = {}
if env("DATABASE_WEB_URL", default=""):
    DATABASES["default"] = env.db_url("DATABASE_WEB_URL") | _options
if env("DATABASE_URL", default=""):
    DATABASES["owner"] = env.db_url("DATABASE_URL") | _options | {"CONN_MAX_AGE": 0}
if "default" not in DATABASES and "owner" in DATABASES:
    from partnership.access.webrole import derive_web

    DATABASES["default"] = derive_web(DATABASES["owner"], SECRET_KEY)
for _database in DATABASES.values():
    if _database["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("The portal runs on PostgreSQL 15 to 18 only: see DATABASE_URL in docs/running.md.")
if "default" not in DATABASES:
    raise ImproperlyConfigured("DATABASE_URL (the owner's) or DATABASE_WEB_URL (the web role's) is missing.")
DATABASE_ROUTERS = ["partnership.access.webrole.OwnerMigrates"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
REDIS_PREFIX = env("REDIS_PREFIX", default="portal")
# Only signing in uses the cache, to count guesses and codes: rows, so that a flush of the broker forgets nothing.
CACHES = {"default": {"BACKEND": "partnership.access.memory.Memory"}}

# --- people sign in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False
GUARDIAN_MONKEY_PATCH_GROUP = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "reporting:home"
ACCOUNT_ADAPTER = "partnership.directory.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # nobody signs up, so a stranger's address gets no email from us
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
# Passwords are counted in partnership/directory/limits.py, not by "login", which shuts out a whole office behind one
# address. "login_failed" is left for codes of the second factor, by person.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key", "request_login_code": "10/m/ip,3/5m/key"}
# A mailed code, for people who are near no case (partnership/access/casereach.py); three tries, ten minutes.
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
_FORMS = "partnership.ui.account_forms."
ACCOUNT_FORMS = {
    "login": f"{_FORMS}SignInForm",
    "reauthenticate": f"{_FORMS}ReauthenticateForm",
    "change_password": f"{_FORMS}ChangePasswordForm",
    "reset_password": f"{_FORMS}ResetPasswordForm",
    "reset_password_from_key": f"{_FORMS}NewPasswordForm",
    "request_login_code": "partnership.directory.mailed_code.AskCodeForm",
    "confirm_login_code": f"{_FORMS}MailedCodeForm",
}
MFA_FORMS = {
    "authenticate": f"{_FORMS}SecondFactorForm",
    "reauthenticate": f"{_FORMS}SecondFactorAgainForm",
    "activate_totp": f"{_FORMS}ActivateAppForm",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=1 if SECURE else 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TRUST_ENABLED = False
MFA_TOTP_ISSUER = PARTNERSHIP_NAME
MFA_TOTP_TOLERANCE = 1  # one step of 30 seconds: a code that is typed as it changes still counts (RFC 6238, 5.2)
MFA_ADAPTER = "partnership.directory.adapters.SecondFactorAdapter"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_ENGINE = "partnership.access.sessions"
SESSION_COOKIE_NAME = "__Host-sid" if SECURE else "portal_sid"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "portal_csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "partnership.access.errors.csrf_failure"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_REFERRER_POLICY = "same-origin"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# 250 questions of an audit in one section, each with all that stands beside it.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- static files ---------------------------------------------------------------------------------------------------
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # a cookie would hold names

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
DOCUMENT_ROOT = Path(env("DOCUMENT_ROOT", default=str(DATA_DIR / "documents")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(DOCUMENT_ROOT)}},
    "staticfiles": {"BACKEND": "partnership.ui.static_files.StaticFiles"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
# The first counts what comes in: nothing larger than anybody may send is written (partnership/documents/uploads.py).
FILE_UPLOAD_HANDLERS = [
    "partnership.documents.uploads.LimitHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- documents: where they lie, who looks for viruses (docs/documents.md) --------------------------------------------
DOCUMENTS_MAX_MB = env.int(
    "DOCUMENTS_MAX_MB", default=20
)  # below StreamMaxLength, MaxFileSize and MaxScanSize of clamd
if not 1 <= DOCUMENTS_MAX_MB <= 100:
    raise ImproperlyConfigured("DOCUMENTS_MAX_MB is a number from 1 to 100.")
DOCUMENTS_STORAGE = env("DOCUMENTS_STORAGE", default="local")
if DOCUMENTS_STORAGE == "s3":
    from partnership.documents.bucket import bucket

    STORAGES["documents"] = bucket(env)
elif DOCUMENTS_STORAGE == "local":
    STORAGES["documents"] = {"BACKEND": "partnership.documents.storage.LocalStorage"}
else:
    raise ImproperlyConfigured(f"DOCUMENTS_STORAGE is local or s3, not {DOCUMENTS_STORAGE!r}.")
CLAMAV_URL = env("CLAMAV_URL", default="")
if CLAMAV_URL and not CLAMAV_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured("CLAMAV_URL is tcp://host:3310 or unix:///run/clamav/clamd.ctl.")
UNSCANNED_ACCEPTED = "yes, we accept this"
DOCUMENTS_UNSCANNED = env("DOCUMENTS_UNSCANNED", default="")
if DOCUMENTS_UNSCANNED and DOCUMENTS_UNSCANNED != UNSCANNED_ACCEPTED:
    raise ImproperlyConfigured(f'DOCUMENTS_UNSCANNED has one value, "{UNSCANNED_ACCEPTED}".')
# The embedded database is an evaluation on somebody's own machine (docs/adr/0009), unless it serves a real host name.
_EVALUATION = DEBUG or DEMO or (not SECURE and "database" in env("PORTAL_EMBEDDED", default="").split(","))
if not (CLAMAV_URL or DOCUMENTS_UNSCANNED or _EVALUATION):
    raise ImproperlyConfigured(
        "CLAMAV_URL is missing: nobody would look for viruses in uploaded files. Name a ClamAV, or say "
        f'DOCUMENTS_UNSCANNED="{UNSCANNED_ACCEPTED}" (docs/documents.md).'
    )

# --- mail, time -----------------------------------------------------------------------------------------------------
if SECURE and not env("EMAIL_URL", default=""):
    raise ImproperlyConfigured("EMAIL_URL is missing: without it password links would be printed into the log.")
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
# The account that is told of every emergency access, by its address (docs/access.md).
DATA_PROTECTION_OFFICER = env("DATA_PROTECTION_OFFICER", default="")
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="portal@localhost")
EMAIL_TIMEOUT = 20  # for the mails of signing in, which a page waits for; the outbox has its own: notify/senders.py
PORTAL_URL = env("PORTAL_URL", default=f"https://{ALLOWED_HOSTS[0]}" if SECURE else "http://localhost:8000").rstrip("/")
MAIL_SENDER = env("MAIL_SENDER", default="demo" if DEMO else "smtp")
NOTIFY_API_KEY = env("NOTIFY_API_KEY", default="")
NOTIFY_TEMPLATE_ID = env("NOTIFY_TEMPLATE_ID", default="")
NOTIFY_URL = env("NOTIFY_URL", default="https://api.notifications.service.gov.uk")
if MAIL_SENDER not in ("smtp", "notify", "demo"):
    raise ImproperlyConfigured(f"MAIL_SENDER is smtp, notify or demo, not {MAIL_SENDER!r}.")
if MAIL_SENDER == "demo" and not DEMO:
    raise ImproperlyConfigured("MAIL_SENDER=demo sends nothing: it needs DEMO.")
if MAIL_SENDER == "notify" and not (len(NOTIFY_API_KEY) > 73 and NOTIFY_TEMPLATE_ID):
    raise ImproperlyConfigured("MAIL_SENDER=notify needs NOTIFY_API_KEY and NOTIFY_TEMPLATE_ID.")
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- long work ------------------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TIMEZONE = "UTC"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "global_keyprefix": f"{REDIS_PREFIX}:",
    # A broker that hangs must not hold a page: the job is a row already, and beat finds it.
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
}
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"visibility_timeout": 3600}
CELERY_VISIBILITY_TIMEOUT = 3600
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_BEAT_SCHEDULE = {
    "wake the jobs that a lost message left behind": {"task": "partnership.jobs.tasks.wake", "schedule": 60.0},
    # A wake-up that was not picked up in time is worth nothing: the next one is there.
    "tell whose day has come": {
        "task": "partnership.deadlines.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "send what the outbox owes": {
        "task": "partnership.notify.tasks.relay",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "look for what no loop would find": {
        "task": "partnership.notify.tasks.reconcile",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "finish leavings and ask who still needs access": {
        "task": "partnership.directory.tasks.sweep_people",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "delete uploaded files that no reading has deleted": {
        "task": "partnership.directory.tasks.sweep_imports",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "check uploaded files that a lost message left behind": {
        "task": "partnership.documents.tasks.sweep",
        "schedule": 60.0,
        "options": {"expires": 55},
    },
    "prove the virus scanner, scan old files anew, delete files without a row": {
        "task": "partnership.documents.tasks.tend",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "remind owners of what is due, and find actions that have nobody": {
        "task": "partnership.actions.tasks.sweep",
        "schedule": 300.0,
        "options": {"expires": 290},
    },
    "let earlier logs go that nobody took in": {
        "task": "partnership.actions.tasks.sweep_logs",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "dispose of the drafts of reviews whose days are over": {
        "task": "reviews.tasks.dispose_of_drafts",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "bring what people hold on groups to what their seats say": {
        "task": "boards.tasks.sweep_seats",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "remind of papers for a meeting that are due": {
        "task": "boards.tasks.sweep_papers",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "remind organisations of the returns that they owe": {
        "task": "audits.tasks.sweep_reminders",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "see to the places of training by their day": {
        "task": "training.tasks.sweep_places",
        "schedule": 600.0,
        "options": {"expires": 590},
    },
    "dispose of what signing in and kept forms left": {"task": "partnership.access.tasks.dispose", "schedule": 300.0},
}

# --- `make faults` only: where a process dies or stops (partnership/notify/failpoints.py) ----------------------------
FAILPOINT = env("PORTAL_FAILPOINT", default="")
if FAILPOINT and (SECURE or not env.bool("PORTAL_FAULT_TESTS", default=False)):
    raise ImproperlyConfigured("PORTAL_FAILPOINT makes processes die on purpose: it is for `make faults` alone.")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "filters": {"tokens": {"()": "partnership.access.logs.HideTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain", "filters": ["tokens"]}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", default="WARNING")},
    # The development server's own logger has a handler of its own, which would print the addresses as they are.
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Of every oddity of a file that somebody uploads.
        "pypdf": {"level": "ERROR"},
        "PIL": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]  # guardian's backend is left out on purpose: docs/adr/0001
