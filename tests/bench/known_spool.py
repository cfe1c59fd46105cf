"""A spool of many pairs that were all submitted long ago, and whose results were taken away; with its ledger."""

import ctypes
import os
import sqlite3
import struct

FOLDERS = 100
AT_FDCWD, STATX_ALL = -100, 0xFFF


def add_files(spool, count, image):
    for number in range(count):
        folder = spool.path / f"film{number % FOLDERS}"
        folder.mkdir(exist_ok=True)
        (folder / f"scene{number}.txt").write_text(f"prompt {number}")
        (folder / f"scene{number}.png").write_bytes(image)
        if number % 50_000 == 0:
            os.sync()


def read_stamp(path, libc=ctypes.CDLL(None, use_errno=True)):
    """(device, inode, size, born, ctime, mtime), as the ledger writes them. Source: statx(2), struct statx."""
    buffer = ctypes.create_string_buffer(256)
    if libc.statx(AT_FDCWD, os.fsencode(path), 0, STATX_ALL, buffer) != 0:
        raise OSError(ctypes.get_errno(), str(path))
    inode, size = struct.unpack_from("=QQ", buffer, 32)
    born, ctime, mtime = (seconds * 10**9 + rest for seconds, rest in
                          (struct.unpack_from("=qI", buffer, at) for at in (80, 96, 112)))
    return os.makedev(*struct.unpack_from("=II", buffer, 136)), inode, size, born, ctime, mtime


def add_jobs(ledger, spool):
    """Accepted, published, each file's content proven by its stamp."""
    folders = {name: read_stamp(spool.path / name) for name in os.listdir(spool.path) if name.startswith("film")}
    database = sqlite3.connect(ledger)
    database.execute("PRAGMA synchronous = OFF")
    number = 0
    for folder in folders:
        for prompt_name in os.listdir(spool.path / folder):
            if not prompt_name.endswith(".txt"):
                continue
            number += 1
            add_job(database, number, (folder, folders[folder]), spool.path / folder / prompt_name)
    database.commit()
    database.close()
    return number


def add_job(database, number, folder_and_stamp, prompt):
    folder, folder_stamp = folder_and_stamp
    name = prompt.stem
    device, inode, size, born, ctime, mtime = read_stamp(prompt)
    image = read_stamp(prompt.with_suffix(".png"))
    job = {"id": 10 + number, "folder": folder.encode(), "stem": name.encode(), "prompt_name": f"{name}.txt".encode(),
           "image_name": f"{name}.png".encode(), "folder_device": folder_stamp[0], "folder_inode": folder_stamp[1],
           "folder_born": folder_stamp[3], "prompt_device": device, "prompt_inode": inode, "prompt_size": size,
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
