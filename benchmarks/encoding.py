"""Encoders as they come against the plainest loop over the same network, in one run.

PYTHONPATH=. python benchmarks/encoding.py [--quick]

The plainest loop: float32, one window after the other; for DINOv2 transformers' own model. The
three ways take turns, so that other programs slow them alike. Random weights in the published
layouts. Memory is the peak (RSS) of a process of its own that loads an encoder and encodes eight
windows; that of the imports alone stands above.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import backend  # noqa: F401  (before torch)

# isort: split
import torch

from backend.device import choose_device
from backend.encoders import load_encoder
from scripts.gpu_check import DAY, encoder_weights, noise_windows

PEAK_SIDE = 8192


MEMORY = """
import sys
import backend
import torch
from backend.encoders import load_encoder
from scripts.gpu_check import DAY, noise_windows
name, path = sys.argv[1:]
if name:
    encoder = load_encoder(name, path, precision="auto").with_date(DAY)
    encoder.encode(noise_windows(encoder.spec, 8))
lines = open("/proc/self/status").read().splitlines()
print(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
"""


def rates(
    ways: list[Callable[[torch.Tensor], object]], db: torch.Tensor, rounds: int
) -> list[float]:
    """Windows a second of each way, its best of a few rounds."""
    best = [float("inf")] * len(ways)
    for round_ in range(rounds + 1):
        for i, work in enumerate(ways):
            start = time.perf_counter()
            work(db)
            if torch.cuda.is_available():
                torch.cuda.synchronize()
            if round_:  # the first one warms up
                best[i] = min(best[i], time.perf_counter() - start)
    return [len(db) / seconds for seconds in best]


def memory_gb(name: str = "", path: Path | str = "") -> float:
    """Peak memory of encoding eight windows; Linux alone tells it."""
    command = [sys.executable, "-c", MEMORY, name, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1e6


def matrix_peak(device: torch.device) -> float:
    """Operations a second of a large bfloat16 product."""
    a = torch.randn(PEAK_SIDE, PEAK_SIDE, device=device, dtype=torch.bfloat16)
    (products,) = rates([lambda _: a @ a], torch.empty(1), 10)
    return products * 2 * PEAK_SIDE**3


def main() -> None:
    """Print a row per encoder and batch size."""
    device, rounds = choose_device(), 1 if "--quick" in sys.argv[1:] else 3
    print(f"{device}, {torch.get_num_threads()} threads; imports {memory_gb():.1f} GB; windows/s")
    print(f"{'encoder':<14} batch   plain  float32    ours  ratio     GB")
    with tempfile.TemporaryDirectory() as made:
        for name, path in encoder_weights(Path(made), small=False).items():
            memory = memory_gb(name, path)
            plain = load_encoder(name, path, device, "float32").with_date(DAY)
            ours = load_encoder(name, path, device, "auto").with_date(DAY)

            def loop(db: torch.Tensor) -> list[torch.Tensor]:
                return [plain.encode(window[None]) for window in db]  # noqa: B023

            for batch in (1, 8) if device.type == "cpu" else (1, 8, 64):
                db = noise_windows(plain.spec, batch)
                one, full, auto = rates([loop, plain.encode, ours.encode], db, rounds)
                print(f"{name:<14} {batch:>5} {one:>7.2f} {full:>8.2f} {auto:>7.2f} "
                      f"{auto / one:>5.2f}x {memory:>6.1f}", flush=True)  # fmt: skip
                if device.type == "cuda" and name == "ssl4eo-s1":
                    share = auto * 2 * 197 * 303e6 / matrix_peak(device)
                    print(f"  {share:.0%} of the bfloat16 peak measured here")


if __name__ == "__main__":
    main()
