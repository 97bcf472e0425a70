"""Work on the case: the customer, notes, papers, facts."""

from django.utils.translation import gettext_lazy as _

from sujin.complaints import forms, forms_answering, forms_contact
from sujin.complaints.acts import annotate, attach, investigate, respond, take_objection
from sujin.complaints.pages.actions.base import Action, always, is_in_hand, is_open

ACTIONS = [
    Action("response", "annotate", _("登记联系客户"), "phone-outgoing", forms_contact.GuidedForm,
           is_open, respond.respond, _("已登记"), is_main=True),
    Action("note", "annotate", _("写办理记录"), "note", forms.NoteForm,
           always, annotate.annotate, _("已记录"), is_main=True),
    Action("objection", "annotate", _("登记异议"), "message-report", forms.ObjectionForm,
           always, take_objection.take_objection, _("已登记并转交")),
    Action("files", "attach", _("上传材料"), "paperclip", forms.AttachForm,
           always, attach.attach, _("已上传")),
    Action("investigation", "answer", _("登记调查"), "zoom-question",
           forms_answering.InvestigateForm, is_in_hand, investigate.investigate,
           _("已登记调查"), is_main=True),
]  # fmt: skip
