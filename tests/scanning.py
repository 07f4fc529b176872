"""Reads a drawn code as a camera does: the very strokes of the SVG, on paper or on a dark page, through zxing-cpp."""

from __future__ import annotations

import re

import zxingcpp
from PIL import Image, ImageDraw

SIZE = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
GROUND = re.compile(r'<path fill="#fff" d="M0 0h(\d+)v(\d+)H0z"/>')
INK = re.compile(r'<path stroke="#000" stroke-width="(\d+)" d="([^"]+)"/></svg>$')
LINE = re.compile(r"M(\d+) ([\d.]+)([^M]+)")
MOVE = re.compile(r"h(\d+)|m(\d+) 0")


def picture(svg: str, *, page: str = "#0e1412", scale: int = 4) -> Image.Image:
    """The drawing as pixels, with some of the page around it."""
    width, height = map(int, SIZE.search(svg).groups())
    assert tuple(map(int, GROUND.search(svg).groups())) == (width, height), "the white ground covers it all"
    image = Image.new("RGB", (width + 8, height + 8), page)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((4, 4, width + 3, height + 3), fill="#fff")
    for left, top, right, bottom in bars(svg):
        assert right <= width and bottom <= height
        canvas.rectangle((left + 4, top + 4, right + 3, bottom + 3), fill="#000")
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def bars(svg: str) -> list[tuple[int, int, int, int]]:
    thickness, path = INK.search(svg).groups()
    found = []
    for x, y, moves in LINE.findall(path):
        top, at = int(float(y) - int(thickness) / 2), int(x)
        for dark, light in MOVE.findall(moves):
            if dark:
                found.append((at, top, at + int(dark), top + int(thickness)))
            at += int(dark or light)
    return found


def read(image: Image.Image) -> tuple[str, str]:
    """What stands there: the kind of code and its text; exactly one."""
    (found,) = zxingcpp.read_barcodes(image)
    return found.format.name, found.text
