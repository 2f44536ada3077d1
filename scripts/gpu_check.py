"""Parity and throughput of encoders, text and link on this machine's device.

python -m scripts.gpu_check

Random weights in their published layouts, ViT-L included; MS-CLIP and the text towers are small.
Parity is the largest length of a difference from float32 on the CPU, relative to the vector. Needs
torch, transformers, numpy, scipy and safetensors alone, and what they bring. Exits with 1 when
parity fails.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import backend  # noqa: F401  (before torch)

# isort: split
import torch

from backend.device import choose_device
from backend.encoders import EncoderSpec, load_encoder
from backend.encoders.clip import MsClip
from backend.link import LinkHead, Scorer
from backend.text import load_text_encoder
from scripts.samples.clip import write_clip, write_ms_clip
from scripts.samples.siglip2 import write_siglip2
from scripts.samples.weights import write_betaearth, write_dinov2, write_vit

DAY = "2021-07-01"
SECONDS = 1.0
BOUNDS = {"float32": 1e-3, "bfloat16": 5e-2}
DINOV2_L: dict[str, Any] = {
    "hidden_size": 1024,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 518,
}
CLIP_B: dict[str, Any] = {
    "hidden_size": 768,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 12,
    "patch_size": 16,
}
# Level and spread of what an encoder reads: dB, display values, reflectance x 10,000.
VALUES = {"sentinel-1": (-12, 3), "sentinel-2-rgb": (120, 50), "sentinel-2": (2000, 800)}


@dataclass(frozen=True)
class Row:
    """One line of the table; `error` is relative, `rate` is items a second."""

    name: str
    precision: str
    error: float
    rate: float

    @property
    def passed(self) -> bool:
        return self.error <= BOUNDS[self.precision]  # false for NaN


def relative_error(found: torch.Tensor, wanted: torch.Tensor) -> float:
    """Return the largest length of a difference, relative to the vector that is wanted."""
    off = (found.cpu().float() - wanted).norm(dim=-1)
    return float((off / wanted.norm(dim=-1)).max())


def items_per_second(
    work: Callable[[], object], items: int, device: torch.device, quick: bool
) -> float:
    """Return how many items a second `work` gets done: of one run if `quick`."""
    if not quick:
        work()
    start, runs = time.perf_counter(), 0
    while runs == 0 or (not quick and time.perf_counter() - start < SECONDS):
        work()
        if device.type == "cuda":
            torch.cuda.synchronize()
        runs += 1
    return runs * items / (time.perf_counter() - start)


def encoder_weights(folder: Path, small: bool) -> dict[str, Path]:
    """Random weights in the published layouts; a few layers of them where `small`."""
    width, depth = (128, 2) if small else (1024, 24)
    write_ms_clip(folder / "ms-clip")
    return {
        "ssl4eo-s1": write_vit(folder / "vit.pth", width, depth),
        "betaearth-s1": write_betaearth(folder / "model.pt"),
        "dinov2-s1": write_dinov2(folder / "dinov2", **({} if small else DINOV2_L)),
        "clip-rgb": write_clip(folder / "clip", **({} if small else CLIP_B)),
        "ms-clip": folder / "ms-clip" / MsClip.weights.path.name,
    }


def noise_windows(spec: EncoderSpec, n: int) -> torch.Tensor:
    """Windows (n, bands, px, px) of noise, the same for the same encoder."""
    level, spread = VALUES[spec.modality]
    noise = torch.Generator().manual_seed(0)
    size = (n, len(spec.bands), spec.window_px, spec.window_px)
    return level + spread * torch.randn(size, generator=noise)


def check_encoders(folder: Path, device: torch.device, small: bool) -> Iterator[Row]:
    """Check every encoder with published weights, in float32 and bfloat16."""
    batch = 1 if small else 8 if device.type == "cpu" else 64
    for name, path in encoder_weights(folder, small).items():
        exact = load_encoder(name, path, "cpu", "float32").with_date(DAY)
        db = noise_windows(exact.spec, batch)
        wanted = exact.encode(db[:2])
        for precision in ("float32", "bfloat16"):
            encoder = load_encoder(name, path, device, precision).with_date(DAY)
            error = relative_error(encoder.encode(db[:2]), wanted)
            rate = items_per_second(lambda: encoder.encode(db), batch, device, small)  # noqa: B023
            yield Row(name, precision, error, rate)


def check_text(name: str, weights: Path, device: torch.device, quick: bool) -> Row:
    """Check a small text tower; the rate is in phrases a second."""
    phrases = [f"a village with {n} red roofs" for n in range(64)]
    on_cpu = load_text_encoder(name, weights, "cpu", remember=False)
    there = load_text_encoder(name, weights, device, remember=False)
    wanted = torch.from_numpy(on_cpu.embed(phrases))
    error = relative_error(torch.from_numpy(there.embed(phrases)), wanted)
    rate = items_per_second(lambda: there.embed(phrases), 64, device, quick)
    return Row(name, "float32", error, rate)


def check_link(device: torch.device, cells: int, quick: bool) -> Row:
    """Cosines of four phrases, cells a second; a cell's four cosines are its vector."""
    noise = torch.Generator().manual_seed(0)
    features, phrases = torch.randn(cells, 1024, generator=noise), torch.randn(4, 1536)
    head = LinkHead(torch.randn(1024, 1536, generator=noise), torch.randn(1536, generator=noise))
    phrases = torch.nn.functional.normalize(phrases, dim=1)
    wanted = Scorer(head, phrases).score(features)
    moved = LinkHead(head.weight.to(device), head.bias.to(device))
    scorer, there = Scorer(moved, phrases.to(device)), features.to(device)
    error = relative_error(scorer.score(there), wanted)
    rate = items_per_second(lambda: scorer.score(there), cells, device, quick)
    return Row("link", "float32", error, rate)


def main() -> int:
    """Print the table; 1 when parity fails. `--quick` takes small networks."""
    small, device = "--quick" in sys.argv[1:], choose_device()
    shown = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    print(f"{shown}, torch {torch.__version__}; parity with float32 on the CPU")
    print(f"{'part':<14} {'precision':<9} {'error':>8} {'per second':>11}  parity", flush=True)
    passed = True
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        for row in [
            *check_encoders(folder, device, small),
            check_text("siglip2-base", write_siglip2(folder / "siglip2"), device, small),
            check_text("clip-vitb16", folder / "clip", device, small),
            check_link(device, 2000 if small else 50_000, small),
        ]:
            verdict = "passed" if row.passed else f"FAILED, above {BOUNDS[row.precision]:g}"
            print(
                f"{row.name:<14} {row.precision:<9} {row.error:>8.1e} {row.rate:>11.1f}  {verdict}"
            )
            passed &= row.passed
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
