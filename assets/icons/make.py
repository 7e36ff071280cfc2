#!/usr/bin/env python3
"""Draws the program's icon, 联 in white on the deep red of the window's top edge, in every size a system asks for.

Needs ImageMagick's `convert` (Debian: imagemagick). The letter is that of ../fonts, so no font need be installed.
Writes next to this file.
"""

import pathlib
import struct
import subprocess
import tempfile

HERE = pathlib.Path(__file__).parent
FONT = HERE.parent / "fonts" / "lianhu-hei.otf"
RED = "#8c1a1e"

# Drawn this large and reduced, so that edges come out even.
CANVAS = 1024

# Below this size the letter needs all the room there is.
SMALL = 32

# What each kind of picture in an .icns is called, by its side in pixels.
ICNS = {16: ["icp4"], 32: ["icp5", "ic11"], 64: ["icp6", "ic12"], 128: ["ic07"], 256: ["ic08", "ic13"],
        512: ["ic09", "ic14"], 1024: ["ic10"]}


def draw(side: int, to: pathlib.Path) -> pathlib.Path:
    margin, letter = (0, 860) if side <= SMALL else (48, 740)
    edge = CANVAS - margin - 1
    square = f"roundrectangle {margin},{margin} {edge},{edge} 190,190"
    subprocess.run(
        ["convert", "-size", f"{CANVAS}x{CANVAS}", "xc:none", "-fill", RED, "-draw", square,
         "-font", FONT, "-fill", "white", "-gravity", "center", "-pointsize", str(letter), "-annotate", "+0-6", "联",
         "-filter", "Lanczos", "-resize", f"{side}x{side}", "-depth", "8", "+set", "date:create", "+set", "date:modify",
         "-define", "png:exclude-chunks=date,time", f"PNG32:{to}"],
        check=True,
    )
    return to


def icns(pictures: dict[int, pathlib.Path]) -> bytes:
    parts = [(kind, pictures[side].read_bytes()) for side, kinds in ICNS.items() for kind in kinds]
    body = b"".join(kind.encode() + struct.pack(">I", len(png) + 8) + png for kind, png in parts)
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        sides = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
        pictures = {side: draw(side, pathlib.Path(folder, f"{side}.png")) for side in sides}
        for name, side in [("32x32", 32), ("128x128", 128), ("128x128@2x", 256), ("icon", 512)]:
            pathlib.Path(HERE, f"{name}.png").write_bytes(pictures[side].read_bytes())
        (HERE / "icon.icns").write_bytes(icns(pictures))
        # The first layer is the one shown in the title bar.
        layers = [str(pictures[side]) for side in [32, 16, 24, 48, 64, 256]]
        subprocess.run(["convert", *layers, str(HERE / "icon.ico")], check=True)


if __name__ == "__main__":
    main()
