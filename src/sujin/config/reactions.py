"""Up is an announcement: which acts run once an entry has committed. One dictionary, one screen."""

from collections.abc import Mapping, Sequence

from sujin.complaints import kinds
from sujin.complaints.acts.inform import (
    inform_approvers,
    inform_asked_desks,
    inform_asker,
    inform_decider,
    inform_desk,
    inform_giver,
    inform_of_customer,
    inform_of_lowering,
    inform_owners,
    inform_sender,
)
from sujin.platform.journal import Kind, Reaction

REACTIONS: Mapping[type[Kind], Sequence[Reaction]] = {
    kinds.Routed: [inform_desk, inform_owners],
    kinds.Offered: [inform_desk],
    kinds.Declined: [inform_giver],
    kinds.Contacted: [inform_giver],
    kinds.Noted: [inform_of_customer],
    kinds.Attached: [inform_of_customer],
    kinds.Retiered: [inform_of_lowering],
    kinds.ReclassificationProposed: [inform_decider],
    kinds.OpinionsAsked: [inform_asked_desks],
    kinds.OpinionGiven: [inform_giver],
    kinds.Asked: [inform_approvers],
    kinds.Granted: [inform_asker],
    kinds.Refused: [inform_asker],
    kinds.ReclassificationRejected: [inform_giver],
    kinds.DeliveryFailed: [inform_giver, inform_sender],
}
