"""The entrance for the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sujin.config.settings")
application = get_wsgi_application()


def _read_the_rules() -> None:
    """Before anybody asks: the first customer does not wait for it, and a pack that cannot be read
    stops the server at its start."""
    from sujin.complaints.rulebook import rulebook

    rulebook()


_read_the_rules()
