"""Five records of every layout that corpora are published in, made here from their description."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from affine import Affine
from PIL import Image

from tests.support.rasters import write_raster

SIDE = 64
CATEGORIES = ("ship", "bridge", "tank")
FRAGMENTS = (
    "Terrain", "Functionality", "Distribution", "Layout",
    "Boundary", "Buildings", "Roads", "Water",
)  # fmt: skip


def captions(folder: Path, name: str, columns: tuple[str, str], delimiter: str = ",") -> None:
    """A table of captions; one of them has a comma, quotes, and Greek."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    words = (
        "two ships",
        'a "bridge", near water',
        "πλοία στο λιμάνι",
        "fields",
        "a town, 12 tanks",
    )
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows((f"pictures/{k}.png", one) for k, one in enumerate(words))


def write_json(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")


def messages(k: int) -> dict[str, object]:
    return {
        "messages": [
            {"role": "user", "content": f"<image>How many ships, case {k}?"},
            {"role": "assistant", "content": str(k)},
        ],
        "images": [f"pictures/{k}.png"],
    }


def sar_text(folder: Path) -> None:
    captions(folder, "annotations_PORTS.csv", ("filepath", "caption"))


def sarcap(folder: Path) -> None:
    captions(folder, "img_caption.csv", ("filename", "caption"), "\t")
    path = folder / "img_caption.csv"
    listed = "pictures/9.png\ttank 4 15 18 32 ; bridge 1 2 30 31\n"
    path.write_text(path.read_text("utf-8") + listed, encoding="utf-8")


def sarvlm(folder: Path) -> None:
    captions(folder, "train.csv", ("imgpath", "caption"))
    captions(folder, "more/test.csv", ("imgpath", "caption"))


def fsar_cap(folder: Path) -> None:
    captions(folder, "val.csv", ("image_path", "sentence"))


def sarlang(folder: Path) -> None:
    captions(folder, "caption/Caption-training.csv", ("image", "caption"))
    captions(folder, "caption/Caption_test1.csv", ("image", "caption"))
    write_json(folder / "VQA" / "SARVQA1_train.json", [messages(k) for k in range(5)])


def sarchat(folder: Path) -> None:
    write_json(folder / "SARChat_classify_count_test.json", [messages(k) for k in range(5)])
    flat = [
        {"query": "<image>Name the classes.", "response": f"ship {k}", "images": [f"p/{k}.jpg"]}
        for k in range(5)
    ]
    write_json(folder / "SARChat_classify_test.json", flat)


def dialogues(folder: Path) -> None:
    turns = [
        {"from": role, "value": f"{role} speaks {n}"} for n in range(2) for role in ("human", "gpt")
    ]
    write_json(
        folder / "SAR-VQA_conv.json",
        [{"id": f"a{k}", "image": f"p/{k}.jpg", "conversations": turns} for k in range(5)],
    )


def geovl(folder: Path) -> None:
    records = [
        {"image_id": k, **{name: f"The {name.lower()} is: kind {k}." for name in FRAGMENTS}}
        for k in range(5)
    ]
    write_json(folder / "records.json", records)
    training = [
        {"caption": "all", "image": f"{k}.tif", **{n.lower(): f"{n} {k}.$" for n in FRAGMENTS}}
        for k in range(5)
    ]
    write_json(folder / "training.json", training)


def coco(folder: Path) -> None:
    images = [
        {"id": 10 + k, "file_name": f"{k}.jpg", "width": SIDE, "height": 48} for k in range(5)
    ]
    boxes = [
        {
            "id": k, "image_id": 10 + k // 2, "category_id": k % 3, "iscrowd": 0, "area": 50.0,
            "bbox": [4.0 * k, 3.0, 10.0, 5.0],
        }
        for k in range(7)
    ]  # fmt: skip
    categories = [{"id": k, "name": name} for k, name in enumerate(CATEGORIES)]
    values = {"images": images, "annotations": boxes, "categories": categories}
    write_json(folder / "Annotations" / "train.json", values)


def voc(folder: Path) -> None:
    (folder / "Annotations").mkdir(parents=True)
    for k in range(5):
        (folder / "Annotations" / f"{k}.xml").write_text(
            f"<annotation><folder>p</folder><filename>{k}.jpg</filename>"
            f"<size><width>{SIDE}</width><height>48</height><depth>1</depth></size>"
            f"<object><name>ship</name><difficult>0</difficult><bndbox><xmin>{k}</xmin>"
            "<ymin>2</ymin><xmax>20</xmax><ymax>12.5</ymax></bndbox></object></annotation>\n"
        )


def yolo(folder: Path) -> None:
    for name in ("labels", "images"):
        (folder / name).mkdir(parents=True)
    (folder / "classes.txt").write_text("".join(f"{name}\n" for name in CATEGORIES))
    for k in range(5):
        Image.fromarray(np.full((48, SIDE), 40 * k, np.uint8)).save(folder / f"images/{k}.png")
        line = f"{k % 3} 0.500000 0.250000 0.125000 0.{k + 1}00000\n"
        (folder / f"labels/{k}.txt").write_text(line * 2)


def geojson(folder: Path) -> None:
    features = []
    for k in range(5):
        west, north = 400_000 + 1000 * k, 5_400_000
        values = np.full((2, SIDE, SIDE), -10, np.float32)
        grid = Affine(10, 0, west, 0, -10, north)
        write_raster(folder / f"{k}.tif", values, transform=grid)
        ring = [[west + x, north - y] for x, y in ((50, 50), (150, 50), (150, 90), (50, 50))]
        features.append(
            {
                "type": "Feature",
                "properties": {"chip": f"{k}.tif", "category": "ship", "note": k},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
    crs = {"type": "name", "properties": {"name": "EPSG:32633"}}
    write_json(
        folder / "ships.geojson", {"type": "FeatureCollection", "crs": crs, "features": features}
    )


def bigearthnet_txt(folder: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    kinds = ("captioning", "binary", "mcq", "bounding box", "captioning")
    rows = [
        {
            "ID": k,
            "s1_name": f"S1A_IW_GRDH_1SDV_20170613T165043_33UUP_61_{40 + k % 4}",
            "patch_id": f"S2A_{k}",
            "input": f"Question {k}?",
            "output": f"answer {k}",
            "type": kind,
            "category": "presence",
            "split": ("train", "bench")[k % 4 == 3],
            "latitude": 48.1 + 0.01 * (k % 4),
            "longitude": 13.0,
            "country": "Austria",
            "season": "Summer",
            "climate_zone": "Dfb",
        }
        for k, kind in enumerate(kinds)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    table = pyarrow.Table.from_pylist(rows)
    pyarrow.parquet.write_table(table, folder / "BigEarthNet.txt.parquet")


LAYOUTS: dict[str, Callable[[Path], None]] = {
    "sar-text": sar_text,
    "caesar-radi-sarcap": sarcap,
    "klayma-sarvlm": sarvlm,
    "fsar-cap": fsar_cap,
    "sarlang": sarlang,
    "sarchat": sarchat,
    "sar-text-dialogues": dialogues,
    "geovl": geovl,
    "coco": coco,
    "sardet": coco,
    "voc": voc,
    "yolo": yolo,
    "geojson": geojson,
    "bigearthnet-txt": bigearthnet_txt,
}
