"""Makers of small but well-formed images of any exact size in bytes."""

import random
import struct
import zlib

PNG_LEAST = 67
JPEG_LEAST = 160
WEBP_LEAST = 26


def noise(size, seed):
    """`size` bytes that differ from seed to seed and hold no 0xFF (so that JPEG data needs no stuffing). They repeat
    after a prime number of bytes, which no buffer has."""
    block = random.Random(seed).randbytes(min(size, 65521)).replace(b"\xff", b"\x7f")
    return (block * (size // 65521 + 1))[:size]


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def make_png(size=PNG_LEAST, seed=0, width=1, height=1):
    """A PNG; bytes beyond the least go into a private ancillary chunk. Sizes 68 to 78 do not exist."""
    head = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    data = _chunk(b"IDAT", b"\x08\xd7\x63\x60\x00\x00\x00\x02\x00\x01")
    tail = _chunk(b"IEND", b"")
    spare = size - len(head) - len(data) - len(tail)
    if spare == 0:
        return head + data + tail
    if spare < 12:
        raise ValueError(f"no PNG of {size} bytes")
    return head + _chunk(b"juNk", noise(spare - 12, seed)) + data + tail


def make_jpeg(size=JPEG_LEAST, seed=0, width=8, height=8):
    """A JPEG; bytes beyond the least are entropy-coded data."""
    def segment(marker, data):
        return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data

    head = (b"\xff\xd8"
            + segment(0xE0, b"JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")
            + segment(0xDB, b"\x00" + bytes(range(1, 65)))
            + segment(0xC0, struct.pack(">BHHB", 8, height, width, 1) + b"\x01\x11\x00")
            + segment(0xC4, b"\x00" + bytes([0, 1] + [0] * 14) + b"\x00")
            + segment(0xDA, b"\x01\x01\x00\x00\x3f\x00"))
    spare = size - len(head) - 2
    if spare < 1:
        raise ValueError(f"no JPEG of {size} bytes")
    return head + noise(spare, seed) + b"\xff\xd9"


def make_webp(size=WEBP_LEAST, seed=0, width=16, height=16):
    """A lossless WebP of an even number of bytes; those beyond the least go into an EXIF-like chunk."""
    bits = (width - 1) | ((height - 1) << 14)
    image = b"VP8L" + struct.pack("<I", 5) + b"\x2f" + struct.pack("<I", bits) + b"\x00"
    spare = size - 12 - len(image)
    if spare % 2 != 0 or spare < 0 or 0 < spare < 8:
        raise ValueError(f"no WebP of {size} bytes")
    if spare:
        image += b"JUNK" + struct.pack("<I", spare - 8) + noise(spare - 8, seed)
    return b"RIFF" + struct.pack("<I", len(image) + 4) + b"WEBP" + image


MAKERS = {"png": make_png, "jpg": make_jpeg, "jpeg": make_jpeg, "jpe": make_jpeg, "jfif": make_jpeg, "webp": make_webp}
MEDIA_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "jpe": "image/jpeg",
               "jfif": "image/jpeg", "webp": "image/webp"}


def make_image(kind, size, seed=0):
    return MAKERS[kind](size, seed)
