"""Series of counts on one calendar: which cells of the bank's tree there are, and what moves all of
them alike."""
