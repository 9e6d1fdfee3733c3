"""The last table stands in docs/performance.md, between two marks."""

from __future__ import annotations

from collections.abc import Mapping

BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"


def with_results(text: str, machine: Mapping[str, str], table: str) -> str:
    """Return the page with the table and the machine in place of what stood there. ValueError without the marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has not both of {BEGIN} and {END}")
    listed = "\n".join(f"* {name}: {value}" for name, value in machine.items())
    return f"{before}{BEGIN}\n\n{listed}\n\n{table}\n\n{END}{after}"
