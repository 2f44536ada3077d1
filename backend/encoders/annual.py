"""alphaearth and tessera: annual embeddings, whose vectors are the features already.

What comes in is the embedding itself, already read as numbers; a cell is a pixel of 10 m. A window
of 500 m only says how much of it a survey point takes. Pixels without a vector take the mean of the
window, so that they do not turn what is pooled from it.
Sources: Brown et al., AlphaEarth Foundations (2025); Feng et al., TESSERA (2025).
"""

from backend.device import Tensor
from backend.encoders.base import Encoder, EncoderSpec, Windows

SIDE = 50


class AnnualEmbedding(Encoder):
    """The identity on the vectors of an embedding."""

    position = 40

    def encode(self, windows: Windows) -> Tensor:
        """Return feature grids (n, H, W, d) float32 of windows of vectors (n, d, H, W)."""
        import torch

        from backend.encoders.networks.windows import fill_gaps, take_windows

        with torch.no_grad():
            vectors = take_windows(windows, self.spec, self.device, step=1)
            return fill_gaps(vectors, (0.0,) * self.spec.dim).permute(0, 2, 3, 1)


class AlphaEarth(AnnualEmbedding):
    """Vectors of length 1."""

    spec = EncoderSpec(
        name="alphaearth",
        title="AlphaEarth Foundations (annual embedding)",
        modality="alphaearth",
        bands=tuple(f"A{number:02}" for number in range(64)),
        dim=64,
        window_px=SIDE,
        pixel_m=10.0,
        grid=(SIDE, SIDE),
        identity="alphaearth/1",
        licence="CC-BY-4.0",
        source="AlphaEarth Foundations Satellite Embedding, by Google and Google DeepMind",
        reach_px=0,
    )


def _tessera(name: str, title: str, source: str) -> EncoderSpec:
    """Return the specification of a version and run of Tessera; each is a space of its own."""
    return EncoderSpec(
        name=name,
        title=f"{title} (annual embedding)",
        modality=name,
        bands=tuple(f"T{number:03}" for number in range(128)),
        dim=128,
        window_px=SIDE,
        pixel_m=10.0,
        grid=(SIDE, SIDE),
        identity=f"{name}/1",
        licence="CC0-1.0",
        source=source,
        reach_px=0,
    )


class Tessera(AnnualEmbedding):
    """Vectors of any length: version 1.0."""

    spec = _tessera("tessera", "Tessera 1.0", "Tessera 1.0, by the University of Cambridge")


class TesseraCambridge(AnnualEmbedding):
    """Version 1.1, as Cambridge ran it for parts of the land."""

    spec = _tessera(
        "tessera-1.1-cambridge",
        "Tessera 1.1, Cambridge",
        "Tessera 1.1, by the University of Cambridge",
    )


class TesseraDClimate(AnnualEmbedding):
    """Version 1.1, as dClimate ran it for all the land."""

    spec = _tessera(
        "tessera-1.1-dclimate",
        "Tessera 1.1, dClimate",
        "Tessera 1.1, by the University of Cambridge, run by dClimate",
    )
