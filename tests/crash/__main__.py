"""``python -m tests.crash --kills 100 --seed 1 [--fault react_outside]``: a storm, its figures."""

import argparse
import sys

from tests.crash.storm import storm


def main() -> int:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--kills", type=int, default=100)
    given.add_argument("--seed", type=int, default=1)
    given.add_argument("--fault", default="")
    asked = given.parse_args()
    report = storm(asked.kills, seed=asked.seed, CRASH_FAULT=asked.fault)
    sys.stdout.write(f"{report}\n")
    return 0 if report.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
