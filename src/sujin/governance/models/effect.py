"""效果卡: whether a version that was rolled out branch by branch helped, as of the last look."""

from typing import Any, ClassVar

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.governance.kinds.effect import EFFECTS, TOO_LITTLE
from sujin.knowledge.models import Version
from sujin.platform.models import Docketed


class EffectCard(Docketed):
    """``verdict`` and ``because`` are a cache of the docket; ``figures`` are those of the last
    look, which changes nothing when the verdict stays."""

    subject = "effect"

    version = models.OneToOneField(Version, models.PROTECT, related_name="effect_card")
    verdict = models.CharField(
        _("判定"), max_length=16, default=TOO_LITTLE, choices=list(EFFECTS.items())
    )
    because = models.CharField(max_length=16, blank=True, default="")
    looked_at = models.DateTimeField(_("最近一次计算"), null=True)
    after = models.PositiveIntegerField(_("推开后的投诉"), default=0)
    shown = models.FloatField(_("显示率"), default=0)
    used = models.FloatField(_("使用率"), default=0)
    figures: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list
    )

    class Meta:
        indexes: ClassVar = [models.Index(fields=["verdict"], name="effect_verdict")]

    def __str__(self) -> str:
        return str(self.version)

    def get_absolute_url(self) -> str:
        return reverse("governance:effect", args=[self.pk])
