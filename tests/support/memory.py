"""Peak memory of a command in a process of its own."""

from tests.support import forked

# Not ru_maxrss on Linux: there a process begins with the peak of the one that has started it.
MEASURE = """
import pathlib, resource, runpy, sys
module, *sys.argv[1:] = sys.argv[1:]
try:
    runpy.run_module(module, run_name="__main__")
except SystemExit as end:
    assert not end.code, end.code
status = pathlib.Path("/proc/self/status")
if status.exists():
    (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    peak = int(line.split()[1]) * 1024
else:
    unit = 1 if sys.platform == "darwin" else 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
print("PEAK", peak)
"""


def peak_bytes(module: str, *arguments: object, timeout_s: float = 600) -> int:
    """The most memory that `python -m MODULE ARGUMENTS` holds; AssertionError when it fails."""
    done = forked.run("-c", MEASURE, module, *arguments, timeout_s=timeout_s)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split("PEAK")[1])
