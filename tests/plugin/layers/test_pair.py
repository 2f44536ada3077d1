"""The other file of a pair is found by the names that producers give."""

from __future__ import annotations

from pathlib import Path

import pytest

from gluelink_plugin.layers.pair import partner_of, polarisation_of

PAIRS = [
    ("S1A_IW_RTC30_G_gpuned_FD6A_VV.tif", "S1A_IW_RTC30_G_gpuned_FD6A_VH.tif"),
    ("OPERA_L2_RTC-S1_T168_30_v1.0_VV.tif", "OPERA_L2_RTC-S1_T168_30_v1.0_VH.tif"),
    ("iw-vv.rtc.tiff", "iw-vh.rtc.tiff"),
    ("Sentinel-1_IW_VV+VH_VV_(Raw).tiff", "Sentinel-1_IW_VV+VH_VH_(Raw).tiff"),
    ("SIG0_20171030_1VVA.tif", "SIG0_20171030_1VHA.TIF"),
    ("Gamma0_vv_db.tif", "gamma0_VH_db.tif"),
]


@pytest.mark.parametrize(("vv", "vh"), PAIRS)
def test_each_file_of_a_pair_leads_to_the_other(tmp_path: Path, vv: str, vh: str) -> None:
    (tmp_path / vv).touch()
    (tmp_path / vh).touch()
    assert partner_of(tmp_path / vv) == tmp_path / vh
    assert partner_of(tmp_path / vh) == tmp_path / vv
    assert (polarisation_of(tmp_path / vv), polarisation_of(tmp_path / vh)) == ("VV", "VH")


@pytest.mark.parametrize("name", ["lake.tif", "savvy.tif", "S1_VV.tif", "S1_VVVH.tif"])
def test_a_file_of_no_pair_has_no_partner(tmp_path: Path, name: str) -> None:
    for each in (name, "lavvh.tif", "S1_20240501_VH.tif"):
        (tmp_path / each).touch()
    assert partner_of(tmp_path / name) is None
