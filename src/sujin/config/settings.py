"""Django's settings. Every SUJIN_ variable is documented in docs/operate/settings.md."""

from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from sujin.config import database, logs
from sujin.config.env import Env, Mode
from sujin.config.wires import adviser, mail_server, sms_gateway
from sujin.lab.cast import CAST

ENV = Env()
LOGGING = logs.LOGGING
MODE = ENV.mode
VAR = ENV.var
PACKAGE = Path(__file__).resolve().parent.parent

DEBUG = False
DEMO = MODE is Mode.DEMO
# Whom a demonstration lets anybody be, by one click.
DEMO_CAST = tuple(person.staff_no for person in CAST) if DEMO else ()
SECRET_KEY = ENV.secret("SUJIN_SECRET_KEY")
FIELD_KEY = ENV.secret("SUJIN_FIELD_KEY")
FIELD_KEY_OLD = ENV.words("SUJIN_FIELD_KEY_OLD")
INSTITUTION = ENV.text("SUJIN_INSTITUTION", "诉金示范银行")
INSTITUTION_PHONE = ENV.text("SUJIN_INSTITUTION_PHONE", "95588")
# Where customers reach the public pages; without it no link is sent to anybody.
PUBLIC_URL = ENV.site("SUJIN_PUBLIC_URL")
# An answer from one of these is no customer's.
STAFF_NETWORKS = ENV.networks("SUJIN_STAFF_NETWORKS")
HOTLINE_TOKEN = ENV.secret("SUJIN_HOTLINE_TOKEN")
ASSISTANT_TOKEN = ENV.secret("SUJIN_ASSISTANT_TOKEN")
# Without a server or a gateway that way of sending is not offered.
MAIL_SERVER = mail_server(ENV)
SMS_GATEWAY = sms_gateway(ENV)
# Without one nobody is offered to ask it, and nothing else changes.
ADVISER = adviser(ENV)
ALLOWED_HOSTS = ENV.words("SUJIN_HOSTS", "localhost 127.0.0.1 [::1]")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "csp",
    "axes",
    "django_htmx",
    "procrastinate.contrib.django",
    "sujin.platform",
    "sujin.knowledge",
    "sujin.complaints",
    "sujin.supervision",
    "sujin.governance",
    "sujin.reports",
    "sujin.channels",
    "sujin.archive",
    "sujin.lab",
    "sujin.config",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sujin.config.middleware.who_and_when",
    "sujin.supervision.staff_browser.mark_staff",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "sujin.config.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "sujin.config.context.house",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
WSGI_APPLICATION = "sujin.config.wsgi.application"

DATABASE_ADDRESS = database.address(ENV)
DATABASES = {"default": database.django_settings(DATABASE_ADDRESS)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "platform.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "platform:sign_in"
LOGIN_REDIRECT_URL = "complaints:home"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.1
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "username"
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "429.html"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = MODE is Mode.PRODUCTION
SECURE_SSL_REDIRECT = MODE is Mode.PRODUCTION and ENV.flag("SUJIN_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = 31_536_000 if MODE is Mode.PRODUCTION else 0
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = ENV.flag("SUJIN_BEHIND_PROXY", default=False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_TRUSTED_ORIGINS = ENV.words("SUJIN_ORIGINS")
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
# A body larger than any form we offer is refused before it is read into memory.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 24
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "platform" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
# Collected for production only; elsewhere the files are served from where they lie.
STATIC_ROOT = VAR / "static" if MODE is Mode.PRODUCTION else None
STATICFILES_DIRS = [PACKAGE / "platform" / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
WHITENOISE_USE_FINDERS = MODE is not Mode.PRODUCTION
WHITENOISE_AUTOREFRESH = False
FILES_ROOT = VAR / "files"
MODELS_ROOT = VAR / "models"

SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "security.W012", "security.W016"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# Which page shows a subject of the journal; notices and the audit log link there.
SUBJECT_PAGES = {
    "complaint": "complaints:dossier",
    "org": "complaints:liaison_of",
    "examination": "complaints:examination",
    "learner": "complaints:model",
    "finding": "supervision:finding",
    "inspection_plan": "supervision:plan",
    "inspection": "supervision:inspection",
    "recording": "supervision:inspection",
    "shortcoming": "supervision:shortcoming",
    "accountability": "supervision:accountability",
    "star_sheet": "supervision:star",
    "star_appeal": "supervision:star",
    "survey": "supervision:survey",
    "enrolment": "supervision:training_test",
    "vigil": "complaints:vigil",
    "evidence": "governance:evidence_file",
    "effect": "governance:effect",
    "event": "governance:event",
    "event_line": "governance:event",
    "flash": "governance:flash",
    "visit": "governance:visit",
    "concern": "governance:visit",
    "wave": "governance:wave",
    "replay": "governance:replay",
    "order": "governance:order",
    "problem": "governance:problem",
    "measure": "governance:problem",
    "meeting": "governance:meeting",
    "decision": "governance:meeting",
    "foresight": "governance:foresight",
    "programme": "governance:programme",
    "task": "governance:programme",
    "proposal": "supervision:proposal",
    "outreach": "supervision:outreach",
    "walkthrough": "supervision:walkthrough",
    "version": "knowledge:found",
    "issue": "knowledge:issue",
    "distribution": "knowledge:reading",
    "revision": "knowledge:revision",
}
# Every room keeps its jobs in jobs.py.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
# A worker that was killed is known to be dead after ``stalled_worker_timeout`` seconds; what it was
# at is then taken up by another (platform/jobs.py).
PROCRASTINATE_WORKER_DEFAULTS = {"update_heartbeat_interval": 2.0, "stalled_worker_timeout": 10.0}
# A nightly act whose hour passed while no worker was there is done by the next one, once.
PROCRASTINATE_PERIODIC_DEFAULTS = {"max_delay": 25 * 3600}
