"""Runs a program and writes down its wall time, CPU time, peak memory and exit status.

The system counts what a process had in memory when it started another as the least peak memory of
that other. So programs are started from here, a process with next to nothing in memory: this file
runs as a script and imports little.
"""

import json
import os
import sys
import time

_UNIT = 1 if sys.platform == "darwin" else 1024  # bytes in a unit of ru_maxrss


def main() -> None:
    """Run ``argv[2:]`` with this process's streams; write what it took to the file ``argv[1]``."""
    report, *command = sys.argv[1:]
    start = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    taken = {
        "seconds": time.perf_counter() - start,
        "cpu_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss * _UNIT / 1e6,
        "status": os.waitstatus_to_exitcode(status),
    }
    with open(report, "w", encoding="utf-8") as file:
        json.dump(taken, file)


if __name__ == "__main__":
    main()
