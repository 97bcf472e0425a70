"""Who is known to have brought the earlier cases, in the spelling in which it is compared now."""

from django.db import migrations

AT_ONCE = 500


def tell(apps, schema_editor):
    """Read the sealed people of every case again; a case whose people say nothing stays as it is."""
    from sujin.complaints.models.party import IDENTIFYING, NAME, customer_keys, known_of

    Complaint = apps.get_model("complaints", "Complaint")
    Party = apps.get_model("complaints", "Party")
    last = 0
    while True:
        rows = Complaint.objects.filter(pk__gt=last).only("customer_keys", "known").order_by("pk")
        cases = list(rows[:AT_ONCE])
        if not cases:
            return
        last = cases[-1].pk
        people = {case.pk: [] for case in cases}
        for party in Party.objects.filter(complaint__in=people):
            if any(getattr(party, field) for field in (NAME, *IDENTIFYING)):
                people[party.complaint_id].append(party)
        changed = []
        for case in cases:
            told = people[case.pk]
            keys, known = customer_keys(told), known_of(told)
            if told and (keys, known) != (case.customer_keys, case.known):
                case.customer_keys, case.known = keys, known
                changed.append(case)
        Complaint.objects.bulk_update(changed, ["customer_keys", "known"])


class Migration(migrations.Migration):
    dependencies = [("complaints", "0017_identities")]

    operations = [migrations.RunPython(tell, migrations.RunPython.noop)]
