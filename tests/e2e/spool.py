"""A spool and the ways in which people put pairs into it."""

import contextlib
import json
import os
import pathlib
import time

from images import make_image
from waiting import PATIENCE, wait_until

RESULTS = ("job", "error", "doubt")


def open_folder(path):
    """A descriptor of the folder, which is made where there is none."""
    while True:
        path.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileNotFoundError):  # renamed since
            return os.open(path, os.O_RDONLY | os.O_DIRECTORY)


class Spool:
    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.path.mkdir(parents=True, exist_ok=True)

    def file(self, stem, extension):
        return self.path / f"{stem}.{extension}"

    def put(self, name, data, how="rename"):
        """Puts one file there: "copy" (one write), "slow" (several, the file kept open), "rename" (whole, at once)."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(data, str):
            data = data.encode("utf-8")
        {"copy": self._copy, "slow": self._write_slowly, "rename": self._rename}[how](path, data)
        return path

    @staticmethod
    def _copy(path, data):
        path.write_bytes(data)

    @staticmethod
    def _write_slowly(path, data, pieces=4, pause=0.02):
        with open(path, "wb", buffering=0) as file:
            step = max(1, len(data) // pieces)
            for at in range(0, len(data), step):
                file.write(data[at:at + step])
                time.sleep(pause)  # a slow writer is what this is

    @staticmethod
    def _rename(path, data):
        """Beneath the folder itself: somebody may rename it meanwhile."""
        folder = open_folder(path.parent)
        try:
            temporary = f".{os.urandom(6).hex()}.part"
            with open(temporary, "wb", opener=lambda name, flags: os.open(name, flags, 0o666, dir_fd=folder)) as file:
                file.write(data)
            os.rename(temporary, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        finally:
            os.close(folder)

    def drop(self, stem, prompt="a cow dances", image=None, kind="png", how="rename", image_first=False):
        """Puts a pair there; returns the image's bytes."""
        if image is None:
            image = make_image(kind, 4096, seed=stem)
        files = [(f"{stem}.txt", prompt), (f"{stem}.{kind}", image)]
        for name, data in reversed(files) if image_first else files:
            self.put(name, data, how)
        return image

    def result_path(self, stem, result="job"):
        return self.path / f"{stem}.{result}.json"

    def results_of(self, stem):
        """Which of job, error and doubt are there."""
        return [result for result in RESULTS if self.result_path(stem, result).exists()]

    def wait_for_result(self, stem, result="job", daemon=None, timeout=PATIENCE):
        """The bytes of that result file, once it is there; any other result of the pair is a failure at once."""
        wait_until(lambda: self.results_of(stem), lambda: f"a result of {stem}" + (daemon.story() if daemon else ""),
                   timeout)
        found = self.results_of(stem)
        other = [self.result_path(stem, name).read_text("utf-8", "replace") for name in found if name != result]
        assert found == [result], f"{stem} has {found}, not {result}: {other}" + (daemon.story() if daemon else "")
        return self.result_path(stem, result).read_bytes()

    def read_result(self, stem, result, daemon=None):
        """An error or doubt file, parsed."""
        return json.loads(self.wait_for_result(stem, result, daemon))
