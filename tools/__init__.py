"""What developers run by hand or in checks; none of it ships."""
