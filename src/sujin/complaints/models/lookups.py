"""What PostgreSQL can do and Django has no word for.

Full text without a language in the database: tokens made in Python, stored as a tsvector. And the
overlap of two arrays with the asked-for values as one parameter, however many they are.
"""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.lookups import Lookup


class TokensField(models.Field):  # type: ignore[type-arg]
    """A list of search tokens as ``tsvector``; ``__matching`` asks for rows holding every token."""

    def db_type(self, connection: Any) -> str:
        return "tsvector"

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return "array_to_tsvector(%s::text[])"

    def get_prep_value(self, value: Any) -> list[str]:
        return list(value or [])

    def as_copied(self, value: Any) -> str:
        """The tokens in tsvector's text form; tokens hold letters and digits only."""
        return " ".join(f"'{token}'" for token in value or ())

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return str(value or "")


@TokensField.register_lookup
class Matching(Lookup):
    """``tokens @@ query``: every token of an ``engine.text.tsquery`` present, by the GIN index."""

    lookup_name = "matching"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*params, self.rhs]


@ArrayField.register_lookup
class Sharing(Lookup):
    """``column && values``: at least one value in common, by the GIN index."""

    lookup_name = "sharing"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, params = self.process_lhs(compiler, connection)
        kind = self.lhs.output_field.db_type(connection)
        return f"{column} && %s::{kind}", [*params, list(self.rhs)]
