"""/metrics and /healthz of the real daemon: the numbers against the stub's own record, and clients of every kind."""

import concurrent.futures
import contextlib
import socket
import time

import pytest

from bad_sync import bad_sync, bad_sync_library  # noqa: F401 (fixtures)
from disks import MIB, LoopDisk, mounted, run
from harness import PATIENCE, Daemon, Spool, Stub, wait_until
from processes import open_files
from scrape import Numbers, fetch, free_port, promtool, run_promtool, scrape


@pytest.fixture
def port():
    return free_port()


def tables_of(port, **more):
    return {"metrics": {"listen": f"127.0.0.1:{port}"}, **more}


@pytest.fixture
def watched(stub, start_daemon, port):
    return start_daemon(stub, tables=tables_of(port))


def drop_many(spool, count, prefix="scene"):
    stems = [f"{prefix}{number:03}" for number in range(count)]
    for stem in stems:
        spool.drop(stem, stem)
    return stems


def wait_for_number(port, value, name, **labels):
    wait_until(lambda: scrape(port)(name, **labels) == value, lambda: f"{name} {labels} {value}: {scrape(port).samples}")


def test_a_daemon_that_has_done_nothing(watched, port, spool):
    numbers = scrape(port)
    assert numbers("reeld_build_info", version="0.1.0") == 1 and numbers("reeld_ledger_well") == 1
    assert numbers.by("reason", "reeld_pairs_waiting") == numbers.by("verdict", "reeld_attempts_total") == {}
    assert numbers("reeld_lane_limit") == 1 and numbers("reeld_lane_concurrency") == 16
    assert abs(numbers("process_start_time_seconds") - time.time()) < 60
    wait_until(lambda: abs(scrape(port)("process_open_fds") - len(open_files(watched.process.pid))) <= 2,  # its own
               lambda: f"{numbers('process_open_fds')}: {open_files(watched.process.pid)}")
    assert numbers("process_resident_memory_bytes") > MIB
    assert fetch(port, "/healthz")[::2] == (200, "ok\n")
    assert watched.wait_for("metrics.listening")["address"] == f"127.0.0.1:{port}"


def test_the_format_is_what_prometheus_reads(watched, port, spool):
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=watched)
    text = fetch(port, "/metrics")[2]
    assert Numbers(text).samples
    if not promtool():
        pytest.skip("promtool (Debian's prometheus) is not here")
    done = run_promtool("check", "metrics", text=text)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_numbers_are_those_of_the_stub(tmp_path, spool, port, start_daemon):
    odds = "status-400=0.15,status-429=0.15,cut-body-created=0.1"
    with Stub(tmp_path / "moody", "--faults", odds, "--latency", "20ms") as moody:
        stems = drop_many(spool, 60)
        daemon = start_daemon(moody, tables=tables_of(port, submit={"doubt_pause": "50ms", "backoff": ["10ms", "50ms"]}))
        for stem in stems:
            wait_until(lambda stem=stem: spool.results_of(stem), daemon.story)
        ends = {result: sum(spool.results_of(stem) == [result] for stem in stems) for result in ("job", "error", "doubt")}
        wait_until(lambda: sum(scrape(port).by("verdict", "reeld_jobs_total").values()) == 60, daemon.story)
        numbers, posts = scrape(port), moody.posts()
    by_status = {status: sum(post["status"] == status for post in posts) for status in (400, 429)}
    cut = sum(post["fault"] == "cut-body-created" for post in posts)
    assert len(posts) > 60 and cut and all(by_status.values()), "the stub has played every part"
    attempts = numbers.by("verdict", "reeld_attempts_total")
    assert attempts == {"accepted": len(posts) - cut - sum(by_status.values()), "refused": by_status[400],
                        "throttled": by_status[429], "doubt": cut}
    assert numbers.by("verdict", "reeld_jobs_total") == {
        "accepted": ends["job"], "refused": ends["error"], "doubt": ends["doubt"]}
    assert ends == {"job": attempts["accepted"], "error": attempts["refused"], "doubt": attempts["doubt"]}
    assert numbers("reeld_jobs_in_doubt") == cut
    assert numbers("reeld_day_spent") == attempts["accepted"] + cut
    assert numbers("reeld_requests_in_flight") == numbers("reeld_answers_awaited") == 0
    assert numbers.by("reason", "reeld_pairs_waiting") == {}
    assert time.time() - numbers("reeld_last_accepted_timestamp_seconds") < 60
    stages = {stage: numbers("reeld_stage_seconds_count", stage=stage)
              for stage in ("queued", "connect", "upload", "ack", "commit", "answer")}
    assert stages["queued"] == stages["upload"] == stages["ack"] == stages["commit"] == len(posts)
    assert stages["answer"] == len(posts) - cut and 1 <= stages["connect"] <= len(posts)
    assert numbers("reeld_stage_seconds_sum", stage="answer") >= 0.02 * stages["answer"]
    assert numbers("reeld_sent_bytes_total") > 60 * 4096
    for stage, count in stages.items():
        assert numbers("reeld_stage_seconds_bucket", stage=stage, le="+Inf") == count


def test_why_pairs_wait(stub, spool, port, start_daemon):
    daemon = start_daemon(stub, fault="status-401:1", tables=tables_of(port, submit={"account_retry": "1h"}))
    for stem in drop_many(spool, 3):
        daemon.wait_for("pair.ready", job=stem)
    spool.put("lonely.txt", "half of it")
    daemon.wait_for("lane.paused", pause="account")
    wait_until(lambda: scrape(port).by("reason", "reeld_pairs_waiting") == {"account": 3, "half": 1}, daemon.story)
    assert scrape(port).by("pause", "reeld_lane_paused") == {"account": 1}
    assert fetch(port, "/healthz")[0] == 200, "a paused lane is no illness"
    daemon.reload()
    spool.wait_for_result("scene002", daemon=daemon)
    wait_until(lambda: scrape(port).by("reason", "reeld_pairs_waiting") == {"half": 1}, daemon.story)
    assert scrape(port).by("pause", "reeld_lane_paused") == {}


def test_what_is_in_flight(gate, spool, port, start_daemon):
    daemon = start_daemon(gate.stub, url=gate.url(), tables=tables_of(port))
    with gate.closed():
        spool.drop("scene")
        wait_for_number(port, 1, "reeld_answers_awaited")
        numbers = scrape(port)
        assert numbers("reeld_requests_in_flight") == 1
        assert numbers("reeld_stage_seconds_count", stage="queued") == 0, "an attempt is counted when it ends"
    spool.wait_for_result("scene", daemon=daemon)
    wait_for_number(port, 0, "reeld_requests_in_flight")


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "state" / "ledger.db"
    path.parent.mkdir()
    return path


def test_health_follows_the_ledger(stub, spool, ledger, port, start_daemon, bad_sync):  # noqa: F811
    """503 and why while it cannot be written, and 200 again when it can."""
    tables = tables_of(port, ledger={"path": str(ledger)})
    daemon = start_daemon(stub, tables=tables, environment=bad_sync.environment)
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=daemon)
    daemon.wait_for("job.accepted")
    bad_sync.fail(ledger)
    spool.drop("other")
    daemon.wait_for("ledger.failed")
    status, _, text = fetch(port, "/healthz")
    assert status == 503 and "the ledger cannot be written" in text
    numbers = scrape(port)
    assert numbers("reeld_ledger_well") == 0
    wait_until(lambda: scrape(port).by("reason", "reeld_pairs_waiting") == {"ledger": 1}, daemon.story)
    bad_sync.heal()
    spool.wait_for_result("other", daemon=daemon, timeout=60)
    assert fetch(port, "/healthz")[::2] == (200, "ok\n") and scrape(port)("reeld_ledger_well") == 1


def test_health_of_a_disk_that_hangs(tmp_path, stub, port):
    """A write that does not end is no failure that anything would tell of."""
    with mounted(lambda: LoopDisk(tmp_path / "disk", 32 * MIB)) as disk:
        spool, tables = Spool(tmp_path / "spool"), tables_of(port, ledger={"path": str(disk.path / "ledger.db")})
        with Daemon(tmp_path / "daemon", spool, stub.url(), stub=stub, tables=tables) as daemon:
            try:
                run("fsfreeze", "--freeze", disk.path)
            except OSError as error:
                pytest.skip(f"nothing can be frozen here: {error}")
            try:
                spool.drop("scene")
                daemon.wait_for("attempt.started")
                assert fetch(port, "/healthz")[0] == 200, "a busy disk takes its time"
                wait_until(lambda: fetch(port, "/healthz")[0] == 503, daemon.story)
                assert "has been under way for 1" in fetch(port, "/healthz")[2]
            finally:
                run("fsfreeze", "--unfreeze", disk.path)
            spool.wait_for_result("scene", daemon=daemon)
            assert fetch(port, "/healthz")[0] == 200
            assert daemon.stop() == 0


def test_other_pages_and_methods(watched, port, spool):
    assert fetch(port, "/")[0] == fetch(port, "/metrics/")[0] == fetch(port, "/../etc/passwd")[0] == 404
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "BREW"):
        status, headers, _ = fetch(port, "/metrics", method)
        assert status == 405 and headers["Allow"] == "GET, HEAD"
    status, headers, text = fetch(port, "/metrics", "HEAD")
    assert status == 200 and text == "" and int(headers["Content-Length"]) > 5000
    assert fetch(port, "/metrics?name=x")[0] == 200


def say(port, data, timeout=10):
    """What comes back, until the end of the connection, be it a reset."""
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout) as one, contextlib.suppress(ConnectionError):
        one.sendall(data)
        while piece := one.recv(65536):
            answer += piece
    return answer


def test_garbage(watched, port, spool, stub):
    for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(300) + b"\r\n\r\n", b"\0" * 3000 + b"\r\n\r\n",
                 b"GET\r\n\r\n", b"GET /metrics HTTP/9.9\r\n\r\n", b"POST /metrics HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n",
                 b"GET /metrics HTTP/1.1\r\n" + b"X: y\r\n" * 20000 + b"\r\n", b"x" * 1000000):
        answer = say(port, data)
        assert answer.startswith((b"HTTP/1.1 4", b"")) and b" 200 " not in answer[:20], data[:40]
    assert say(port, b"GET /healthz HTTP/1.0\r\n\r\n").endswith(b"\r\n\r\nok\n")
    spool.drop("scene")
    spool.wait_for_result("scene", daemon=watched)
    assert not watched.events("daemon.failed")


def test_slow_clients_hold_nobody_up(watched, port, spool):
    """A hundred that send a byte and then nothing: who asks meanwhile is answered, and they are cut off."""
    with contextlib.ExitStack() as held:
        slow = [held.enter_context(socket.create_connection(("127.0.0.1", port), 10)) for _ in range(100)]
        begun = time.monotonic()
        for one in slow:
            with contextlib.suppress(ConnectionError):
                one.sendall(b"G")
        assert fetch(port, "/healthz")[0] == 200 and scrape(port)("process_open_fds") < 100
        spool.drop("scene")
        spool.wait_for_result("scene", daemon=watched)
        for one in slow:
            one.settimeout(PATIENCE)
            with contextlib.suppress(ConnectionError):
                assert one.recv(100) == b""
        assert time.monotonic() - begun < PATIENCE
    assert scrape(port)("process_open_fds") < 40


def test_many_at_once_while_pairs_are_sent(tmp_path, spool, port, start_daemon):
    with Stub(tmp_path / "brisk", "--latency", "30ms") as brisk:
        daemon = start_daemon(brisk, tables=tables_of(port))
        stems = drop_many(spool, 50)
        with concurrent.futures.ThreadPoolExecutor(50) as pool:
            pages = list(pool.map(lambda _: scrape(port), range(200)))
        for stem in stems:
            spool.wait_for_result(stem, daemon=daemon)
        wait_for_number(port, 50, "reeld_jobs_total", verdict="accepted")
        assert len(pages) == 200 and len(brisk.posts()) == 50


def test_a_port_that_is_taken_keeps_nothing_from_being_sent(stub, spool, port, start_daemon):
    with socket.create_server(("127.0.0.1", port)):
        daemon = start_daemon(stub, tables=tables_of(port))
        line = daemon.wait_for("metrics.failed")
        assert line["level"] == "error" and line["address"] == f"127.0.0.1:{port}" and "in use" in line["reason"]
        spool.drop("scene")
        daemon.wait_for("job.accepted")  # it is counted by then
    daemon.reload()  # tries again at once
    daemon.wait_for("metrics.listening")
    assert scrape(port)("reeld_jobs_total", verdict="accepted") == 1


def test_a_reload_takes_up_another_address(watched, port, spool):
    other = free_port()
    watched.configure(tables_of(other))
    watched.reload()
    watched.wait_for("metrics.listening", count=2)
    assert scrape(other)("reeld_build_info", version="0.1.0") == 1
    with pytest.raises(ConnectionRefusedError):
        scrape(port)
    watched.configure({})
    watched.reload()
    watched.wait_for("config.reloaded", count=2)
    with pytest.raises(ConnectionRefusedError):
        scrape(other)


def test_an_address_that_others_can_reach_is_warned_about(stub, spool, port, start_daemon):
    daemon = start_daemon(stub, tables={"metrics": {"listen": f"0.0.0.0:{port}"}})
    assert daemon.wait_for("metrics.listening")["level"] == "warning"
    assert scrape(port)("reeld_ledger_well") == 1


def test_ipv6(stub, spool, port, start_daemon):
    try:
        with socket.create_server(("::1", port), family=socket.AF_INET6):
            pass
    except OSError as error:
        pytest.skip(f"no IPv6 here: {error}")
    start_daemon(stub, tables={"metrics": {"listen": f"[::1]:{port}"}})
    assert fetch(port, "/healthz", host="::1")[0] == 200


def test_nothing_is_served_unless_asked_for(daemon, spool):
    assert not daemon.events("metrics.listening")
    assert not [line for line in open(f"/proc/{daemon.process.pid}/net/tcp", encoding="ascii").readlines()[1:]
                if int(line.split()[9]) in inodes_of(daemon.process.pid) and line.split()[3] == "0A"]


def inodes_of(pid):
    return {int(link[8:-1]) for link in open_files(pid) if link.startswith("socket:[")}
