"""What papers printed of captions, answers and retrieval, to stand beside ours.

SAR-KnowLIP (Yang et al., arXiv 2509.23927), SARLANG-1M (Wei et al., arXiv 2504.03254) and
SARChat-2M (Ma et al., arXiv 2502.08168), each on data of its own, which nobody has run here.
"""

from dataclasses import dataclass

RETRIEVAL_TEST = "161 chips with 805 captions"
"""What SAR-KnowLIP's retrieval was measured on."""
QUESTIONS = ("count", "recognition", "position", "main", "all", "regional")
"""SAR-KnowLIP's types of questions."""
_MEASURES = ("BLEU-4", "METEOR", "CIDEr", "SPICE")
CAPTIONS = ("BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "ROUGE-L", "CIDEr", "METEOR", "SPICE")
"""Measures of captions, in percent but for CIDEr, which is times 100."""


@dataclass(frozen=True)
class LanguageRow:
    """The figures of one model of SAR-KnowLIP's table, in percent."""

    model: str
    """ViT-B or ViT-L, and what it was trained as."""
    retrieval: tuple[float, ...]
    """Image → text R@1, 5, 10, text → image R@1, 5, 10, and mR."""
    captions: dict[str, float]
    """By names of `CAPTIONS`."""
    answers: tuple[float, ...]
    """By `QUESTIONS`, right answers."""


_RETRIEVAL = """\
ViT-B_RemoteCLIP 8.07 14.91 21.12 5.34 25.34 37.76 18.76
ViT-B_GeoRSCLIP 9.32 16.77 25.47 9.32 26.34 43.48 21.78
ViT-B_BAN 9.32 19.88 24.84 9.69 26.83 37.76 21.39
ViT-B_ChangeCLIP 10.56 18.01 28.57 7.08 26.83 41.49 22.09
ViT-B_Prithvi 6.21 11.80 14.29 2.61 13.66 22.98 11.93
ViT-B_SkyScript 8.70 22.36 32.92 10.31 34.78 49.94 26.50
ViT-B_CLIP 14.29 19.88 23.60 9.44 24.84 34.53 21.10
ViT-B_BLIP 15.53 29.19 39.75 15.53 52.05 65.96 36.34
ViT-B_KnowLIP 20.50 38.51 50.93 20.25 49.57 68.45 41.37
ViT-L_RemoteCLIP 11.80 18.01 24.22 8.70 33.04 45.84 23.60
ViT-L_BAN 9.32 18.63 24.22 12.17 29.94 44.84 23.19
ViT-L_VHM 9.32 13.66 17.39 7.45 26.34 38.26 18.74
ViT-L_GeoChat 5.59 11.80 21.12 6.21 21.99 35.90 17.10
ViT-L_SkyScript 8.07 14.91 23.60 10.31 26.83 42.36 21.01
ViT-L_BITA 6.83 11.18 18.01 6.71 23.23 33.91 16.65
ViT-L_KnowLIP 26.70 39.13 51.55 29.81 61.86 75.90 47.49
"""
_TEXTS = """\
ViT-B_RemoteCLIP 73.53 50.09 76.24 49.45 55.48 72.49 28.68 85.79 38.80 76.09
ViT-B_GeoRSCLIP 73.88 49.18 71.88 48.52 55.70 77.01 16.58 84.70 44.81 73.36
ViT-B_BAN 76.98 50.75 93.67 50.72 53.96 62.91 17.76 82.51 44.26 76.50
ViT-B_ChangeCLIP 72.95 50.89 67.65 48.32 55.70 22.11 22.24 85.79 47.54 77.60
ViT-B_Prithvi 77.62 50.54 73.66 51.16 52.01 50.50 8.55 78.69 17.49 73.50
ViT-B_SkyScript 72.68 48.71 67.92 48.20 54.18 75.81 14.47 86.34 20.77 76.64
ViT-B_CLIP 75.05 51.80 67.79 49.06 56.13 69.99 26.58 86.37 42.08 76.37
ViT-B_BLIP 76.52 56.28 104.36 49.55 76.66 89.55 79.76 82.51 39.34 77.19
ViT-B_KnowLIP 80.01 57.68 113.46 51.40 98.70 96.43 97.89 99.45 89.07 93.58
ViT-L_RemoteCLIP 76.96 50.18 80.63 51.01 55.27 87.72 29.72 82.51 43.72 70.90
ViT-L_BAN 72.88 50.56 4.66 47.28 53.42 60.40 16.32 86.89 9.84 75.82
ViT-L_VHM 76.96 49.96 79.07 50.67 52.23 62.34 8.68 86.89 30.05 75.68
ViT-L_GeoChat 76.47 50.14 83.48 49.41 52.66 73.31 8.68 79.78 30.05 77.46
ViT-L_SkyScript 77.26 50.28 76.79 50.95 52.77 85.65 18.34 84.70 43.72 78.55
ViT-L_BITA 77.41 50.15 80.60 50.93 52.33 78.13 8.95 86.33 19.13 77.73
ViT-L_KnowLIP 79.64 58.66 117.83 52.11 98.91 93.36 98.16 90.89 96.72 81.42
"""
_SARLANG = """\
MLAT 26.02 16.90 11.67 8.09 24.90 34.50 60.55 53.82 48.46 43.33 60.03 224.07
HCNet 26.31 16.57 11.12 7.42 24.91 33.61 61.06 54.45 49.19 44.15 60.78 239.00
BLIP_ViT-B,_LoRA 26.32 17.31 12.09 8.56 24.63 36.54 58.34 51.98 46.95 42.16 55.73 227.24
LLaVA1.5-13B,_LoRA 34.90 22.95 16.55 12.01 32.43 45.13 25.42 15.61 10.64 7.20 22.65 11.03 70.04
LLaVA1.5-7B,_LoRA 35.24 23.63 17.28 12.70 32.72 46.35 23.97 14.09 9.00 5.71 21.52 10.27 70.30
Qwen2-VL-7B,_LoRA 35.78 23.72 17.57 13.08 32.84 48.36 24.58 15.14 10.41 7.11 22.28 9.56 68.55
Qwen2.5-VL-7B,_LoRA 32.79 22.29 16.44 12.25 30.24 55.64 37.75 31.00 26.31 22.36 38.50 70.05 73.33
LLaVA1.5-13B,_as_it_is 6.69 2.88 1.11 0.44 11.50 0.01 9.23 5.12 2.93 1.73 15.08 0.01 29.91
LLaVA1.5-7B,_as_it_is 7.13 3.08 1.11 0.44 12.06 0.03 9.22 4.84 2.26 1.07 14.72 0.02 33.55
DeepSeek-VL-7B,_as_it_is 21.42 9.58 4.17 2.19 19.17 4.62 20.15 10.50 5.12 3.01 17.61 2.73 29.26
DeepSeek-VL-1.3B,_as_it_is 22.35 8.23 3.69 1.89 18.88 5.80 24.98 14.88 6.33 3.45 22.60 3.78 30.02
InternVL2.5-8B,_as_it_is 28.11 17.90 12.19 7.51 29.66 16.15 29.50 20.72 14.93 9.85 30.28 4.84 39.90
InternVL2.5-4B,_as_it_is 27.96 18.28 12.60 7.89 29.98 15.38 26.58 17.50 12.02 7.47 26.89 4.46 43.95
Qwen2-VL-7B,_as_it_is 6.48 2.78 0.96 0.35 11.33 0.01 8.38 4.27 2.07 1.02 14.07 0.01 28.33
Qwen2.5-VL-7B,_as_it_is 24.56 13.69 8.87 5.35 24.49 9.42 18.42 7.85 3.90 1.57 17.68 2.85 38.60
Qwen2.5-VL-3B,_as_it_is 26.70 15.31 9.04 4.14 26.06 8.96 32.17 23.10 17.33 12.17 30.97 5.48 41.23
"""
_GENERAL = """\
GPT-4o 33 66 28 53 47 44
Gemini_2.5 12 38 43 56 73 38
Grok-3 19 27 54 33 65 48
Qwen2.5-VL 36 47 29 51 33 39
trained_on_SARLANG 71.12 86.24 92.24 94.54 83.61 78.96
on_GEOVL 92.83 93.86 93.68 96.17 86.34 85.52
on_GEOVL,_screened_and_filtered 97.18 95.80 94.61 98.36 87.43 88.39
on_GEOVL,_filtered_and_rebuilt 98.70 96.43 97.89 99.45 89.07 93.58
"""


def _lines(printed: str) -> list[tuple[str, tuple[float, ...]]]:
    words = (line.split() for line in printed.splitlines())
    return [(name.replace("_", " "), tuple(map(float, figures))) for name, *figures in words]


KNOWLIP = [
    LanguageRow(model, found, dict(zip(_MEASURES, figures, strict=False)), figures[4:])
    for (model, found), (_, figures) in zip(_lines(_RETRIEVAL), _lines(_TEXTS), strict=True)
]
"""Its table of language: models that were all trained on its own corpus."""
KNOWLIP_ANSWERS = dict(_lines(_GENERAL))
"""General models that were not trained, and its ablation of corpora and SCIO; by `QUESTIONS`."""
SARLANG = {
    (model, task): dict(zip(CAPTIONS, figures[first : first + 6], strict=False))
    for model, figures in _lines(_SARLANG)
    for task, first in (("complex", 0), ("concise", 6))
}
"""Figures of captions by model and type, each reference alone, split at spaces."""
SARLANG_ANSWERS = {name: figures[12] for name, figures in _lines(_SARLANG) if len(figures) > 12}
"""Right answers in percent, over all types, judged by GPT-4."""
SARCHAT_TOTALS = {
    "InternVL2.5-8B": 92.79,
    "Phi-3.5-vision": 92.06,
    "mPLUG-Owl3-7B": 91.71,
    "Qwen2-VL-7B": 90.76,
}
"""SARChat's total of models that were tuned on it, in percent."""
