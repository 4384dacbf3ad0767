"""``python -m benchmarks``: all cases, or those that are named. Results go to benchmarks/results/."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from .throughput.cases import BY_NAME, CASES
from .throughput.lab import Failure, Scale, circumstances
from .throughput.report import RESULTS


def main() -> int:
    """Run the cases in turn; a case that fails does not keep the others from being measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__, epilog=_listing())
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("cases", nargs="*", metavar="case", help="which cases; all of them by default")
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_const", dest="scale", const=Scale.QUICK, help="small, in a few minutes")
    size.add_argument("--full", action="store_const", dest="scale", const=Scale.FULL, help="large, over an hour")
    parser.add_argument("--results", type=Path, default=RESULTS, help="folder for tables, JSON and pictures")
    parser.set_defaults(scale=Scale.DEFAULT)
    options = parser.parse_args()
    unknown = [name for name in options.cases if name not in BY_NAME]
    if unknown:
        parser.error(f"unknown case {unknown[0]!r}: there are {', '.join(BY_NAME)}")
    failed = 0
    for case in [BY_NAME[name] for name in options.cases] or CASES:
        began, load = time.perf_counter(), circumstances()["load"]
        try:
            report = case.load()(options.scale)
        except (Failure, ImportError) as error:
            failed += 1
            print(f"## {case.name}: not measured\n{error}\n", file=sys.stderr)
            continue
        report.remarks.append(
            f"{time.perf_counter() - began:.0f} s; load average before {load} and after {circumstances()['load']}"
        )
        print(report.text(), end="\n\n", flush=True)
        report.save(options.results)
    return 1 if failed else 0


def _listing() -> str:
    return "cases:\n" + "\n".join(f"  {case.name:10} {case.help}" for case in CASES)


if __name__ == "__main__":
    sys.exit(main())
