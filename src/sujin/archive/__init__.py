"""Complaint files and warehouses that are not ours: read, scan, report.

``sujin scan`` reads one CSV or Parquet file, a folder of both, or a PostgreSQL table, and says
where complaints rose beyond what was expected. What it promises:

* Rows in = rows used + rows rejected; every rejected row is listed with its place and the reason.
* One set of Ibis expressions, so DuckDB and Spark give the same warnings to the last number.
* Only counts leave the engine: no narrative, no number of a customer reaches the report.
* The report needs no network, and nothing half-written is left behind.
"""
