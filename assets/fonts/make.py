#!/usr/bin/env python3
"""Cuts the fonts of the printed papers out of Debian's packages.

Run on Debian 12 with the packages named in README.md installed, and with
`pip install fonttools pypinyin-dict` (the latter only for its list of the
8,105 characters of 通用规范汉字表). Writes next to this file; the same inputs
give the same bytes.
"""

import pathlib

from fontTools import subset
from fontTools.ttLib import TTFont
from pypinyin_dict.pinyin_data import ktghz2013

HERE = pathlib.Path(__file__).parent
FANDOL = pathlib.Path("/usr/share/texlive/texmf-dist/fonts/opentype/public/fandol")
NOTO = pathlib.Path("/usr/share/fonts/opentype/noto")
LXGW = pathlib.Path("/usr/share/fonts/truetype/lxgw-wenkai")
DEJAVU = pathlib.Path("/usr/share/fonts/truetype/dejavu")
LIBERATION = pathlib.Path("/usr/share/fonts/truetype/liberation2")

# In Noto's collections face 2 is Simplified Chinese; without it the Japanese shapes come out.
SIMPLIFIED = 2

SIGNS = (
    "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳√×÷±□☑■○●△▲◇◆☆★→←↑↓〇℃㎡㎏№‰·•…—–‘’“”〔〕【】《》〈〉「」『』〖〗"
    "、。，．：；？！（）［］｛｝％＋－＝＠＊／～￥＃＆＜＞＿｜ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ≤≥≠≈∶　"
)


def gb2312() -> set[int]:
    """Rows 1, 3 and 16 to 87: signs, full-width ASCII, characters. Not kana, Greek, Cyrillic, boxes."""
    found = set()
    for row in [1, 3, *range(16, 88)]:
        for cell in range(1, 95):
            try:
                found.add(ord(bytes([row + 0xA0, cell + 0xA0]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return found


ASCII = set(range(0x20, 0x7F)) | {0xA0, 0xB7, 0xD7, 0xF7, 0xB1, 0xB0}
TABLE = set(ktghz2013.pinyin_dict)
# Names typed in old or traditional shapes: the Song face is the last in every chain and holds them all.
LAST_RESORT = set(range(0x4E00, 0x9FA6))
WANTED = ASCII | gb2312() | TABLE | {ord(c) for c in SIGNS}


def covered(path: pathlib.Path) -> set[int]:
    return set(TTFont(path, fontNumber=0, lazy=True).getBestCmap())


def rename(font: TTFont, family: str, source: str) -> None:
    """A cut font is a modified font: it gets a name of our own and says where it came from."""
    names = font["name"]
    kept = [n for n in names.names if n.nameID in (0, 7, 13, 14)]
    names.names = [n for n in kept if n.platformID == 3 and n.langID == 0x409]
    plain = family.replace(" ", "")
    said = {
        1: family,
        2: "Regular",
        3: f"{plain}-Regular;Lianhu",
        4: family,
        6: f"{plain}-Regular",
        10: f"Cut from {source} to the characters of Chinese official papers and renamed; see assets/fonts/README.md.",
    }
    for number, text in said.items():
        names.setName(text, number, 3, 1, 0x409)
    if "CFF " in font:
        cff = font["CFF "].cff
        cff.fontNames = [f"{plain}-Regular"]
        top = cff.topDictIndex[0]
        top.FullName, top.FamilyName = family, family
        top.Weight = "Regular"


def plain_weight(font: TTFont) -> None:
    """Each family has one face; it must be found whatever weight the template asks for."""
    font["OS/2"].usWeightClass = 400
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0x21) | 0x40
    font["head"].macStyle = 0


def cut(source: pathlib.Path, out: str, family: str, wanted: set[int], face: int = 0) -> None:
    options = subset.Options(
        font_number=face,
        hinting=False,
        layout_features=[],
        name_IDs=["*"],
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
        drop_tables=subset.Options().drop_tables + ["BASE", "VORG", "vhea", "vmtx", "DSIG", "gasp", "FFTM", "kern"],
    )
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted)
    cutter.subset(font)
    rename(font, family, source.name)
    plain_weight(font)
    subset.save_font(font, str(HERE / out), options)
    have = set(TTFont(HERE / out).getBestCmap())
    print(f"{out}: {(HERE / out).stat().st_size:,} bytes, {len(have):,} characters, {len(wanted - have):,} wanted ones missing")
    if face == SIMPLIFIED and TABLE - have:
        raise SystemExit(f"{out} lacks {[hex(c) for c in sorted(TABLE - have)]}")


def main() -> None:
    rare = WANTED - covered(FANDOL / "FandolFang-Regular.otf")
    cut(FANDOL / "FandolFang-Regular.otf", "lianhu-fang.otf", "Lianhu Fang", WANTED)
    cut(FANDOL / "FandolKai-Regular.otf", "lianhu-kai.otf", "Lianhu Kai", WANTED)
    cut(NOTO / "NotoSansCJK-Medium.ttc", "lianhu-hei.otf", "Lianhu Hei", WANTED, SIMPLIFIED)
    cut(NOTO / "NotoSerifCJK-Regular.ttc", "lianhu-song.otf", "Lianhu Song", WANTED | LAST_RESORT, SIMPLIFIED)
    cut(NOTO / "NotoSerifCJK-Black.ttc", "lianhu-title.otf", "Lianhu Title", WANTED, SIMPLIFIED)
    cut(LXGW / "LXGWWenKai-Light.ttf", "lianhu-rare-kai.ttf", "Lianhu Rare Kai", rare)
    cut(LIBERATION / "LiberationSerif-Regular.ttf", "lianhu-latin.ttf", "Lianhu Latin", ASCII)
    # None of the Chinese faces has the ticked box of our forms.
    cut(DEJAVU / "DejaVuSans.ttf", "lianhu-signs.ttf", "Lianhu Signs", {ord("☑")})


if __name__ == "__main__":
    main()
