"""Model fields of the house."""

from typing import Any

from django.db import models

from sujin.platform import crypto


class SealedField(models.Field):  # type: ignore[type-arg]
    """Text that is encrypted in the database and clear in Python. Empty text is stored as no bytes.

    ``context`` names what the value is; it is authenticated with the ciphertext.
    """

    def __init__(self, *args: Any, context: str = "", **kwargs: Any) -> None:
        self.context = context
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "BinaryField"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "context": self.context, "default": ""}

    def get_prep_value(self, value: Any) -> Any:
        return crypto.seal(value, context=self.context) if value else b""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return crypto.unseal(bytes(value), context=self.context) if value else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = value if prepared else self.get_prep_value(value)
        return connection.Database.Binary(sealed)
