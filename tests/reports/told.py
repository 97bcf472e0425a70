"""A report as plain text: what a golden file holds."""

from sujin.reports.parts import Report


def plain(report: Report) -> str:
    lines = [report.title, *report.basis]
    for part in report.parts:
        lines += ["", part.title, *part.said]
        for table in part.tables:
            lines += [f"[{table.title}]", " | ".join(table.head)]
            lines += [" | ".join(row) for row in table.rows]
    return "\n".join(lines) + "\n"
