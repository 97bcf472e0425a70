"""The machine that reads one axis: which version judges, and since when it is adrift."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.engine.classify import AXES
from sujin.platform.models import Docketed


class Learner(Docketed):
    """One row for each axis that was ever taught, and for each model that is one file without
    versions. ``version`` is empty while the words judge alone; the models themselves are files
    (``schooling.py``, ``proof.py``)."""

    subject = "learner"

    axis = models.CharField(_("角度"), max_length=16, unique=True)
    version = models.CharField(_("版本"), max_length=24, blank=True)
    drifting_since = models.DateTimeField(_("漂移起于"), null=True)

    def __str__(self) -> str:
        return f"{self.axis} {self.version}"

    def get_absolute_url(self) -> str:
        if self.axis not in AXES:
            return reverse("complaints:models")
        return reverse("complaints:model", args=[self.axis])
