"""A start that the system forbids just now (no descriptors, no memory, an I/O error) may be tried again: it ends with 75,
says what it could not do, and has sent nothing. 78 would keep a service manager from trying."""

import concurrent.futures

import pytest

from harness import Daemon, Spool, Stub, run_reeld
from tracing import ENVIRONMENT, inject

TRY_LATER = 75
AT_WORK = 4
CODES = ["EMFILE", "ENFILE", "EIO", "ENOMEM", "ESTALE"]
OPENS = [f"openat:error={code}" for code in CODES]
READS = ["read:error=EIO", "read:error=ESTALE", "read:error=ENOMEM"]

# place: the system calls that fail there, and the file that they are about.
PLACES = {
    "configuration": (OPENS + READS, lambda world: world.config),
    "key": (OPENS + READS, lambda world: world.key_file),
    "ca": (OPENS + READS, lambda world: world.ca_copy),
    "log file": (OPENS, lambda world: world.log_file),
    "spool": (OPENS, lambda world: world.spool.path),
    "lock": (["flock:error=EIO", "flock:error=ENOMEM", "flock:error=ESTALE"], None),
    "ledger": (OPENS, lambda world: world.ledger),
    "hidden folder": (OPENS, lambda world: ".reeld"),  # as it is opened beneath the spool
    "marker": (OPENS, lambda world: "spool"),
    "event loop": (["epoll_create1:error=EMFILE", "epoll_create1:error=ENFILE", "epoll_create1:error=ENOMEM",
                    "epoll_ctl:error=ENOMEM:when=1", "epoll_ctl:error=ENOSPC:when=2"], None),
    "threads": (["clone3,clone:error=EAGAIN"], None),
}
# There the spool itself says where its ledger is.
UNNAMED = ["hidden folder", "marker"]
CASES = [(place, order) for place, (orders, _) in PLACES.items() for order in orders]


class World:
    """All that a daemon reads at its start, in files of its own."""

    def __init__(self, folder, stub, names_ledger=True):
        folder.mkdir()
        self.spool = Spool(folder / "spool")
        self.key_file, self.ca_copy = folder / "key", folder / "ca.pem"
        self.log_file, self.ledger = folder / "reeld.log", folder / "state" / "ledger.db"
        self.key_file.write_text("test-key\n")
        self.key_file.chmod(0o600)
        self.ca_copy.write_bytes(stub.ca_file.read_bytes())
        self.ledger.parent.mkdir()
        tables = {"api": {"key_file": str(self.key_file), "ca_file": str(self.ca_copy)},
                  "log": {"file": str(self.log_file)}}
        if names_ledger:
            tables["ledger"] = {"path": str(self.ledger)}
        self.daemon = Daemon(folder / "daemon", self.spool, stub.url(), stub=stub, tables=tables, key=None,
                             environment=ENVIRONMENT)
        self.config = self.daemon.config


def play(folder, stub, place, order):
    world = World(folder, stub, place not in UNNAMED)
    world.spool.drop("scene", "scene")
    assert run_reeld("hold", "--config", world.config, key=None).returncode == 0  # the ledger is there
    find_file = PLACES[place][1]
    paths = [find_file(world)] if find_file else []
    daemon = world.daemon
    daemon.command = [*inject(order, paths=paths), *daemon.command]
    daemon.start(wait=False)
    code = daemon.wait()
    return code, daemon.stderr(), daemon.story(), world


@pytest.fixture(scope="module")
def ends(tmp_path_factory):
    folder = tmp_path_factory.mktemp("starts")
    with Stub(folder / "stub") as stub, concurrent.futures.ThreadPoolExecutor(AT_WORK) as workers:
        futures = {case: workers.submit(play, folder / str(number), stub, *case) for number, case in enumerate(CASES)}
        yield futures
        assert stub.requests() == []


@pytest.mark.parametrize("place, order", CASES)
def test_a_trouble_that_passes_is_tried_again(ends, place, order):
    code, said, story, world = ends[place, order].result()
    assert code == TRY_LATER, story
    assert said.startswith("reeld: ") and said.count("\n") == 1, said
    assert world.spool.results_of("scene") == []


WORDS = {"hold": ["hold"], "release": ["release"], "status": ["status"], "adopt": ["adopt", "--yes"],
         "check": ["check"]}
READ_BY_ALL = {"configuration": ["openat:error=EMFILE", "read:error=EIO"], "spool": ["openat:error=ENFILE"]}


@pytest.mark.parametrize("word", WORDS)
def test_commands_say_so_too(tmp_path, stub, word):
    world = World(tmp_path / "world", stub)
    orders = [(place, order) for place, orders in READ_BY_ALL.items() for order in orders
              if (word, place) != ("check", "spool")]  # whose report goes on, and says that it is not usable
    if word == "adopt":
        orders.append(("lock", "flock:error=EIO"))
    assert run_reeld("hold", "--config", world.config, key=None).returncode == 0  # the ledger is there
    for place, order in orders:
        find_file = PLACES[place][1]
        before = inject(order, paths=[find_file(world)] if find_file else [])
        done = run_reeld(*WORDS[word], "--config", world.config, key=None, prefix=before, environment=ENVIRONMENT)
        assert done.returncode == TRY_LATER, (place, order, done)
        assert done.stderr.startswith("reeld: ") and done.stderr.count("\n") == 1, (place, order, done)
