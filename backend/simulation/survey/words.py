"""What people call each cover class: noun phrases, ready to be joined."""

from dataclasses import dataclass

from backend.simulation.cover import Ground as G
from backend.simulation.cover import Season as S


@dataclass(frozen=True)
class Words:
    """What one class, or several together, are called."""

    phrases: tuple[str, ...]
    """Noun phrases with their article."""

    adjectives: tuple[str, ...] = ()
    """Adjectives that suit every one of the phrases."""


def _words(phrases: str, adjectives: str = "") -> Words:
    split = [
        tuple(p.strip() for p in part.split(",") if p.strip()) for part in (phrases, adjectives)
    ]
    return Words(*split)


_WATER = "open water, a water surface, a broad sheet of water, calm water, a body of water, water"

WORDS: dict[G, Words] = {
    G.LAKE: _words(
        f"a lake, the water of a lake, a lake, a reservoir, an inland lake, a large pond, {_WATER}",
        "still, blue, wide, quiet, glittering, dark, smooth",
    ),
    G.RIVER: _words(
        "a river, a river, a wide river, a stream, a river bend, a waterway, a canal,"
        f" flowing water, {_WATER}",
        "slow, broad, winding, muddy, quiet, deep, calm",
    ),
    G.SEA: _words(
        f"the sea, the open sea, the ocean, a bay, sea water, coastal water, the coast, {_WATER}",
        "blue, calm, grey, wide, shallow, rough, windy",
    ),
    G.FLOOD: _words(
        "a flooded field, flooded fields, flooded land, a flood, flood water,"
        f" floodwater over fields, inundated farmland, standing water, a flooded plain, {_WATER}",
        "muddy, brown, shallow, wide",
    ),
    G.FLOODED_VEGETATION: _words(
        "a flooded forest, trees standing in water, flooded bushes, a mangrove swamp,"
        " flooded vegetation, a swamp, drowned trees, a wooded swamp, mangroves",
        "dense, dark, wet, green, tangled",
    ),
    G.MARSH: _words(
        "a marsh, reeds, a wetland, a reed bed, marshland, a bog, wet meadows, a peat bog, a fen,"
        " boggy ground, swampy land, reeds at the water's edge",
        "wide, wet, soggy, green, brown, flat",
    ),
    G.MUDFLAT: _words(
        "mudflats, tidal flats, a muddy shore at low tide, wet mud, a tidal flat, exposed mud,"
        " a mud bank",
        "wide, grey, wet, flat, glistening",
    ),
    G.BROADLEAVED_FOREST: _words(
        "a forest, a forest, a wood, woodland, trees, a broadleaved forest, beech trees, oak trees,"
        " a deciduous forest, a stand of trees, a beech wood, an oak wood, birch trees, a grove,"
        " the edge of a forest, leafy trees, a wooded area, tall trees",
        "dense, green, old, mixed, shady, young, thick",
    ),
    G.CONIFEROUS_FOREST: _words(
        "a forest, a forest, a pine forest, a spruce forest, conifers, pine trees, fir trees,"
        " a coniferous forest, evergreen trees, spruces, a pine wood, a conifer plantation,"
        " woodland, tall trees, the edge of a forest, a stand of pines",
        "dense, dark, old, young, thick, green",
    ),
    G.RAINFOREST: _words(
        "a rainforest, a forest, a tropical forest, the jungle, tropical trees, a jungle, woodland,"
        " the forest canopy, palm trees, a wall of trees, tall trees",
        "dense, lush, green, humid, thick, deep",
    ),
    G.SHRUBLAND: _words(
        "shrubland, bushes, scrub, a heath, heathland, shrubs, thickets, moorland, a bushy slope,"
        " scrubland, low bushes and grass",
        "low, thorny, dry, dense, wild, scattered",
    ),
    G.SAVANNA: _words(
        "a savanna, savannah with scattered trees, scattered trees, acacia trees in dry grass,"
        " grassland with a few trees, open bush country, the bush, rangeland, a plain with acacias",
        "dry, wide, sunny, yellow, open",
    ),
    G.GRASSLAND: _words(
        "a meadow, grassland, a pasture, grass, a green field, a hay meadow, grazing land,"
        " a grassy field, pastures, meadows, a lawn of short grass, rangeland",
        "green, lush, flat, wide, mown, open",
    ),
    G.BARE_SOIL: _words(
        "a ploughed field, bare soil, a bare field, tilled soil, a freshly ploughed field,"
        " arable land, cropland, a harrowed field, a field with bare earth, an empty field,"
        " stubble, a harvested field",
        "brown, dark, wide, flat, dry, large",
    ),
    G.CEREALS: _words(
        "a wheat field, a cereal field, a field of barley, wheat, a grain field, cropland,"
        " a field of crops, crops, arable land, farmland, a field of rye, young crops",
        "wide, green, flat, ripe, large, open",
    ),
    G.TALL_CROPS: _words(
        "a maize field, a corn field, a field of sunflowers, a rapeseed field, sugar cane, maize,"
        " a field of tall crops, cropland, tall corn, a cane field, a field of sorghum",
        "green, tall, dense, large, ripe",
    ),
    G.RICE: _words(
        "a rice paddy, rice fields, paddy fields, a paddy, rice, rice paddies, terraces of rice,"
        " irrigated fields",
        "green, wet, flat, young",
    ),
    G.ORCHARD: _words(
        "an orchard, a vineyard, rows of vines, fruit trees, olive trees, an olive grove,"
        " an apple orchard, citrus trees, rows of trees, a plantation, vines, almond trees",
        "old, neat, young, sunny, green",
    ),
    G.SPARSE: _words(
        "a steppe, bare land, dry barren land, a stony plain, semi-desert, sparse vegetation,"
        " barren ground, a desert plain, bare earth with tufts of grass, dusty ground, wasteland",
        "dry, wide, empty, flat, stony, dusty",
    ),
    G.SAND: _words(
        "sand, a sandy beach, sand dunes, a desert, a beach, dunes, bare sand, a sandy plain,"
        " a sandbank, a desert of sand",
        "wide, yellow, dry, flat, bright, empty",
    ),
    G.ROCK: _words(
        "bare rock, a rocky slope, cliffs, a mountainside, rocks, a stony mountain, scree,"
        " boulders, a rock face, rocky ground, a bare mountain, crags",
        "grey, steep, rugged, barren, high",
    ),
    G.SNOW_ICE: _words(
        "snow, a snow field, ice, a glacier, a snowy plain, snow-covered ground, an icy surface,"
        " an ice sheet",
        "white, bright, wide, cold, smooth",
    ),
    G.VILLAGE: _words(
        "a village, houses, a hamlet, a farmstead, farm buildings, a small settlement,"
        " houses with gardens, a residential area, a suburb, a cluster of houses, a farmhouse,"
        " homes",
        "small, quiet, old, rural, scattered",
    ),
    G.TOWN: _words(
        "a town, a city, a dense town, buildings, apartment blocks, a city centre, urban streets,"
        " a built-up area, an urban area, rows of houses, a town centre, high-rise buildings,"
        " artificial land and buildings",
        "large, busy, dense, old, modern, crowded",
    ),
    G.INDUSTRY: _words(
        "an industrial area, factories, warehouses, a factory, large halls, greenhouses,"
        " an industrial estate, storage tanks, a business park, large metal roofs, a power station",
        "large, modern, grey, big",
    ),
    G.ASPHALT: _words(
        "a road, a runway, an airfield, asphalt, a paved road, a car park, a motorway, a highway,"
        " tarmac, a concrete surface",
        "straight, wide, empty, grey, flat",
    ),
}

# Names of several classes together, for views that hold a mixture of them.
MIXTURES: dict[tuple[G, ...], Words] = {
    (G.BARE_SOIL, G.CEREALS, G.TALL_CROPS, G.GRASSLAND, G.RICE, G.ORCHARD): _words(
        "farmland, fields, a patchwork of fields, agricultural land, cropland, open fields,"
        " cultivated land, a farming landscape, fields and meadows, fields divided by tracks",
        "flat, wide, open, fertile, gentle",
    ),
    (G.BROADLEAVED_FOREST, G.CONIFEROUS_FOREST, G.RAINFOREST): _words(
        "a mixed forest, a forest, woodland, trees, a wood of pines and birches,"
        " a wooded landscape",
        "dense, green, old, wild",
    ),
    (G.VILLAGE, G.TOWN, G.INDUSTRY): _words(
        "buildings, a built-up area, the outskirts of a town, houses and workshops, a town,"
        " houses and streets, artificial land",
        "busy, large, modern",
    ),
    (G.SPARSE, G.SAND, G.ROCK): _words(
        "a desert, barren land, a stony desert, bare ground, sand and rock",
        "dry, wide, empty, hot",
    ),
    (G.SAVANNA, G.SHRUBLAND, G.GRASSLAND, G.SPARSE): _words(
        "rangeland, open country, wild grassland and bushes, bush land, grass and scattered shrubs",
        "dry, wide, wild, rough",
    ),
    (G.LAKE, G.RIVER, G.SEA, G.FLOOD): _words(_WATER, "wide, still, quiet, blue"),
    (G.MARSH, G.FLOODED_VEGETATION, G.MUDFLAT): _words(
        "a wetland, a swamp, wet ground, marshland", "wide, wild, green"
    ),
}

# Two things side by side that have a name together.
MEETINGS: dict[tuple[G, G], Words] = {
    (G.SEA, G.INDUSTRY): _words("a harbour, a port, quays with cranes, docks, a container port"),
    (G.SEA, G.TOWN): _words("a seaside town, a harbour town, a coastal city, a waterfront"),
    (G.SEA, G.VILLAGE): _words("a fishing village, houses by the sea, a seaside village"),
    (G.SEA, G.SAND): _words("a beach, a sandy shore, a sandy beach by the sea, the seashore"),
    (G.SEA, G.ROCK): _words("a rocky coast, sea cliffs, a rocky shore"),
    (G.RIVER, G.TOWN): _words("a town on a river, a riverside town, a river through a town"),
    (G.RIVER, G.SAND): _words("a river with sandbanks, gravel banks of a river"),
    (G.LAKE, G.MARSH): _words("a lake with reeds, a reedy shore, the reedy edge of a pond"),
    (G.LAKE, G.CONIFEROUS_FOREST): _words("a forest lake, a lake among pines, a wooded shore"),
    (G.LAKE, G.BROADLEAVED_FOREST): _words("a lake among trees, a wooded shore, a lake in a wood"),
    (G.FLOOD, G.VILLAGE): _words("a flooded village, houses standing in water"),
    (G.FLOOD, G.TOWN): _words("a flooded town, flooded streets"),
}

HILLS = _words("hills, a hillside, rolling hills, wooded ridges, a ridge", "low, gentle, distant")
MOUNTAINS = _words(
    "mountains, a mountain range, steep slopes, peaks, high ridges", "high, distant, steep"
)

SEASON_WORDS: dict[S, tuple[str, ...]] = {
    S.GROWING: ("in summer", "in spring", "on a sunny day", "on a summer morning", "in May"),
    S.LEAF_OFF: ("in winter", "in late autumn", "on a grey day", "in early spring", "in November"),
    S.DRY: ("in the dry season", "in the heat", "on a hot day", "after a long drought"),
    S.FROZEN: ("in deep winter", "in the frost", "on a freezing day", "in January"),
}
ANY_WORDS = (
    "under a cloudy sky",
    "under a clear sky",
    "on an overcast day",
    "in the evening light",
)
