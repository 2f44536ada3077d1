"""Encoders as they come against the plainest loop over the same network, in one run.

PYTHONPATH=. python benchmarks/encoding.py [--quick]

The plainest loop: float32, one window after the other; for DINOv2 transformers' own model.
Random weights in the published layouts. Memory is the process's highest so far (RSS).
"""

import resource
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
from scripts.gpu_check import DAY, encoder_weights

PEAK_SIDE = 8192


def rate(work: Callable[[torch.Tensor], object], db: torch.Tensor, repeats: int) -> float:
    """Windows a second, the best of a few runs."""
    times = []
    work(db)
    for _ in range(repeats):
        start = time.perf_counter()
        work(db)
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        times.append(time.perf_counter() - start)
    return len(db) / min(times)


def matrix_peak(device: torch.device) -> float:
    """Operations a second of a large bfloat16 product."""
    a = torch.randn(PEAK_SIDE, PEAK_SIDE, device=device, dtype=torch.bfloat16)
    products = rate(lambda _: a @ a, torch.empty(1), 10)
    return products * 2 * PEAK_SIDE**3


def main() -> None:
    """Print a row per encoder and batch size."""
    device, repeats = choose_device(), 1 if "--quick" in sys.argv[1:] else 3
    print(f"{device}, {torch.get_num_threads()} threads; windows a second")
    print(f"{'encoder':<14} batch   plain  float32    ours  ratio     MB")
    with tempfile.TemporaryDirectory() as made:
        for name, path in encoder_weights(Path(made), small=False).items():
            plain = load_encoder(name, path, device, "float32").on(DAY)
            ours = load_encoder(name, path, device, "auto").on(DAY)
            for batch in (1, 8) if device.type == "cpu" else (1, 8, 64):
                db = -12 + 3 * torch.randn(batch, 2, 224, 224)
                loop = rate(lambda x: [plain.encode(w[None]) for w in x], db, repeats)  # noqa: B023
                full, auto = rate(plain.encode, db, repeats), rate(ours.encode, db, repeats)
                memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
                print(f"{name:<14} {batch:>5} {loop:>7.2f} {full:>8.2f} {auto:>7.2f} "
                      f"{auto / loop:>5.1f}x {memory:>6}", flush=True)  # fmt: skip
                if device.type == "cuda" and name == "ssl4eo-s1":
                    share = auto * 2 * 197 * 303e6 / matrix_peak(device)
                    print(f"  {share:.0%} of the bfloat16 peak measured here")


if __name__ == "__main__":
    main()
