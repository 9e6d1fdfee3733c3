"""`python -m tests.faults`: live the whole matrix and print it; `--write` makes docs/faults.md anew."""

from __future__ import annotations

import argparse
import sys

from tests.faults.document import PLACE, calls_of, document, table
from tests.faults.matrix import CASES, OTHER_WAYS, endings, wrongs


def main() -> int:
    """Return 0 where every cell ended as it must."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/faults.md where every cell is as it must be")
    write: bool = parser.parse_args().write
    count, bad = 0, []
    for title, cases in (CASES | OTHER_WAYS).items():
        lived = endings(cases)
        words = {name: ending.word for name, ending in lived.items()}
        sys.stdout.write(f"\n{title}\n\n{table(calls_of(title), words)}\n")
        count += len(cases)
        bad += [f"{case.name}: {wrong}" for case in cases for wrong in wrongs(case, lived[case.name])]
    sys.stdout.write("\n".join(["", *bad, f"{count} cells, {len(bad)} wrong", ""]))
    if write and not bad:
        PLACE.write_text(document(), encoding="utf-8")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
