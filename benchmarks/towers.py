"""A pretraining step of the small tower, and its screening, against the plain loop, in turns.

PYTHONPATH=. OMP_NUM_THREADS=1 python benchmarks/towers.py [--side 64 --patch 8] [--turns 2]

The baseline is the step as ALBEF's published code takes it, written out below on the layers of
transformers: a pass of the text side for the contrast, one for matched pairs, one for both kinds
of negatives and one for hidden words, each padded to the longest text of the batch; logits of the
whole vocabulary at every token; the slow copy moved weight by weight. Both get the same weights,
batches and draws, and their losses are compared. Texts are those of simulated chips: eight
fragments each, then these and captions of a few words mixed as training draws them, then eight
fragments cut to one length, where nothing is padded. Times are processor seconds, the least of the
turns.

Screening: the plain way looks at the chip and at one text, for each of nine texts. What counted
operations predict is printed beside what was measured.

On a GPU (--device cuda --size B --side 224 --patch 16) the clock counts, and a second table has
images a second and the share of the rate of large bfloat16 products, with ViT compiled and not.
"""

import os

os.environ["OMP_WAIT_POLICY"] = "PASSIVE"  # as backend sets it, and before torch reads it

import argparse
import copy
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from backend.corpus import open_corpus
from backend.corpus.pixels import read_db
from backend.simulation.corpus import SimulatedChips, simulate_corpus
from backend.text.minilm import model_folder
from backend.towers.losses import MATCHED, draw_negatives, mask_words
from backend.towers.scio import BANK, Judge
from backend.towers.sizes import SIZES, Sizes
from backend.towers.tower import Tower
from backend.towers.words import Vocabulary
from backend.training.towers.config import Recipe
from backend.training.towers.learner import Learner, Texts, choose_words
from benchmarks.training import matrix_rate, wait

BATCH, QUEUE, ALPHA, RATE, MOST = 64, 1024, 0.4, 1e-4, 100
ONE_LENGTH = 37  # tokens, of which every text of eight fragments has as many
LIMIT = 1e-5

Fragments = Sequence[Sequence[str]]
Losses = tuple[float, float, float]


class PlainStep:
    """The baseline: a pass for each purpose, everything at every token."""

    def __init__(self, tower: Tower, vocabulary: Vocabulary, recipe: Recipe) -> None:
        """Begin with a tower."""
        self.tower, self.vocabulary, self.recipe = tower.train(), vocabulary, recipe
        self.slow = copy.deepcopy(tower).requires_grad_(False)
        self.images = self.texts = torch.empty(0, tower.sizes.dim)
        decay = recipe.weight_decay
        self.optimiser = torch.optim.AdamW(tower.parameters(), RATE, weight_decay=decay)
        self.rng = torch.Generator()

    def step(self, db: torch.Tensor, texts: Fragments, number: int) -> Losses:
        """Take a step; return ITC, ITM and MLM."""
        self.rng.manual_seed(number)
        tower, tokens = self.tower, self.vocabulary.tokenise(texts, self.tower.sizes.most_tokens)
        chosen = choose_words(tokens, self.recipe, self.rng)
        mask, size = self.vocabulary.mask, self.vocabulary.size
        masked, labels = mask_words(tokens.ids, chosen, mask, size, self.rng)
        ids, attended = tokens.ids, tokens.attended
        seen, read = tower.see(db), tower.read(ids, attended)
        image, text = tower.image_vectors(seen), tower.text_vectors(read)
        itc = self._contrast(db, ids, attended, image, text)
        scores = (image @ text.T / tower.temperature).detach()
        same = (ids[:, None] == ids[None]).all(dim=2)
        other_images = draw_negatives(scores.T, same, self.rng)
        other_texts = draw_negatives(scores, same, self.rng)
        matched = tower.match(tower.read(ids, attended, seen))
        unmatched = tower.match(
            tower.read(
                torch.cat([ids, ids[other_texts]]),
                torch.cat([attended, attended[other_texts]]),
                torch.cat([seen[other_images], seen]),
            )
        )
        labels_of_pairs = torch.full((3 * len(db),), 1 - MATCHED)
        labels_of_pairs[: len(db)] = MATCHED
        itm = functional.cross_entropy(torch.cat([matched, unmatched]), labels_of_pairs)
        logits = tower.fill(tower.read(masked, attended, seen))  # (n, t, vocabulary)
        mlm = functional.cross_entropy(logits.flatten(0, 1), labels.flatten())
        (itc + itm + mlm).backward()
        self.optimiser.step()
        self.optimiser.zero_grad()
        tower.clamp_temperature()
        with torch.no_grad():
            for own, theirs in zip(self.slow.parameters(), tower.parameters(), strict=True):
                own.copy_(own * self.recipe.momentum + theirs * (1 - self.recipe.momentum))
        return itc.item(), itm.item(), mlm.item()

    def _contrast(
        self,
        db: torch.Tensor,
        ids: torch.Tensor,
        attended: torch.Tensor,
        image: torch.Tensor,
        text: torch.Tensor,
    ) -> torch.Tensor:
        slow, heat, n = self.slow, self.tower.temperature, len(db)
        with torch.no_grad():
            slow_image = slow.image_vectors(slow.see(db))
            slow_text = slow.text_vectors(slow.read(ids, attended))
            images = torch.cat([slow_image, self.images])
            texts = torch.cat([slow_text, self.texts])
            own = torch.eye(n, len(images))
            to_text = ALPHA * (slow_image @ texts.T / heat).softmax(1) + (1 - ALPHA) * own
            to_image = ALPHA * (slow_text @ images.T / heat).softmax(1) + (1 - ALPHA) * own
        by_image = -((image @ texts.T / heat).log_softmax(1) * to_text).sum(1).mean()
        by_text = -((text @ images.T / heat).log_softmax(1) * to_image).sum(1).mean()
        self.images, self.texts = images[:QUEUE], texts[:QUEUE]  # the newest come first
        return (by_image + by_text) / 2


class OurStep:
    """The step of a run."""

    def __init__(self, tower: Tower, vocabulary: Vocabulary, recipe: Recipe) -> None:
        """Begin with a tower."""
        self.learner = Learner(tower, vocabulary, recipe, tower.temperature.device)

    def step(self, db: torch.Tensor, texts: Fragments, number: int) -> Losses:
        """Take a step; return ITC, ITM and MLM."""
        self.learner._rng.manual_seed(number)
        losses = self.learner.add(db, Texts(texts, texts), ALPHA)
        self.learner.update(RATE)
        return losses


def captions(folder: Path, side: int) -> tuple[torch.Tensor, dict[str, list[tuple[str, ...]]]]:
    """Return a batch of simulated chips (n, 2, side, side) in dB, and their captions by kind."""
    corpus = simulate_corpus(folder, SimulatedChips(chips=BATCH, side_px=side))
    names = {chip.name: row for row, chip in enumerate(corpus.chips())}
    db = torch.stack([torch.from_numpy(read_db(corpus, chip)) for chip in corpus.chips()])
    found: dict[str, list[tuple[str, ...]]] = {}
    for text in sorted(open_corpus(folder).texts(), key=lambda one: names[one.chip]):
        fragments = tuple(one.text for one in text.fragments)
        found.setdefault(text.task or "", []).append(fragments)
    whole, short = found["complex"][:BATCH], found["concise"]  # a few chips more are made
    mixed = [(whole, short)[row % 2][row] for row in range(BATCH)]
    return db[:BATCH], {"eight fragments": whole, "both kinds": mixed, "one length": whole}


def new_tower(side: int, patch: int, size: str, most: int, words: int) -> Tower:
    """Return the same tower each time."""
    torch.manual_seed(0)
    sizes = Sizes(*SIZES[size], side_px=side, patch_px=patch, most_tokens=most, vocabulary=words)
    return Tower(sizes)


def in_turns(
    given: argparse.Namespace, vocabulary: Vocabulary, db: torch.Tensor, texts: Fragments, most: int
) -> tuple[float, float, float, float]:
    """Return processor seconds of a plain step and of ours, the ratio that counted operations
    predict, and how far their losses differ.
    """
    recipe = Recipe(queue=QUEUE, masked_fragments=0.5)
    tower = new_tower(given.side, given.patch, given.size, most, vocabulary.size)
    ways = [kind(copy.deepcopy(tower), vocabulary, recipe) for kind in (PlainStep, OurStep)]
    counted = [operations(partial(way.step, db[:8], texts[:8], 0)) for way in ways]
    times: list[list[float]] = [[], []]
    apart = 0.0
    for number in range(1, 1 + given.turns):
        losses = []
        for way, own in zip(ways, times, strict=True):
            began = time.process_time()
            losses.append(way.step(db, texts, number))
            own.append(time.process_time() - began)
        apart = max(apart, *(abs(a - b) for a, b in zip(*losses, strict=True)))
    plain, ours = map(min, times)
    return plain, ours, counted[0] / counted[1], apart


def peak_mb(given: argparse.Namespace, way: str, folder: Path) -> float:
    """Return the most memory that a tower and its step take, in a process of its own."""
    options = [f"--{name}={getattr(given, name)}" for name in ("side", "patch", "size")]
    command = [sys.executable, __file__, *options, f"--peak={way}", f"--folder={folder}"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def print_peak(given: argparse.Namespace, vocabulary: Vocabulary) -> None:
    """Print the most memory that a tower and a step of one way have taken."""
    db, texts = torch.load(given.folder / "batch.pt", weights_only=True)
    before = most_mb()
    recipe = Recipe(queue=QUEUE, checkpointing=given.peak == "checkpointing")
    tower = new_tower(given.side, given.patch, given.size, MOST, vocabulary.size)
    kind = PlainStep if given.peak == "plain" else OurStep
    way = kind(tower, vocabulary, recipe)
    for number, pairs in enumerate((2, BATCH)):  # the first step makes the optimiser's state
        way.step(db[:pairs], texts[:pairs], number)
    print(most_mb() - before)


def most_mb() -> float:
    """Return the most memory that this process has had; Linux alone.

    `ru_maxrss` would begin with what the process had that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1e3


def screening(
    given: argparse.Namespace, vocabulary: Vocabulary, db: torch.Tensor, texts: Fragments
) -> None:
    """Print what screening chips once for nine texts gains, as counted and as measured."""
    tower = new_tower(given.side, given.patch, given.size, MOST, vocabulary.size).eval()
    bank = functional.normalize(torch.randn(BANK + 1, tower.sizes.dim), dim=1)
    judge = Judge(tower, vocabulary, bank)

    def once(row: int) -> list[tuple[float, float]]:
        return judge.without_each(judge.see(db[row]), texts[row])

    def nine_times(row: int) -> list[tuple[float, float]]:
        return one_by_one(tower, vocabulary, bank, db[row], texts[row])

    ways = nine_times, once
    with torch.no_grad():
        counted = [operations(partial(way, 0)) for way in ways]
        times: list[list[float]] = [[], []]
        apart = 0.0
        for row in range(2 * given.turns):
            found = []
            for way, own in zip(ways, times, strict=True):
                began = time.process_time()
                found.append(torch.tensor(way(row)))
                own.append(time.process_time() - began)
            apart = max(apart, float((found[0] - found[1]).abs().max()))
    assert apart < LIMIT
    plain, ours = (sum(own) / len(own) for own in times)
    predicted, gained = counted[0] / counted[1], plain / ours
    print(f"Screening a text of {len(texts[0])} fragments: {1e3 * plain:.0f} and {1e3 * ours:.0f} "
          f"ms, {gained:.2f} times as fast; {predicted:.2f} by counted operations, of which it "
          f"reaches {gained / predicted:.2f}; scores differ by {apart:.0e}")  # fmt: skip


def one_by_one(
    tower: Tower,
    vocabulary: Vocabulary,
    bank: torch.Tensor,
    chip: torch.Tensor,
    fragments: Sequence[str],
) -> list[tuple[float, float]]:
    """Return what `Judge.without_each` does, by a chip that is seen anew for every text."""
    whole = list(fragments)
    every = [whole, *([*whole[:j], *whole[j + 1 :]] for j in range(len(whole)))]
    found = []
    for text in every:
        seen, tokens = tower.see(chip[None]), vocabulary.tokenise([text], MOST)
        words = tower.text_vectors(tower.read(tokens.ids, tokens.attended))
        against = torch.cat([tower.image_vectors(seen), bank[:-1]])
        loss = -(words @ against.T / tower.temperature).log_softmax(1)[0, 0]
        pair = tower.match(tower.read(tokens.ids, tokens.attended, seen))
        found.append((float(loss), float(pair.softmax(1)[0, MATCHED])))
    return [(loss - found[0][0], match - found[0][1]) for loss, match in found[1:]]


def operations(work: Callable[[], object]) -> int:
    """Return the multiplications and additions of all products, forwards and back."""
    with FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops()


def compiled_and_not(
    given: argparse.Namespace, vocabulary: Vocabulary, db: torch.Tensor, texts: Fragments
) -> None:
    """Print images a second and the share of the rate of products, with ViT compiled and not."""
    device = torch.device(given.device)
    peak = matrix_rate(torch.bfloat16, device)
    print(f"products in bfloat16: {peak / 1e12:.2f} TFLOP/s")
    for compiled in (False, True):
        tower = new_tower(given.side, given.patch, given.size, MOST, vocabulary.size).to(device)
        way = OurStep(tower, vocabulary, Recipe(queue=QUEUE, precision="bfloat16"))
        work = operations(partial(way.step, db, texts, 0))
        if compiled:
            for one in (way.learner.tower, way.learner.slow):
                one.vit.compile()
        times = []
        for number in range(3 + given.turns):  # the first three warm up
            wait(device)
            began = time.perf_counter()
            way.step(db, texts, number)
            wait(device)
            times.append(time.perf_counter() - began)
        took = median(times[3:])
        print(f"ViT {'compiled' if compiled else 'not compiled'}: {len(db) / took:,.1f} images/s, "
              f"{100 * work / took / peak:.0f} % of the rate of products")  # fmt: skip


def main() -> None:
    """Measure and print; fail where losses differ."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--side", type=int, default=64)
    parser.add_argument("--patch", type=int, default=8)
    parser.add_argument("--size", default="small")
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--compiled", action="store_true", help="also without a GPU")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    vocabulary = Vocabulary((model_folder() / "tokenizer.json").read_bytes())
    if given.peak:
        print_peak(given, vocabulary)
        return
    with tempfile.TemporaryDirectory() as made:
        db, kinds = captions(Path(made) / "corpus", given.side)
        print(f"{given.size}, chips of {given.side} px, patches of {given.patch}, batch {BATCH}, "
              f"{torch.get_num_threads()} threads")  # fmt: skip
        whole = kinds["eight fragments"]
        if given.compiled or given.device != "cpu":
            compiled_and_not(given, vocabulary, db, whole)
        if given.device != "cpu":
            return
        for kind, texts in kinds.items():
            most = ONE_LENGTH if kind == "one length" else MOST
            tokens = vocabulary.tokenise(texts, most).attended
            plain, ours, predicted, apart = in_turns(given, vocabulary, db, texts, most)
            print(f"{kind}: {100 * (1 - tokens.float().mean()):.0f} % padding; plain {plain:.1f}, "
                  f"ours {ours:.1f} s, {plain / ours:.2f} times as fast, {predicted:.2f} by "
                  f"counted operations; losses differ by {apart:.0e}", flush=True)  # fmt: skip
            assert apart < LIMIT
        screening(given, vocabulary, db, whole)
        torch.save((db, [list(one) for one in whole]), Path(made) / "batch.pt")
        peaks = {way: peak_mb(given, way, Path(made)) for way in ("plain", "ours", "checkpointing")}
        for way, peak in peaks.items():
            print(f"peak memory, {way}: {peak:,.0f} MB, {peak / peaks['plain']:.2f}")


if __name__ == "__main__":
    main()
