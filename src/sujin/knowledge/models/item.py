"""Item: one subject of knowledge, whatever wordings of it there were."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.knowledge import catalogue
from sujin.platform.models import Org
from sujin.platform.models.identity import below
from sujin.platform.reach import Reach

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

    from sujin.knowledge.models.version import Version


class ItemQuerySet(models.QuerySet["Item"]):
    def in_care_of(self, reach: Reach, permission: str) -> Self:
        """Items whose owner the person may act for with ``permission``."""
        places = (org.path for org in reach.places(permission))
        return self.filter(below(places, "owner__path"))


class Item(models.Model):
    """``code`` is its name for ever; ``owner`` the desk that answers for it; ``starter`` says that
    it came with the product and no one of this institution has written it."""

    code = models.CharField(_("代码"), max_length=48, unique=True)
    form = models.CharField(_("体裁"), max_length=16)
    line = models.CharField(_("条线"), max_length=24)
    owner = models.ForeignKey(Org, models.PROTECT, related_name="+", verbose_name=_("归口部门"))
    starter = models.BooleanField(default=False)
    created_at: "models.DateTimeField[datetime, datetime]" = models.DateTimeField()

    if TYPE_CHECKING:
        versions: "RelatedManager[Version]"

    objects = ItemQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["form", "line"], name="item_form_line")]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("knowledge:item", args=[self.code])

    @property
    def shape(self) -> catalogue.Form:
        """The form as the pack has it now."""
        return catalogue.forms()[self.form]
