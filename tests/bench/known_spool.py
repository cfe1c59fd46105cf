"""A spool of many pairs that were all submitted long ago, and whose results were taken away; with its ledger."""

import os
import sqlite3
import subprocess

FOLDERS = 100


def add_files(spool, count, image):
    for number in range(count):
        folder = spool.path / f"film{number % FOLDERS}"
        folder.mkdir(exist_ok=True)
        (folder / f"scene{number}.txt").write_text(f"prompt {number}")
        (folder / f"scene{number}.png").write_bytes(image)
        if number % 50_000 == 0:
            os.sync()


def to_ns(seconds):
    whole, fraction = seconds.split(".")
    return int(whole) * 10**9 + int(fraction[:9].ljust(9, "0"))


def list_stamps(spool):
    """(path, device, inode, size, born, ctime, mtime) of each file and folder, as the ledger writes them."""
    found = subprocess.Popen(["find", spool.path, "-path", "*/.reeld", "-prune", "-o", "-printf",
                              r"%P\t%D\t%i\t%s\t%B@\t%C@\t%T@\n"], stdout=subprocess.PIPE, text=True)
    for line in found.stdout:
        path, device, inode, size, *times = line.rstrip("\n").split("\t")
        yield path, int(device), int(inode), int(size), *map(to_ns, times)
    assert found.wait() == 0


def add_jobs(ledger, spool):
    """Accepted, published, each file's content proven by its stamp."""
    folders, prompts = {}, {}
    database = sqlite3.connect(ledger)
    database.execute("PRAGMA synchronous = OFF")
    stamps = {path: rest for path, *rest in list_stamps(spool)}
    for path, rest in stamps.items():
        if "." not in path:
            folders[path] = rest
        elif path.endswith(".txt"):
            prompts[path[:-4]] = rest
    for number, (stem, (device, inode, size, born, ctime, mtime)) in enumerate(prompts.items(), 1):
        folder, name = stem.split("/")
        image = stamps[stem + ".png"]
        job = {"id": 10 + number, "folder": folder.encode(), "stem": name.encode(), "prompt_name": f"{name}.txt".encode(),
               "image_name": f"{name}.png".encode(), "folder_device": folders[folder][0], "folder_inode": folders[folder][1],
               "folder_born": folders[folder][3], "prompt_device": device, "prompt_inode": inode, "prompt_size": size,
               "prompt_born": born, "prompt_ctime": ctime, "prompt_mtime": mtime, "prompt_digest": os.urandom(16),
               "prompt_proof": 1, "image_device": image[0], "image_inode": image[1], "image_size": image[2],
               "image_born": image[3], "image_ctime": image[4], "image_mtime": image[5], "image_digest": os.urandom(16),
               "image_proof": 1, "state": "accepted", "is_published": 1, "is_said": 1, "changed_at": 1_700_000_000_000}
        database.execute(f"INSERT INTO jobs ({','.join(job)}) VALUES ({','.join('?' * len(job))})", list(job.values()))
        attempt = {"token": f"bench-{number}", "job": 10 + number, "keys": 0, "intended_at": 1_700_000_000_000,
                   "ended_at": 1_700_000_001_000, "url": "", "fields": "", "prompt_start": "", "boundary": "",
                   "idempotency_key": "", "verdict": "accepted", "api_id": f"video_{number}", "answer": b"{}"}
        database.execute(f"INSERT INTO attempts ({','.join(attempt)}) VALUES ({','.join('?' * len(attempt))})",
                         list(attempt.values()))
    database.commit()
    database.close()
    return len(prompts)
