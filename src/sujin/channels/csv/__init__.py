"""The door for files: complaints that arrive as a table, one a row (``sujin import``).

The outside world it knows: the public archive of the US Consumer Financial Protection Bureau in
every layout it has had, and Chinese ledgers as branches keep them. Whatever the file looks like,
every row is accounted for: read = accepted + rejected + known.

In the order of reading: ``encoding`` ``delimited`` ``workbook`` ``sheet`` (bytes to rows) ·
``layouts`` ``wording`` ``columns`` ``look`` ``dates`` ``labels`` (what they mean) · ``receive``
(row to Draft) · ``identity`` ``earlier`` ``again`` (heard before?) · ``deliver`` ``rejects``
``institution`` ``bring_in`` (the way in) · ``summary``.
"""
