"""What the tests import: the processes, the spool, the images, the waits."""

from daemon import KEY, Daemon, run_reeld, write_config
from images import JPEG_LEAST, MEDIA_TYPES, PNG_LEAST, WEBP_LEAST, make_image, make_jpeg, make_png, make_webp, noise
from spool import Spool
from stub import Stub, text_bytes
from waiting import BIN_DIR, PATIENCE, wait_until

__all__ = ["BIN_DIR", "KEY", "PATIENCE", "Daemon", "Spool", "Stub", "JPEG_LEAST", "MEDIA_TYPES", "PNG_LEAST",
           "WEBP_LEAST", "make_image", "make_jpeg", "make_png", "make_webp", "noise",
           "run_reeld", "text_bytes", "wait_until", "write_config"]
