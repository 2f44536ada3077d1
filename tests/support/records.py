"""Records of chips, drawn at random."""

from hypothesis import strategies as st

from backend.language import Box, Contact, Cover, Object, Patches, Place, Record, Region

CATEGORIES = ("ship", "aircraft", "car", "tank", "bridge", "harbor")
CLASSES = ("open water", "trees", "built-up land", "farmland", "bare ground")
SIDE = 320


def boxes() -> st.SearchStrategy[Box]:
    """Boxes that meet a chip of SIDE pixels; some leave it."""
    corner = st.integers(-4, 4 * SIDE - 4).map(lambda n: n / 4)
    length = st.one_of(st.integers(20, 4 * SIDE), st.integers(40, 200)).map(lambda n: n / 4)
    return st.builds(Box, corner, corner, length, length)


def objects(categories: tuple[str, ...] = CATEGORIES) -> st.SearchStrategy[tuple[Object, ...]]:
    """Objects of few categories, so that they repeat."""
    score = st.one_of(st.none(), st.floats(0, 1))
    one = st.builds(Object, st.sampled_from(categories), boxes(), score)
    return st.lists(one, max_size=9).map(tuple)


def shares() -> st.SearchStrategy[dict[str, float]]:
    """Shares that add up to 1."""
    parts = st.lists(st.integers(0, 20), min_size=len(CLASSES), max_size=len(CLASSES))
    return parts.map(
        lambda found: {
            name: part / max(1, sum(found)) for name, part in zip(CLASSES, found, strict=True)
        }
    )


def covers() -> st.SearchStrategy[Cover]:
    """Covers whose regions add up to the chip."""

    def build(of_regions: list[dict[str, float]], contact: float, count: int) -> Cover:
        regions = tuple(Region(1 / 9, one) for one in of_regions)
        total = {name: sum(one[name] for one in of_regions) / 9 for name in CLASSES}
        return Cover(
            "segmentation",
            total,
            regions,
            (Contact(("open water", "trees"), contact),),
            {"open water": Patches(count, 1.0 + count)},
        )

    nine = st.lists(shares(), min_size=9, max_size=9)
    return st.builds(build, nine, st.integers(0, 20).map(lambda n: n / 20), st.integers(1, 9))


def records(categories: tuple[str, ...] = CATEGORIES) -> st.SearchStrategy[Record]:
    """Records with and without objects, cover, place, size of a pixel and date."""
    degrees = st.builds(Place, st.integers(-180, 180), st.integers(-90, 90))
    return st.builds(
        Record,
        st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8),
        st.just(SIDE),
        st.just(SIDE),
        objects=st.one_of(st.none(), objects(categories)),
        cover=st.one_of(st.none(), covers()),
        place=st.one_of(st.none(), degrees),
        metres_per_pixel=st.one_of(st.none(), st.sampled_from([0.5, 1.0, 3.0, 10.0])),
        date=st.one_of(st.none(), st.just("2024-06-15")),
    )
