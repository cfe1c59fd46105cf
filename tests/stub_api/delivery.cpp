#include "stub_api/delivery.hpp"

#include <array>
#include <cstdio>

#include "support/deflating.hpp"

namespace reeld::stub {
namespace {

constexpr milliseconds drip_pause{20};
constexpr milliseconds unasked_after{300};

std::string_view phrase_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 307:
      return "Temporary Redirect";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 429:
      return "Too Many Requests";
    case 500:
      return "Internal Server Error";
    default:
      return "Ordered";
  }
}

std::string write_head(const Response& response, std::string_view version, const std::string& framing) {
  const bool has_server = response.headers.starts_with("Server: ");
  return std::string(version) + " " + std::to_string(response.status) + " " +
         std::string(phrase_of(response.status)) + (has_server ? "\r\n" : "\r\nServer: reeld-stub-api\r\n") +
         "x-request-id: req_stub\r\n" + "Content-Type: " + response.content_type + "\r\n" + response.headers +
         framing + "\r\n";
}

std::string length_line(std::size_t length) {
  return "Content-Length: " + std::to_string(length) + "\r\n";
}

/// 204 and 304 have neither a body nor a length.
bool is_bodiless(int status) {
  return status == 204 || status == 304;
}

std::string write_whole(const Response& response, std::string_view version = "HTTP/1.1") {
  if (is_bodiless(response.status)) return write_head(response, version, "");
  return write_head(response, version, length_line(response.body.size())) + response.body;
}

/// Pieces of 1, 2, 4 ... bytes, the first with a chunk extension, and a trailer at the end.
std::string write_chunked(const Response& response) {
  std::string text = write_head(response, "HTTP/1.1", "Transfer-Encoding: chunked\r\n");
  std::size_t size = 1;
  for (std::size_t at = 0; at < response.body.size(); at += size, size *= 2) {
    const std::string piece = response.body.substr(at, size);
    std::array<char, 24> length{};
    std::snprintf(length.data(), length.size(), "%zx", piece.size());
    text += length.data();
    text += (at == 0 ? ";note=\"first\"\r\n" : "\r\n") + piece + "\r\n";
  }
  return text + "0\r\nx-trailer: end\r\n\r\n";
}

std::string write_bad_chunks(const Response& response) {
  return write_head(response, "HTTP/1.1", "Transfer-Encoding: chunked\r\n") + "zz\r\n" + response.body +
         "\r\n0\r\n\r\n";
}

std::string write_two_lengths(const Response& response) {
  return write_head(response, "HTTP/1.1",
                    length_line(response.body.size()) + length_line(response.body.size() + 7)) +
         response.body;
}

/// One chunk, after whatever `framing` says of it, and blanks behind its size where they are wanted.
std::string write_one_chunk(const Response& response, const std::string& framing, std::string_view blanks) {
  std::array<char, 24> length{};
  std::snprintf(length.data(), length.size(), "%zx", response.body.size());
  const std::string behind = std::string(blanks) + "\r\n";
  return write_head(response, "HTTP/1.1", framing + "Transfer-Encoding: chunked\r\n") + length.data() +
         behind + response.body + "\r\n0" + behind + "\r\n";
}

Response compress(Response response) {
  response.body = test::gzip(response.body);
  response.headers += "Content-Encoding: gzip\r\n";
  return response;
}

std::string write_interim(Delivery delivery) {
  std::string text = "HTTP/1.1 100 Continue\r\n\r\n";
  if (delivery == Delivery::many_interim) {
    text +=
        "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";
  }
  return text;
}

bool drip(Stream& stream, const std::string& text, const StopSignal& stop) {
  for (const char& byte : text) {
    if (!stream.write(std::string_view(&byte, 1)) || stop.wait_for(drip_pause)) return false;
  }
  return true;
}

bool close_with_goodbye(Stream& stream) {
  stream.say_goodbye();
  return false;
}

bool hang(Stream& stream, const StopSignal& stop) {
  stop.wait_for_fd(stream.socket(), POLLRDHUP, -1);
  return false;
}

bool reset(Stream& stream) {
  stream.reset_on_close();
  return false;
}

bool write_then_unasked(Stream& stream, const Response& response, const StopSignal& stop) {
  if (!stream.write(write_whole(response))) return false;
  const bool asked = stream.has_pending() ||
                     stop.wait_for_fd(stream.socket(), POLLIN, static_cast<int>(unasked_after.count()));
  if (asked) return true;
  stream.write("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
  return close_with_goodbye(stream);
}

}  // namespace

bool deliver(Stream& stream, const Response& response, Delivery delivery, const StopSignal& stop) {
  const std::string whole = write_whole(response);
  const std::size_t head_size = whole.size() - response.body.size();
  switch (delivery) {
    case Delivery::whole:
      return stream.write(whole);
    case Delivery::close:
      return close_with_goodbye(stream);
    case Delivery::reset:
      return reset(stream);
    case Delivery::hang:
      return hang(stream, stop);
    case Delivery::drip:
      return drip(stream, whole, stop);
    case Delivery::cut_head:
      return stream.write(whole.substr(0, head_size / 2)) && close_with_goodbye(stream);
    case Delivery::cut_body:
      return stream.write(whole.substr(0, whole.size() - 5)) && close_with_goodbye(stream);
    case Delivery::overlong:
      return stream.write(whole + "{\"id\":\"video_nobody_asked\"}");
    case Delivery::chunked:
      return stream.write(write_chunked(response));
    case Delivery::bad_chunks:
      return stream.write(write_bad_chunks(response)) && close_with_goodbye(stream);
    case Delivery::two_lengths:
      return stream.write(write_two_lengths(response)) && close_with_goodbye(stream);
    case Delivery::no_length:
      return stream.write(write_head(response, "HTTP/1.1", "Connection: close\r\n") + response.body) &&
             close_with_goodbye(stream);
    case Delivery::http_1_0:
      return stream.write(write_whole(response, "HTTP/1.0")) && close_with_goodbye(stream);
    case Delivery::interim:
    case Delivery::many_interim:
      return stream.write(write_interim(delivery) + whole);
    case Delivery::early:
      return stream.write(whole) && close_with_goodbye(stream);
    case Delivery::then_unasked:
      return write_then_unasked(stream, response, stop);
    case Delivery::both_framings:
      return stream.write(write_one_chunk(response, "Content-Length: 7\r\n", "")) &&
             close_with_goodbye(stream);
    case Delivery::blank_chunks:
      return stream.write(write_one_chunk(response, "", "  ")) && close_with_goodbye(stream);
    case Delivery::blank_colon:
      return stream.write(write_head(response, "HTTP/1.1",
                                     "Content-Length : " + std::to_string(response.body.size()) + "\r\n") +
                          response.body) &&
             close_with_goodbye(stream);
    case Delivery::gzip:
      return stream.write(write_whole(compress(response)));
  }
  return false;
}

}  // namespace reeld::stub
