"""Whether the docket knows a model: its very bytes, as they were when somebody trained it here.

A checksum in a card beside the model proves nothing to whoever can write to the folder; entries are
only ever added. Asked once when a file is read, not by every case.
"""

from pathlib import Path

from django.apps import apps
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.platform import keeping
from sujin.platform.keeping import Arrays, Spoiled, reading
from sujin.platform.models import Entry


def is_trained(axis: str, version: str, digest: str) -> bool:
    """Whether these are the bytes of that version of this axis, and of no other one."""
    # By its name: the tables lie above the models that they are told of.
    learners = apps.get_model("complaints", "Learner").objects.filter(axis=axis)
    told = {"data__version": version, "data__model_sha256": digest}
    trained = Entry.objects.of(kinds.Trained).filter(subject="learner", **told)
    return trained.filter(subject_id__in=learners.values("pk")).exists()


def proven(model: str, path: Path) -> Arrays:
    """What the file of a model without versions holds. Raises Spoiled for one that cannot be read
    or was not made here."""
    with reading(path):
        data = path.read_bytes()
        arrays = keeping.unpacked(data)
    told = {"data__model": model, "data__model_sha256": keeping.sha256(data)}
    if not Entry.objects.of(kinds.ModelKept).filter(**told).exists():
        raise Spoiled(
            _t("%(path)s 不是在本系统里训练出来的：记录里没有它的校验值") % {"path": path}
        )
    return arrays
