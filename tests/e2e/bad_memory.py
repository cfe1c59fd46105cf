"""Memory that runs out once, at an allocation that a test chooses: a library that is loaded before libstdc++, see
bad_memory.cpp."""

import pathlib
import shutil
import struct
import subprocess

import pytest

from bad_sync import find_sanitizer


def build_library(folder):
    compiler = shutil.which("c++")
    if compiler is None:
        pytest.skip("no c++: memory cannot be made to run out")
    library = pathlib.Path(folder) / "bad_memory.so"
    source = pathlib.Path(__file__).with_suffix(".cpp")
    subprocess.run([compiler, "-std=c++20", "-shared", "-fPIC", "-O1", "-Wall", "-o", str(library), str(source)],
                   check=True)
    return library


class BadMemory:
    """Orders for a daemon that was started with `environment`."""

    def __init__(self, folder, library):
        self.orders = pathlib.Path(folder) / "memory"
        self.orders.write_bytes(bytes(8))
        # Before the sanitizer's own operator new, which the sanitizer would rather not see.
        preload = ":".join([str(library), *find_sanitizer()])
        options = "verify_asan_link_order=0:alloc_dealloc_mismatch=0"
        self.environment = {"LD_PRELOAD": preload, "REELD_TEST_MEMORY": str(self.orders), "ASAN_OPTIONS": options}

    def fail(self, nth):
        """The nth allocation from now on the loop's thread fails."""
        with open(self.orders, "r+b") as file:
            file.write(struct.pack("<i", nth))

    def failures(self):
        return struct.unpack("<ii", self.orders.read_bytes())[1]
