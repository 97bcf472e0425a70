"""The public form: anybody may say what happened, in three screens, without an account.

The outside world it knows is a browser: what was typed waits sealed in the server's session and in
a private folder until it is sent, never in a hidden field, an address or a log. It promises that
nothing typed is lost on the way back, that sending twice gives one case and the same receipt, and
that nobody is refused for being one of many.
"""
