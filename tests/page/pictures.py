"""Pictures for pairs, made of nothing but the standard library: a sky, a sun, hills, in many colours and shapes."""

import functools
import math
import random
import struct
import zlib

SHAPES = [(480, 270), (270, 480), (360, 360), (480, 320), (320, 480), (480, 206), (400, 300)]
# Sky above, sky below, sun, far hill, near hill.
PALETTES = [
    ((38, 55, 92), (238, 168, 128), (255, 226, 178), (92, 78, 112), (34, 36, 58)),
    ((120, 176, 214), (236, 240, 232), (255, 250, 226), (112, 152, 132), (52, 88, 76)),
    ((24, 26, 46), (72, 64, 120), (226, 224, 240), (46, 42, 84), (18, 18, 32)),
    ((214, 92, 70), (250, 206, 140), (255, 240, 200), (150, 62, 66), (78, 34, 48)),
    ((178, 204, 196), (244, 232, 214), (255, 255, 246), (152, 164, 140), (88, 104, 90)),
    ((70, 40, 90), (240, 130, 150), (255, 214, 190), (120, 60, 110), (52, 28, 62)),
    ((200, 214, 230), (250, 250, 248), (255, 244, 214), (164, 184, 206), (96, 122, 152)),
    ((14, 52, 62), (90, 160, 150), (230, 246, 220), (30, 92, 92), (10, 40, 48)),
]


def blend(one, other, part):
    return bytes(int(a + (b - a) * part) for a, b in zip(one, other))


def make_ridge(dice, width, height, base, swing):
    """For each column the line above which a hill does not reach."""
    waves = [(dice.uniform(1, 4), dice.uniform(0, 7), dice.uniform(0.3, 1)) for _ in range(3)]
    return [
        int(height * (base + swing * sum(math.sin(x / width * f * math.tau / 2 + p) * a for f, p, a in waves) / 3))
        for x in range(width)
    ]


def size_of(number):
    return SHAPES[number % len(SHAPES)]


@functools.lru_cache(maxsize=64)
def make_picture(number):
    """A PNG. The same number gives the same picture."""
    dice = random.Random(number)
    width, height = size_of(number)
    above, below, sun, far, near = map(bytes, PALETTES[(number * 5 + number // 8) % len(PALETTES)])
    far_ridge = make_ridge(dice, width, height, 0.62, 0.16)
    near_ridge = make_ridge(dice, width, height, 0.8, 0.12)
    center, level = dice.uniform(0.2, 0.8) * width, dice.uniform(0.25, 0.5) * height
    radius = min(width, height) * dice.uniform(0.08, 0.16)
    rows = []
    for y in range(height):
        sky = blend(above, below, min(1, y / height / 0.75))
        line = [sky] * width
        draw_sun(line, sky, sun, center, y - level, radius)
        haze = blend(far, below, 0.25 * max(0, 1 - abs(y - height * 0.62) / 60))
        rows.append(
            b"\0"
            + b"".join(
                [
                    near if y > low else haze if y > high else color
                    for color, high, low in zip(line, far_ridge, near_ridge)
                ]
            )
        )
    return encode_png(width, height, b"".join(rows))


def draw_sun(line, sky, sun, center, above, radius):
    reach = 1.8 * radius
    for x in range(max(0, int(center - reach)), min(len(line), int(center + reach))):
        distance = math.hypot(x - center, above) - radius
        if distance < 0.8 * radius:
            line[x] = sun if distance < 0 else blend(sun, sky, 0.55 + 0.45 * distance / (0.8 * radius))


def encode_png(width, height, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows, 6)) + chunk(b"IEND", b"")
