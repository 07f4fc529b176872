"""Draws the portal's icons for phones from the same figure as the favicon. Needs Pillow (a package of the tests).

.venv/bin/python tools/make_icons.py
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "src/religa/entrypoints/portal/static/portal"
GREEN, WHITE = "#0b6b57", "#ffffff"
FINER = 8  # drawn larger and made smaller, so that edges are smooth


def icon(size: int, *, round_: bool, scale: float = 1.0) -> Image.Image:
    """The figure of a 32 by 32 grid; `scale` below 1 leaves room for the shape that a phone cuts out."""
    whole = size * FINER
    unit = whole / 32
    picture = Image.new("RGBA", (whole, whole), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, whole - 1, whole - 1), 8 * unit if round_ else 0, fill=GREEN)

    def place(x: float, y: float) -> tuple[float, float]:
        return (16 + (x - 16) * scale) * unit, (16 + (y - 16) * scale) * unit

    width = round(2.6 * unit * scale)
    for radius, middle, ends in ((14.5, 23.98, (226.2, 313.8)), (8.2, 24.28, (230, 310))):
        box = (*place(16 - radius, middle - radius), *place(16 + radius, middle + radius))
        draw.arc(box, *ends, fill=WHITE, width=width)
    draw.ellipse((*place(13.8, 20.8), *place(18.2, 25.2)), fill=WHITE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def main() -> None:
    made = {
        "icon-180": icon(180, round_=False, scale=0.85),
        "icon-192": icon(192, round_=True),
        "icon-512": icon(512, round_=True),
        "icon-maskable-512": icon(512, round_=False, scale=0.7),
    }
    for name, picture in made.items():
        picture.quantize(64).save(FOLDER / f"{name}.png", optimize=True)
        print(name, (FOLDER / f"{name}.png").stat().st_size, "bytes")


if __name__ == "__main__":
    main()
