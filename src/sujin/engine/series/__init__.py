"""Series of counts on one calendar: which cells of the bank's tree there are, what moves all of
them alike, and how much of the latest periods has been reported yet."""
