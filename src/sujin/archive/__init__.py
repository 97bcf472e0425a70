"""Complaint files and warehouses that are not ours: read, scan, report. Empty for now."""
