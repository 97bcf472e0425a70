"""Out of the house by wire: a mail server and a text-message gateway, one message at a time.

Both say what they know and no more: the other side's answer when it accepted, ``Refused`` when it
will never accept, ``Temporary`` when it may later or when nobody can know whether it did. After
``Temporary`` the caller sends again under the same identity, by which the other side tells twice
the same from two.
"""


class Temporary(Exception):
    """Not accepted now, or not known to be: send again, under the same identity.

    ``in_doubt``: the whole message was on its way, so it may have been accepted all the same.
    """

    def __init__(self, said: str = "", *, in_doubt: bool = False) -> None:
        super().__init__(said)
        self.in_doubt = in_doubt


class Refused(Exception):
    """Will not be accepted however often it is sent: another address or another way is needed."""
