"""The stub API itself, asked by Python's own client: what it records, what it answers, how each fault looks."""

import contextlib
import hashlib
import http.client
import json
import socket
import ssl
import time

import pytest

from harness import KEY, Stub, make_png, text_bytes, wait_until

BOUNDARY = "test-boundary"
BIG = 4 << 20


def make_body(image, **fields):
    fields = {"model": "sora-2", "prompt": "牛 dances", "seconds": "10", **fields}
    parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
             for name, value in fields.items()]
    parts.append((f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="input_reference"; filename="image.png"\r\n'
                  "Content-Type: image/png\r\n\r\n").encode() + image + b"\r\n")
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def headers_for(body, key=KEY):
    return {"Authorization": f"Bearer {key}", "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
            "Content-Length": str(len(body))}


def context_for(stub):
    return ssl.create_default_context(cafile=str(stub.ca_file))


def connect(stub, host="localhost", timeout=15):
    if stub.plain:
        return http.client.HTTPConnection(host, stub.port, timeout=timeout)
    return http.client.HTTPSConnection(host, stub.port, timeout=timeout, context=context_for(stub))


def post(stub, fault="", image=None, connection=None, key=KEY, path="/v1/videos", **fields):
    """(status, body) of one submission."""
    body = make_body(make_png() if image is None else image, **fields)
    connection = connection or connect(stub)
    prefix = f"/fault/{fault}" if fault else ""
    connection.request("POST", prefix + path, body, headers_for(body, key))
    response = connection.getresponse()
    return response.status, response.read()


def exchange_raw(stub, fault, image=None, timeout=15):
    """Every byte that comes back, until the connection ends in whatever way."""
    body = make_body(make_png() if image is None else image)
    head = f"POST /fault/{fault}/v1/videos HTTP/1.1\r\nHost: localhost\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers_for(body).items()) + "\r\n"
    raw = socket.create_connection(("127.0.0.1", stub.port), timeout)
    received = b""
    with context_for(stub).wrap_socket(raw, server_hostname="localhost") as connection:
        try:
            connection.sendall(head.encode() + body)
        except OSError:
            pass  # the stub has had enough: what it said may still be there
        try:
            while piece := connection.recv(65536):
                received += piece
        except OSError as error:
            return received, error
    return received, None


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One stub for the faults, which do not disturb each other."""
    with Stub(tmp_path_factory.mktemp("stub"), "--job-time", "300ms") as started:
        yield started


def last_post(stub):
    return stub.posts()[-1]


def test_a_submission_is_recorded_with_its_very_bytes(stub):
    image = make_png(70000, seed=1)
    status, answer = post(stub, image=image, prompt='quote " and \r\n and 🎬 ')
    record = last_post(stub)
    assert status == 200 and record["created"] and record["complete"] and record["status"] == 200
    assert record["fields"]["prompt"] == 'quote " and \r\n and 🎬 '
    assert record["image"] == {"name": "input_reference", "filename": "image.png", "content_type": "image/png",
                               "size": 70000, "sha256": hashlib.sha256(image).hexdigest(), "position": 3}
    assert record["content_length"] == record["body_bytes"] == len(stub.raw_body(record))
    assert text_bytes(record["response"]) == answer and json.loads(answer)["id"] == record["id"]
    assert record["headers"]["authorization"] == f"Bearer {KEY}"


def test_bytes_that_are_not_utf8_are_recorded_as_they_were(stub):
    body = make_body(make_png()).replace("牛".encode(), b"\xff\xfe")
    connection = connect(stub)
    connection.request("POST", "/v1/videos", body, headers_for(body))
    assert connection.getresponse().status == 200
    assert text_bytes(last_post(stub)["fields"]["prompt"]) == b"\xff\xfe dances"


def test_answers_vary_but_are_the_same_job(shared):
    connection = connect(shared)
    answers = [post(shared, connection=connection)[1] for _ in range(6)]
    orders = {tuple(json.loads(answer)) for answer in answers}
    assert len(orders) >= 3
    assert len({answer.count(b" ") for answer in answers}) >= 3
    assert all(json.loads(answer)["status"] == "queued" for answer in answers)


def test_connections_are_kept_and_sessions_resumed(stub):
    connection = connect(stub)
    post(stub, connection=connection)
    post(stub, connection=connection)
    first, second = stub.posts()
    assert (first["reused"], second["reused"]) == (False, True) and first["connection"] == second["connection"]
    session = connection.sock.session
    raw = socket.create_connection(("127.0.0.1", stub.port))
    context = connection.sock.context
    connection.close()
    with context.wrap_socket(raw, server_hostname="localhost", session=session) as resumed:
        resumed.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert resumed.recv(1000).startswith(b"HTTP/1.1 200")
    assert stub.requests()[-1]["tls_resumed"] is True


@pytest.mark.parametrize("change, status", [("key", 401), ("path", 404), ("form", 400), ("image", 400)])
def test_what_is_wrong_is_refused(shared, change, status):
    connection = connect(shared)
    body = make_body(make_png())
    if change == "form":
        body = body[:-4]
    if change == "image":
        body = body.replace(b'; filename="image.png"', b"")
    path = "/v2/videos" if change == "path" else "/v1/videos"
    connection.request("POST", path, body, headers_for(body, "wrong" if change == "key" else KEY))
    response = connection.getresponse()
    assert response.status == status and json.loads(response.read())["error"]["message"]
    assert not last_post(shared)["created"]


def test_a_cut_request_is_no_job(stub):
    body = make_body(make_png(BIG))
    connection = connect(stub)
    connection.request("POST", "/v1/videos", body[:BIG // 2], headers_for(body))
    with contextlib.suppress(ssl.SSLError):  # the stub need not say goodbye, too
        connection.sock.unwrap()
    connection.sock.close()
    record = stub.wait_for_posts(1)[0]
    assert not record["complete"] and not record["created"] and record["body_bytes"] < BIG


def test_a_job_comes_to_its_end(shared):
    job = json.loads(post(shared)[1])["id"]

    def ask(path):
        connection = connect(shared)
        connection.request("GET", path, headers={"Authorization": f"Bearer {KEY}"})
        response = connection.getresponse()
        return response.status, response.read()
    wait_until(lambda: json.loads(ask(f"/v1/videos/{job}")[1])["status"] == "completed", "the job's end")
    assert ask(f"/v1/videos/{job}/content")[0] == 200
    assert ask("/v1/videos/video_unknown")[0] == 404
    assert ask("/healthz") == (200, b"fine\n")


ANSWERS = {"html-200": 200, "empty-200": 200, "no-id-200": 200, "array-200": 200, "bad-utf8-200": 200,
           "huge-200": 200, "error-in-200": 200, "failed-status-200": 200, "null-error-200": 200, "task-id": 200,
           "data-id": 200, "data-task-id": 200, "id-with-colon": 200, "status-418": 418, "status-502-bare": 502,
           "saturated-500": 500, "no-channel-503": 503, "quota-403": 403, "retry-after-429": 429,
           "retry-after-503": 503, "redirect-307": 307, "chunked": 200, "no-length": 200,
           "http-1.0": 200, "gzip-claim": 200, "slow-read": 200, "overlong-body": 200, "unasked-408": 200,
           "interim-100": 200, "interim-103-200": 200}


@pytest.mark.parametrize("fault", ANSWERS)
def test_a_fault_with_an_answer(shared, fault):
    if fault == "interim-103-200":  # Python's client takes 100 alone
        received, _ = exchange_raw(shared, fault, timeout=1)
        assert received.count(b"HTTP/1.1 ") == 4 and b"HTTP/1.1 200 OK" in received
        return
    status, body = post(shared, fault, make_png(300000))
    record = last_post(shared)
    assert status == ANSWERS[fault] == record["status"] and record["fault"] == fault and record["complete"]
    assert body == text_bytes(record["response"])
    if fault == "bad-utf8-200":
        assert b"\xff" in body
    if fault == "huge-200":
        assert len(body) > 3 << 20


SILENT = ["close-before-body", "close-during-body", "close-after-body", "close-after-body-created",
          "reset-before-body", "reset-during-body", "reset-after-body", "reset-after-body-created"]


@pytest.mark.parametrize("fault", SILENT)
def test_a_fault_without_an_answer(shared, fault):
    received, _ = exchange_raw(shared, fault, make_png(BIG))
    record = last_post(shared)
    assert received == b"" and record["status"] == 0
    assert record["complete"] == ("after" in fault) and record["created"] == fault.endswith("-created")
    if "during" in fault:
        assert 0 < record["body_bytes"] < record["content_length"]


@pytest.mark.parametrize("fault, reset", [("reset-after-body", True), ("close-after-body", False)])
def test_a_reset_is_told_from_a_close(tmp_path, fault, reset):
    with Stub(tmp_path / "stub", "--plain") as stub:
        connection = connect(stub, "127.0.0.1")
        wanted = ConnectionResetError if reset else http.client.RemoteDisconnected
        with pytest.raises(ConnectionResetError) as failure:
            post(stub, fault, connection=connection)
        assert failure.type is wanted


@pytest.mark.parametrize("fault", ["hang", "hang-created", "stall-read"])
def test_a_fault_that_hangs(shared, fault):
    received, error = exchange_raw(shared, fault, make_png(4 * BIG), timeout=1)
    assert received == b"" and isinstance(error, TimeoutError)
    record = last_post(shared)
    assert record["created"] == fault.endswith("-created") and record["complete"] == fault.startswith("hang")


@pytest.mark.parametrize("fault", ["cut-head", "cut-body", "cut-body-created"])
def test_a_fault_that_cuts(shared, fault):
    received, _ = exchange_raw(shared, fault)
    whole_head = b"\r\n\r\n" in received
    assert received.startswith(b"HTTP/1.1 200") and whole_head == fault.startswith("cut-body")
    if whole_head:
        head, body = received.split(b"\r\n\r\n", 1)
        assert f"Content-Length: {len(body) + 5}".encode() in head
    assert last_post(shared)["created"] == fault.endswith("-created")


@pytest.mark.parametrize("status", [413, 401, 408, 500, 200])
def test_an_early_answer_is_followed_by_a_reset(shared, status):
    received, _ = exchange_raw(shared, f"early-{status}", make_png(4 * BIG))
    record = last_post(shared)
    assert received.startswith(f"HTTP/1.1 {status}".encode()) and not record["complete"]
    assert record["created"] == (status == 200) and record["body_bytes"] == 0


def test_lengths_and_chunks_that_are_wrong(shared):
    received, _ = exchange_raw(shared, "two-lengths")
    assert received.count(b"Content-Length") == 2
    received, _ = exchange_raw(shared, "bad-chunks")
    assert b"chunked" in received and b"\r\nzz\r\n" in received
    received, _ = exchange_raw(shared, "overlong-body", timeout=1)
    assert received.endswith(b'{"id":"video_nobody_asked"}')


def test_an_unasked_408_comes_later(shared):
    received, _ = exchange_raw(shared, "unasked-408")
    assert received.count(b"HTTP/1.1 ") == 2 and b"HTTP/1.1 408" in received


def test_a_drip_is_slow(shared):
    begun = time.monotonic()
    body = make_body(make_png())
    connection = connect(shared)
    connection.request("POST", "/fault/drip/v1/videos", body, headers_for(body))
    assert connection.sock.recv(20) and connection.sock.recv(20)
    assert time.monotonic() - begun >= 0.02 and last_post(shared)["created"]
    connection.close()


def test_counted_faults_end(shared):
    order = "status-500:2,html-200:1"
    assert [post(shared, order)[0] for _ in range(4)] == [500, 500, 200, 200]
    assert [entry["fault"] for entry in shared.posts()[-4:]] == ["status-500", "status-500", "html-200", ""]


def test_a_limit_on_jobs(tmp_path):
    with Stub(tmp_path / "stub", "--max-jobs", "1", "--job-time", "200ms") as stub:
        assert [post(stub)[0], post(stub)[0]] == [200, 429]
        wait_until(lambda: post(stub)[0] == 200, "the first job's end")


def test_latency_comes_after_the_record(tmp_path):
    with Stub(tmp_path / "stub", "--latency", "300ms") as stub:
        begun = time.monotonic()
        post(stub)
        assert time.monotonic() - begun >= 0.3
        record = last_post(stub)
        assert record["at"] < time.time() - 0.25


def test_random_faults_follow_their_seed(tmp_path):
    def play(seed):
        with Stub(tmp_path / f"stub{seed}{time.monotonic()}", "--faults", "status-500=0.5", "--seed", seed) as stub:
            return [post(stub)[0] for _ in range(12)]
    first = play("3")
    assert set(first) == {200, 500} and play("3") == first


@pytest.mark.parametrize("option, host", [("--plain", "127.0.0.1"), ("--ipv6", "::1")])
def test_other_transports(tmp_path, option, host):
    with Stub(tmp_path / "stub", option) as stub:
        connection = connect(stub, host)
        assert post(stub, connection=connection)[0] == 200


def test_tls_can_be_held_at_1_2(tmp_path):
    with Stub(tmp_path / "stub", "--tls-max", "1.2") as stub:
        connection = connect(stub)
        connection.connect()
        assert connection.sock.version() == "TLSv1.2"


def test_a_certificate_for_another_name(tmp_path):
    with Stub(tmp_path / "stub", "--name-mismatch") as stub, pytest.raises(ssl.SSLCertVerificationError):
        post(stub)


def test_the_authority_outlives_a_restart(tmp_path):
    stub = Stub(tmp_path / "stub").start()
    authority, port = stub.ca_file.read_bytes(), stub.port
    assert stub.stop() == 0
    stub.start(port)
    assert stub.ca_file.read_bytes() == authority and post(stub)[0] == 200
    assert stub.stop() == 0


def test_sigterm_ends_it_cleanly_whatever_hangs(tmp_path):
    stub = Stub(tmp_path / "stub").start()
    body = make_body(make_png())
    waiting = [connect(stub) for _ in range(3)]
    for connection in waiting:
        connection.request("POST", "/fault/hang/v1/videos", body, headers_for(body))
    stub.wait_for_posts(3)
    assert stub.stop(timeout=5) == 0


@pytest.mark.parametrize("words", [["--faults", "nothing=1"], ["--faults", "hang=2"], ["--latency", "soon"]])
def test_wrong_options_are_refused(tmp_path, words):
    with pytest.raises(AssertionError):
        Stub(tmp_path / "stub", *words).start()
