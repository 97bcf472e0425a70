"""Who may see a case: the tokens on its row, worked out afresh from who is involved."""

from collections.abc import Iterable

from sujin.platform.models import Org, Person


def tokens(orgs: Iterable[Org | None], persons: Iterable[Person | int | None]) -> tuple[str, ...]:
    """A token for each organisation, everyone above it, and each person; sorted, each once."""
    found = {token for org in orgs if org is not None for token in org.tokens}
    found |= {
        person.token if isinstance(person, Person) else f"p:{person}"
        for person in persons
        if person is not None
    }
    return tuple(sorted(found))
