"""Known-bad controls: a sender that marks first loses, one that makes up identities doubles."""

from pathlib import Path

from tests.delivery.test_killed_sender import LETTERS, sent_under_fire


def test_a_letter_marked_as_sent_before_it_is_sent_gets_lost(tmp_path: Path) -> None:
    sent = sent_under_fire(tmp_path, CRASH_POINT="before_connect", CRASH_FAULT="mark_first")
    assert len(sent.mailbox.mails) < LETTERS
    assert any("never arrived" in fault for fault in sent.faults["mails"]), sent


def test_a_new_identity_for_each_attempt_doubles_the_mail(tmp_path: Path) -> None:
    sent = sent_under_fire(tmp_path, CRASH_POINT="after_data", CRASH_FAULT="fresh_identity")
    assert len(sent.mailbox.mails) > LETTERS
    assert any("is not recorded" in fault for fault in sent.faults["mails"]), sent
