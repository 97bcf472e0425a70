"""The ground every room stands on: who people are, what they may see, and what has happened.

identity   organisations, persons, posts with dates; ``reach`` is what a person may see and do
journal    Entry rows, append-only, one per thing that happened; Kind says what can happen
notices    a line for a person about an entry, read or unread
files      attachments: typed by content, limited, stored outside the web root
crypto     sealing of personal data and blind indexes to find it again
jobs       the queue; a job deferred in a transaction commits with it
ui         layout, listings, forms

It promises: no change without an entry, no row without a reach, no personal data in the clear.
"""
