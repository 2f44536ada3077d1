"""The same pixels, in any form in which producers write them, are the same scene."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from backend.errors import BandMissing, BandsUnclear, UnitsUnclear
from backend.scenes import open_scene
from tests.support.rasters import write_raster

SIDE = 48
MOST_ASKED = 0.1


@dataclass(frozen=True)
class Form:
    """One way to write dB."""

    units: str
    write: Callable[[NDArray[np.float64]], NDArray[Any]]
    step_db: float = 0.001
    """How far from the plain pixels it may be, by its own steps."""
    tags: tuple[float, float] | None = None
    """The scale and the offset that the file states."""


def power(db: NDArray[np.float64]) -> NDArray[np.float64]:
    return 10 ** (db / 10)


FORMS = {
    "db": Form("db", lambda db: db.astype(np.float32)),
    "db in float64": Form("db", lambda db: db),
    "power": Form("linear", lambda db: power(db).astype(np.float32)),
    "amplitude": Form("amplitude", lambda db: np.sqrt(power(db)).astype(np.float32)),
    "dB x 100": Form("db", lambda db: np.round(db * 100).astype(np.int16), 0.006),
    "dB x 10": Form("db", lambda db: np.round(db * 10).astype(np.int16), 0.06),
    "dB x 100, tagged": Form(
        "db", lambda db: np.round(db * 100).astype(np.int16), 0.006, (0.01, 0.0)
    ),
    "numbers": Form("dn", lambda db: np.round(10 ** ((db + 83) / 20)).astype(np.uint16), 0.01),
    "power, tagged": Form(
        "linear", lambda db: np.round(power(db) * 1e5).astype(np.int32), 0.05, (1e-5, 0.0)
    ),
    "power x 65535": Form("linear", lambda db: np.round(power(db) * 65535).astype(np.uint16), 0.1),
}

# How names look, by what they tell: the two bands' names or their files', and the forms they fit.
ANY = tuple(FORMS)
BANDS: dict[str, tuple[Callable[[str], str], tuple[str, ...]]] = {
    "plain": (lambda p: p, ANY),
    "Earth Engine": (str.lower, ("db", "db in float64", "dB x 100")),
    "SNAP": (lambda p: f"Sigma0_{p}", ("power",)),
    "SNAP in dB": (lambda p: f"Gamma0_{p}_db", ("db", "dB x 100, tagged")),
    "words": (lambda p: f"{p}_amplitude", ("amplitude",)),
    "linear": (lambda p: f"{p}_linear", ("power", "power, tagged", "power x 65535")),
}
FILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "HyP3 in power": ("S1A_IW_20171030T053230_DVP_RTC30_G_gpuned_FD6A_{}", ("power",)),
    "HyP3 in amplitude": ("S1A_IW_20171030T053230_DVP_RTC30_G_gauned_FD6A_{}", ("amplitude",)),
    "HyP3 in dB": ("S1A_IW_20171030T053230_DVP_RTC30_G_gdunem_FD6A_{}", ("db",)),
    "OPERA": (
        "OPERA_L2_RTC-S1_T069-147170-IW1_20210205T163901Z_20220101T140222Z_S1A_30_v1.0_{}",
        ("power",),
    ),
    "Browser": (
        "2017-10-30-00_00_2017-10-30-23_59_Sentinel-1_IW_VV+VH_{}_(Raw)",
        ("power", "power x 65535"),
    ),
    "newer Browser": (
        "2017-10-30-00_00_2017-10-30-23_59_Sentinel-1_IW_VV_VH_{}_(Raw)",
        ("power", "power x 65535"),
    ),
    "Digital Earth Africa": ("s1_rtc_0101B0_N13E025_2018_01_04_{}", ("power",)),
    "Digital Earth Australia": (
        "ga_s1a_nrb_0-1-0_T007-014545-IW2_20250129T050922Z_{}-gamma0",
        ("power",),
    ),
    "S1-NRB": ("s1a-iw-nrb-20200103t170705-030639-0382d5-32tps-{}-g-lin", ("power",)),
    "pyroSAR": ("S1A__IW___A_20210914T191350_{}_gamma0-rtc", ("power",)),
    "pyroSAR in dB": ("S1A__IW___A_20210914T191350_{}_gamma0-rtc_db", ("db",)),
    "TU Wien": (
        "SIG0_20200103T052259__{}_D066_E048N012T3_EU020M_V1M1R2_S1AIWGRDH_TUWIEN",
        ("dB x 10", "dB x 100, tagged", "db"),
    ),
    "TerraScope": (
        "S1B_IW_GRDH_SIGMA0_DV_20180502T054914_DESCENDING_37_B39C_V110_{}",
        ("power",),
    ),
    "seasonal": ("N48W090_fall_{}_AMP", ("numbers",)),
    "BigEarthNet": ("S1A_IW_GRDH_1SDV_20170613T165043_33UUP_61_39_{}", ("db",)),
    "SAFE-like": (
        "s1a-iw-grd-{}-20170613t165043-20170613t165108-017018-01c5a5-001",
        ("power", "db"),
    ),
    "own": ("scene_20200101_{}", ANY),
}
HOLES = ("none", "NaN", "0", "-9999", "floor")


@st.composite
def written(draw: st.DrawFn) -> dict[str, Any]:
    layout = draw(st.sampled_from(["one file", "two files"]))
    names = BANDS if layout == "one file" else FILES
    name = draw(st.sampled_from(sorted(names)))
    return {
        "layout": layout,
        "name": name,
        "form": draw(st.sampled_from(names[name][1])),
        "hole": draw(st.sampled_from(HOLES)),
        "tagged": draw(st.booleans()),
        "vh_first": draw(st.booleans()),
        "more_bands": draw(st.booleans()) and layout == "one file",
        "given": draw(st.sampled_from(["folder", "first", "last"])),
        "stated": draw(st.booleans()),
        "seed": draw(st.integers(0, 5)),
        "level": draw(st.floats(-13, -8)),
    }


def landscape(seed: int, level: float) -> NDArray[np.float64]:
    """dB (2, h, w): land of two levels, a lake, a few houses, speckle of four looks."""
    rng = np.random.default_rng(seed)
    vv = np.where(rng.random((SIDE // 8, SIDE // 8)) < 0.5, level, level - 2).repeat(8, 0)
    vv = vv.repeat(8, 1)
    vh = vv - 6.5
    vv[:12, :16], vh[:12, :16] = -19, -27
    vv[30:32, 30:34], vh[30:32, 30:34] = -1, -9
    speckle = 10 * np.log10(rng.gamma(4.4, 1 / 4.4, (2, SIDE, SIDE)))
    return np.clip(np.stack([vv, vh]) + speckle, -32, -0.2)  # what 16 bits can hold


def with_hole(
    values: NDArray[Any], form: Form, hole: str, at: tuple[slice, ...]
) -> tuple[NDArray[Any], float | None] | None:
    """The stored pixels with a corner without data, and its value; None where a form has none."""
    whole = np.issubdtype(values.dtype, np.integer)
    values = values.copy()
    fills: dict[str, float | None] = {"NaN": None if whole else np.nan, "0": 0.0}
    fills["-9999"] = -9999.0 if values.dtype != np.uint16 else None
    fills["floor"] = None
    if hole == "floor" and form.units == "db" and not form.tags:
        step = {"int16": 100.0 if form.step_db < 0.01 else 10.0}.get(str(values.dtype), 1.0)
        fills["floor"] = -60.0 * step
    fill = fills.get(hole)
    if fill is None:
        return None
    values[at] = fill
    return values, fill


def write(folder: Path, case: dict[str, Any], db: NDArray[np.float64]) -> tuple[Path, bool]:
    """Write a case; return what is given, and whether it has a hole."""
    form = FORMS[case["form"]]
    values, corner = form.write(db), (slice(None), slice(SIDE - 12, None), slice(0, 20))
    changed = with_hole(values, form, case["hole"], corner)
    values, fill = changed or (values, None)
    profile: dict[str, Any] = {}
    if fill is not None and case["tagged"]:
        profile["nodata"] = fill
    order = (1, 0) if case["vh_first"] else (0, 1)
    if case["layout"] == "one file":
        title = BANDS[case["name"]][0]
        names = [title(("VV", "VH")[band]) for band in order]
        stack = values[list(order)]
        if case["more_bands"]:
            angle = np.full((1, SIDE, SIDE), 38).astype(values.dtype)
            stack = np.concatenate([angle, stack, angle])
            names = ["angle", *names, "ratio_VV_VH"]
        if form.tags:
            profile |= {
                "scales": [form.tags[0]] * len(names),
                "offsets": [form.tags[1]] * len(names),
            }
        return write_raster(folder / "scene.tif", stack, names=tuple(names), **profile), bool(
            changed
        )
    if form.tags:
        profile |= {"scales": [form.tags[0]], "offsets": [form.tags[1]]}
    paths = []
    for band in order:
        polarisation = ("VV", "VH")[band]
        stem = FILES[case["name"]][0]
        if stem.islower():
            polarisation = polarisation.lower()
        path = folder / f"{stem.format(polarisation)}.tif"
        paths.append(write_raster(path, values[band : band + 1], names=None, **profile))
    given = {"folder": folder, "first": paths[0], "last": paths[1]}[case["given"]]
    return given, bool(changed)


def tells(case: dict[str, Any]) -> bool:
    """Whether a name or a stated option tells the units."""
    silent = ("plain", "own", "SAFE-like", "Earth Engine", "SNAP")
    return case["stated"] or case["name"] not in silent


@pytest.fixture(scope="module")
def counted(request: pytest.FixtureRequest) -> Iterator[Counter[str]]:
    """How many cases were read, and how many were asked about."""
    counts: Counter[str] = Counter()
    yield counts
    total = sum(counts.values())
    reporter = request.config.pluginmanager.getplugin("terminalreporter")
    if reporter is not None and total:
        reporter.write_line(
            f"{total} forms, of which {counts['asked'] / total:.1%} were asked about"
        )


@settings(max_examples=110, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(case=written())
def test_any_form_is_the_same_scene_or_is_asked_about(
    case: dict[str, Any], counted: Counter[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("form")
    db = landscape(case["seed"], case["level"])
    path, hole = write(folder, case, db)
    form = FORMS[case["form"]]
    stated = {"units": form.units} if case["stated"] else {}
    try:
        with open_scene(path, **stated) as scene:
            found = scene.read(scene.extent)
    except (UnitsUnclear, BandsUnclear, BandMissing) as refusal:
        counted["asked"] += 1
        assert not tells(case), refusal
        assert refusal.remedy
        return
    counted["read"] += 1
    expected = db.astype(np.float32)
    if hole:
        expected[:, SIDE - 12 :, :20] = np.nan
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    lit = expected > -25  # below that the steps of whole numbers are wider than theirs
    np.testing.assert_allclose(found[lit], expected[lit], atol=form.step_db)


def test_few_forms_are_asked_about(counted: Counter[str]) -> None:
    total = sum(counted.values())
    assert total >= 100 and counted["asked"] <= MOST_ASKED * total, counted
