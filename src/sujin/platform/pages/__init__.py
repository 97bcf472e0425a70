"""The platform's own pages: the door, notices, files, people, the journal, errors."""
