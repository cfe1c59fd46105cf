"""A raw multipart body read by Python's standard email package: a parser that shares nothing with reeld or the stub."""

import email.parser
import email.policy
import re


class Part:
    def __init__(self, name, filename, content_type, data):
        self.name, self.filename, self.content_type, self.data = name, filename, content_type, data


def unescape(name):
    """Names are escaped as WHATWG HTML has it."""
    return name.replace("%0A", "\n").replace("%0D", "\r").replace("%22", '"')


def split_parts(content_type, body):
    """The parts of a body as `email` finds them; each header line is taken as it stands."""
    message = b"Content-Type: " + content_type.encode("ascii") + b"\r\nMIME-Version: 1.0\r\n\r\n" + body
    parsed = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(message)
    assert parsed.is_multipart() and not parsed.defects, parsed.defects
    assert not parsed.preamble and not parsed.epilogue
    return [read_part(part, parsed.get_boundary(), body) for part in parsed.iter_parts()]


def read_part(part, boundary, body):
    name = unescape(part.get_param("name", header="content-disposition"))
    assert part.get_content_disposition() == "form-data" and not part.defects
    return Part(name, part.get_filename(), part.get("Content-Type"), exact_data(part, boundary, body))


def exact_data(part, boundary, body):
    """A part's very bytes. `email` turns lone CRs of a text into line ends, so they are cut out of the body at the
    place of the part's own headers."""
    disposition = str(part.get("Content-Disposition")).encode("utf-8")
    begin = re.search(b"--" + re.escape(boundary.encode()) + b"\r\nContent-Disposition: " + re.escape(disposition)
                      + b"(\r\n[^\r\n]+)*\r\n\r\n", body).end()
    data = body[begin:body.index(b"\r\n--" + boundary.encode(), begin)]
    assert part.get_payload(decode=True).split() == data.split()
    return data
