"""What the tests import: the processes, the spool, the images, the waits."""

import pytest

from daemon import KEY, Daemon, run_reeld, write_config
from images import JPEG_LEAST, MEDIA_TYPES, PNG_LEAST, WEBP_LEAST, make_image, make_jpeg, make_png, make_webp, noise
from spool import Spool
from stub import Stub, text_bytes
from waiting import BIN_DIR, PATIENCE, wait_until


def has_ledger():
    """Memory that outlives the daemon came with the commands that ask it."""
    return (BIN_DIR / "reeld").exists() and "retry" in run_reeld("--help", key=None).stdout


needs_ledger = pytest.mark.skipif(not has_ledger(), reason="this version of reeld has no ledger")

__all__ = ["BIN_DIR", "KEY", "PATIENCE", "Daemon", "Spool", "Stub", "JPEG_LEAST", "MEDIA_TYPES", "PNG_LEAST",
           "WEBP_LEAST", "make_image", "make_jpeg", "make_png", "make_webp", "needs_ledger", "noise",
           "run_reeld", "text_bytes", "wait_until", "write_config"]
