"""Writes a page as files, as `reeld page --export` is to: docs/next/page.md, "The exported page"."""

import json
import shutil

import fake_pairs
from fake_page_server import ASSETS
from pictures import make_picture

PER_PAGE = 200
PER_DETAILS = 20
LIVE = '<meta name="reeld-mode" content="live">'
OWN = "'self' file:"
EXPORT = (
    '<meta name="reeld-mode" content="export">\n<meta http-equiv="Content-Security-Policy" content="'
    f"default-src 'none'; script-src {OWN}; style-src {OWN}; img-src {OWN}; media-src {OWN}; "
    f"base-uri 'none'; form-action 'none'\">"
)


def export(world, clip, folder):
    (folder / "data").mkdir(parents=True)
    for asset in ASSETS.iterdir():
        if asset.name != "signed-out.html":
            shutil.copy(asset, folder)
    index = (folder / "index.html").read_text("utf-8")
    assert index.count(LIVE) == 1
    (folder / "index.html").write_text(index.replace(LIVE, EXPORT), "utf-8")
    items = [dict(item) for item in world.pairs.newest_first()]
    for number, item in enumerate(items):
        item["details"] = number // PER_DETAILS
        write_files(world, item, clip, folder)
    overview = world.overview()
    overview["attention"] = {"total": 0, "counts": {}, "items": []}
    pages = split(items, PER_PAGE)
    write_data(folder, "overview", {"overview": overview, "pages": len(pages)})
    write_data(folder, "folders", {"folders": world.pairs.folders(), "complete": True})
    for number, page in enumerate(pages):
        write_data(folder, f"pairs-{number}", {"items": page})
    for number, some in enumerate(split(items, PER_DETAILS)):
        write_data(
            folder, f"details-{number}", {"pairs": [fake_pairs.tell_all(world.pairs, item["path"]) for item in some]}
        )


def split(items, length):
    return [items[start : start + length] for start in range(0, len(items), length)]


def write_data(folder, name, value):
    (folder / f"data/{name}.js").write_text(f"reeld.exported({json.dumps(name)}, {json.dumps(value)});\n", "utf-8")


def write_files(world, item, clip, folder):
    place = folder / "files" / item["job"]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.with_name(place.name + ".png").write_bytes(make_picture(world.pairs.pictures[item["path"]]))
    if item["video"]:
        place.with_name(place.name + ".mp4").write_bytes(clip.read_bytes())
