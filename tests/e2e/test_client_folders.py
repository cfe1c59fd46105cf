"""Real programs bring folders to a service of another user, with modes of their own: where no result could be written
nothing is bought, the cure is said, and helps."""

import pytest

from client_ways import FOLDER_WAYS
from harness import wait_until
from house import make_houses, write_pair

SHOTS = {f"shot{number}": f"Shot {number}: the camera pans left" for number in (1, 2, 3)}
make_house = pytest.fixture(make_houses)


@pytest.fixture
def house(make_house):
    made = make_house(as_service=True)
    project = made.home / "project"
    project.mkdir(mode=0o755)
    for stem, prompt in SHOTS.items():
        write_pair(project, stem, prompt)
    made.person.owns(made.home)
    return made


def pay(house, daemon, canary):
    """One pair more at the top, all the way."""
    house.spool.drop(canary, canary)
    house.spool.wait_for_result(canary, daemon=daemon)


def sent(house):
    return sorted(record["fields"]["prompt"] for record in house.stub.posts(complete=True))


@pytest.mark.parametrize("way", FOLDER_WAYS)
def test_a_folder_that_only_its_owner_can_write(way, house):
    with house.opened() as (daemon, ways):
        FOLDER_WAYS[way](ways, house.home / "project")
        folder = house.spool.path / "project"
        assert folder.stat().st_mode & 0o020 == 0, f"{way} made a folder that serves"
        said = daemon.wait_for("folder.unwritable")
        assert said["folder"] == "project" and "chmod" in said["cure"]
        pay(house, daemon, "canary")
        assert sent(house) == ["canary"], daemon.story()
        house.person.run("sh", "-c", said["cure"])
        for stem in SHOTS:
            house.spool.wait_for_result(f"project/{stem}", daemon=daemon)
        assert sent(house) == sorted([*SHOTS.values(), "canary"])
        assert len(daemon.events("folder.unwritable")) == 1


@pytest.mark.parametrize("way", ["cp -r", "sftp put -r", "lftp", "rclone sftp"])
def test_a_folder_of_the_groups(way, house):
    """With the group's right to write from the start, or at once after it, nothing is said."""
    with house.opened() as (daemon, ways):
        (house.home / "project").chmod(0o775)
        FOLDER_WAYS[way](ways, house.home / "project")
        house.person.run("chmod", "g+w", house.spool.path / "project")
        for stem in SHOTS:
            house.spool.wait_for_result(f"project/{stem}", daemon=daemon)
        wait_until(lambda: sent(house) == sorted(SHOTS.values()), daemon.story)
