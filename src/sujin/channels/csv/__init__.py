"""The door for files: complaints that arrive as a table, one a row (``sujin import``).

The outside world it knows: the public archive of the US Consumer Financial Protection Bureau in
every layout it has had, and Chinese ledgers as branches keep them. Whatever the file looks like,
every row is accounted for: read = accepted + rejected + known.

In the order of reading: ``encoding`` ``delimited`` ``workbook`` ``sheet`` (bytes to rows) ·
``layouts`` ``columns`` ``dates`` ``labels`` (what the columns mean) · ``receive`` (row to Draft) ·
``identity`` ``deliver`` ``rejects`` ``institution`` ``bring_in`` (the way in) · ``summary``.
"""
