"""Up is an announcement: which acts run once an entry has committed. One dictionary, one screen."""

from collections.abc import Mapping, Sequence

from sujin.complaints import kinds
from sujin.complaints.acts.credit_knowledge import credit_knowledge
from sujin.complaints.acts.inform import (
    inform_approvers,
    inform_asked_desks,
    inform_asker,
    inform_decider,
    inform_desk,
    inform_examiners,
    inform_giver,
    inform_helper,
    inform_lookers,
    inform_of_customer,
    inform_of_lowering,
    inform_of_missed,
    inform_owners,
    inform_pressed,
    inform_rung,
    inform_sender,
    inform_silent,
    inform_successor,
    inform_teachers,
    inform_watchers,
)
from sujin.complaints.acts.measure import measure_entry
from sujin.complaints.acts.remind import (
    inform_host,
    inform_invited,
    inform_reviewers,
    inform_side,
)
from sujin.governance import kinds as governance
from sujin.governance.acts.attach_line import hear_release, hear_withdrawal
from sujin.governance.acts.convene_meeting import inform_of_decision
from sujin.governance.acts.escalate_orders import inform_above_order, inform_order_owner
from sujin.governance.acts.escalate_visits import (
    inform_above_mender,
    inform_above_visitor,
    inform_finder,
    inform_mender,
    inform_proposer,
    inform_visitor,
)
from sujin.governance.acts.escalate_waves import (
    inform_above_wave,
    inform_wave_owner,
    queue_wave_flash,
)
from sujin.governance.acts.hear_objection import hear_objection, inform_weighers
from sujin.governance.acts.inform_event import (
    inform_above,
    inform_above_flash,
    inform_askers,
    inform_branches,
    inform_of_flash,
    inform_writers,
    queue_flash,
)
from sujin.governance.acts.judge_measures import inform_of_measure, inform_of_verdict
from sujin.governance.acts.run_programme import inform_of_report, inform_task_owner
from sujin.governance.acts.settle_problem import inform_above_problem, inform_problem_owner
from sujin.governance.kinds import event, flash, ledger, meeting, order, programme, visit, wave
from sujin.knowledge import kinds as knowledge
from sujin.knowledge.acts.inform import inform_author, inform_releasers
from sujin.knowledge.acts.inform_readers import (
    inform_late,
    inform_owner,
    inform_readers,
    inform_speakers,
    inform_those_above,
)
from sujin.knowledge.acts.revise import return_revisions, settle_revisions
from sujin.platform.journal import Kind, Reaction
from sujin.supervision import kinds as supervision
from sujin.supervision.acts.appeal_stars import inform_appellant, inform_raters
from sujin.supervision.acts.ask_recording import inform_recorder, inform_viewer
from sujin.supervision.acts.carry_proposal import follow_declared, hear_verdict
from sujin.supervision.acts.enrol import inform_enrolled
from sujin.supervision.acts.hold_outreach import inform_of_outreach
from sujin.supervision.acts.inform import inform_all_sides, inform_judges, inform_unit
from sujin.supervision.acts.inform_accountability import (
    inform_accountable,
    inform_deciders,
    inform_opener,
)
from sujin.supervision.acts.inform_voices import inform_assessors, inform_proposers
from sujin.supervision.acts.invite import invite_customer
from sujin.supervision.acts.rectify import (
    inform_above_outlet,
    inform_inspector,
    inform_looker,
    inform_outlet,
)
from sujin.supervision.acts.send_invitation import queue_sending
from sujin.supervision.acts.walk_through import inform_of_walkthrough
from sujin.supervision.kinds import (
    accountability,
    inspection,
    outreach,
    panel,
    proposal,
    recording,
    shortcoming,
    star,
    survey,
    training,
)

TELLING: Mapping[type[Kind], Sequence[Reaction]] = {
    kinds.Routed: [inform_desk, inform_owners],
    kinds.Offered: [inform_desk],
    kinds.Declined: [inform_giver],
    kinds.Contacted: [inform_giver],
    kinds.Relieved: [inform_successor],
    kinds.PromiseMissed: [inform_of_missed],
    kinds.Noted: [inform_of_customer],
    kinds.Attached: [inform_of_customer],
    kinds.Retiered: [inform_of_lowering],
    kinds.ReferredUp: [inform_lookers],
    kinds.ReclassificationProposed: [inform_decider],
    kinds.OpinionsAsked: [inform_asked_desks],
    kinds.HelpAsked: [inform_helper],
    kinds.Urged: [inform_pressed],
    kinds.Overseen: [inform_pressed],
    kinds.Escalated: [inform_rung],
    kinds.OpinionGiven: [inform_giver],
    kinds.ProceededWithout: [inform_silent],
    kinds.Answered: [credit_knowledge],
    kinds.Closed: [credit_knowledge, invite_customer],
    kinds.Asked: [inform_approvers],
    kinds.Granted: [inform_asker],
    kinds.Refused: [inform_asker],
    kinds.Lapsed: [inform_asker],
    kinds.ReclassificationRejected: [inform_giver],
    kinds.Examined: [inform_examiners],
    kinds.GuardRang: [inform_watchers],
    kinds.SessionBooked: [inform_invited],
    kinds.SessionMoved: [inform_invited],
    kinds.SessionHeld: [inform_invited],
    kinds.SessionReminded: [inform_host],
    kinds.ReviewAsked: [inform_reviewers, inform_giver],
    kinds.ReviewDecided: [inform_giver],
    kinds.Shared: [inform_side],
    kinds.SplitAgreed: [inform_giver],
    kinds.SplitDisputed: [inform_side],
    kinds.SplitDecided: [inform_giver],
    kinds.DeliveryFailed: [inform_giver, inform_sender],
    kinds.DispatchStopped: [inform_giver, inform_sender],
    kinds.DriftBegan: [inform_teachers],
    kinds.DriftEnded: [inform_teachers],
}

# Whatever may move the ball, a limit or a figure makes the reading of the case anew.
MEASURED = {
    *TELLING.keys() - {kinds.Examined, kinds.GuardRang, kinds.DriftBegan, kinds.DriftEnded},
    kinds.PutBack, kinds.TakenBack, kinds.Claimed, kinds.Accepted,
    kinds.Responded, kinds.Extended,
    kinds.Paused, kinds.Resumed, kinds.Agreed, kinds.Restarted, kinds.TaskForceFormed,
    kinds.Transferred, kinds.Investigated, kinds.Drafted, kinds.Answered, kinds.Closed,
    kinds.Reopened, kinds.Merged, kinds.Rescheduled, kinds.Withdrawn,
}  # fmt: skip

# No case has moved, so nothing is measured.
SUPERVISION: Mapping[type[Kind], Sequence[Reaction]] = {
    supervision.Found: [inform_all_sides],
    supervision.Grown: [inform_all_sides],
    supervision.Explained: [inform_judges],
    supervision.Judged: [inform_unit],
    supervision.Settled: [inform_unit],
    inspection.InspectionSet: [inform_inspector],
    inspection.InspectionPassedOn: [inform_inspector],
    shortcoming.ShortcomingFound: [inform_outlet],
    shortcoming.ShortcomingAnswered: [inform_looker],
    shortcoming.ShortcomingReturned: [inform_outlet],
    shortcoming.ShortcomingMended: [inform_outlet],
    shortcoming.ShortcomingEscalated: [inform_above_outlet],
    recording.RecordingAsked: [inform_recorder],
    recording.RecordingProvided: [inform_viewer],
    recording.RecordingAbsent: [inform_viewer],
    star.StarAppealed: [inform_raters],
    star.StarAppealDecided: [inform_appellant],
    accountability.AccountabilityOpened: [inform_accountable],
    accountability.AccountabilityAnswered: [inform_deciders],
    accountability.AccountabilityDecided: [inform_accountable, inform_opener],
    accountability.AccountabilityAppealed: [inform_deciders],
    accountability.AccountabilityHeard: [inform_accountable, inform_opener],
    accountability.AccountabilityInForce: [inform_accountable],
    survey.Invited: [queue_sending],
    proposal.ProposalSubmitted: [inform_assessors],
    proposal.ProposalJoined: [inform_proposers],
    proposal.ProposalAssessed: [inform_assessors],
    proposal.ProposalAdopted: [inform_proposers],
    proposal.ProposalDeclined: [inform_proposers],
    proposal.ProposalTied: [inform_proposers],
    proposal.ProposalCarriedOut: [inform_proposers],
    proposal.ProposalMeasured: [inform_proposers],
    proposal.ProposalAwarded: [inform_proposers],
    panel.SessionTaken: [inform_of_walkthrough],
    panel.WalkthroughAnswered: [inform_of_walkthrough],
    outreach.OutreachPlanned: [inform_of_outreach],
    outreach.OutreachJudged: [inform_of_outreach],
    training.Enrolled: [inform_enrolled],
    training.Reassigned: [inform_enrolled],
}

GOVERNANCE: Mapping[type[Kind], Sequence[Reaction]] = {
    kinds.Objected: [hear_objection],
    programme.TaskSet: [inform_task_owner],
    programme.TaskReported: [inform_of_report],
    programme.TaskReturned: [inform_task_owner],
    programme.TaskUrged: [inform_task_owner],
    programme.TaskReminded: [inform_task_owner],
    governance.EvidenceDisputed: [inform_weighers],
    event.EventAnnounced: [queue_flash, inform_branches],
    event.LineAsked: [inform_writers],
    event.LineAcknowledged: [inform_askers],
    event.LineAttached: [inform_askers],
    event.LineLive: [inform_askers],
    event.LineEscalated: [inform_above],
    flash.FlashDrafted: [inform_of_flash],
    flash.FlashIssued: [inform_of_flash],
    flash.FlashEscalated: [inform_above_flash],
    wave.WaveRaised: [inform_wave_owner, queue_wave_flash],
    wave.WaveReopened: [inform_wave_owner],
    wave.WaveEscalated: [inform_above_wave],
    order.OrderOpened: [inform_order_owner],
    order.OrderEscalated: [inform_above_order],
    meeting.DecisionMade: [inform_of_decision],
    ledger.ProblemOpened: [inform_problem_owner],
    ledger.ProblemUrged: [inform_problem_owner],
    ledger.ProblemEscalated: [inform_above_problem],
    ledger.MeasureDeclared: [inform_of_measure, follow_declared],
    ledger.MeasureJudged: [inform_of_verdict, hear_verdict],
    visit.VisitProposed: [inform_visitor],
    visit.VisitCancelled: [inform_visitor],
    visit.VisitAccepted: [inform_proposer],
    visit.VisitDeclined: [inform_proposer],
    visit.VisitReported: [inform_proposer],
    visit.VisitEscalated: [inform_above_visitor],
    visit.ConcernOpened: [inform_mender],
    visit.ConcernReturned: [inform_mender],
    visit.ConcernAnswered: [inform_finder],
    visit.ConcernConfirmed: [inform_mender],
    visit.ConcernEscalated: [inform_above_mender],
}

KNOWLEDGE: Mapping[type[Kind], Sequence[Reaction]] = {
    knowledge.VersionSubmitted: [inform_releasers],
    knowledge.VersionReturned: [inform_author],
    knowledge.VersionReleased: [inform_author, settle_revisions, hear_release],
    knowledge.VersionWithdrawn: [hear_withdrawal],
    knowledge.DistributionSent: [inform_readers],
    knowledge.DistributionUrged: [inform_late],
    knowledge.DistributionReminded: [inform_late],
    knowledge.RevisionOpened: [inform_owner],
    knowledge.RevisionJoined: [inform_owner],
    knowledge.RevisionReturned: [inform_owner],
    knowledge.RevisionEscalated: [inform_those_above],
    knowledge.RevisionBegun: [inform_speakers],
    knowledge.RevisionSettled: [inform_speakers],
    knowledge.RevisionRefused: [inform_speakers],
    knowledge.RevisionUnchanged: [inform_speakers],
    knowledge.VersionDropped: [return_revisions],
}

MOVING: Mapping[type[Kind], Sequence[Reaction]] = {
    kind: [*TELLING.get(kind, ()), *([measure_entry] if kind in MEASURED else [])]
    for kind in {*TELLING, *MEASURED}
}

REACTIONS: Mapping[type[Kind], Sequence[Reaction]] = {
    **MOVING, **SUPERVISION, **GOVERNANCE, **KNOWLEDGE,
}  # fmt: skip
