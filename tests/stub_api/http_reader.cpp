#include "stub_api/http_reader.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>

namespace reeld::stub {
namespace {

constexpr std::size_t max_head = 65536;
constexpr std::string_view end_of_head = "\r\n\r\n";

std::string to_lower(std::string_view text) {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lower;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
  return line;
}

bool parse_request_line(std::string_view line, RequestHead& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || first == last || line.substr(last + 1) != "HTTP/1.1") return false;
  head.method = line.substr(0, first);
  head.target = line.substr(first + 1, last - first - 1);
  return head.target.find(' ') == std::string::npos && head.target.starts_with('/');
}

bool parse_header(std::string_view line, RequestHead& head) {
  const auto colon = line.find(':');
  if (colon == 0 || colon == std::string_view::npos || line.find_first_of("\r\n") != std::string_view::npos)
    return false;
  std::string& value = head.headers[to_lower(line.substr(0, colon))];
  if (!value.empty()) value += ", ";
  value += trim(line.substr(colon + 1));
  return true;
}

bool read_length(RequestHead& head) {
  const auto text = head.header("content-length");
  if (text.empty()) return true;
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  head.content_length = length;
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string_view RequestHead::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<RequestHead> parse_head(std::string_view text) {
  RequestHead head;
  if (!parse_request_line(take_line(text), head)) return std::nullopt;
  while (!text.empty()) {
    if (!parse_header(take_line(text), head)) return std::nullopt;
  }
  if (!read_length(head)) return std::nullopt;
  return head;
}

std::optional<RequestHead> HttpReader::read_head() {
  auto end = leftover_.find(end_of_head);
  while (end == std::string::npos) {
    if (leftover_.size() > max_head) return std::nullopt;
    const std::size_t got = stream_.read(buffer_);
    if (got == 0) return std::nullopt;
    leftover_.append(buffer_.data(), got);
    end = leftover_.find(end_of_head);
  }
  auto head = parse_head(std::string_view(leftover_).substr(0, end));
  leftover_.erase(0, end + end_of_head.size());
  return head;
}

std::uint64_t HttpReader::read_body(std::uint64_t size, const std::function<void(std::string_view)>& take) {
  const std::size_t ready = static_cast<std::size_t>(std::min<std::uint64_t>(size, leftover_.size()));
  if (ready > 0) take(std::string_view(leftover_).substr(0, ready));
  leftover_.erase(0, ready);
  std::uint64_t done = ready;
  while (done < size) {
    const std::size_t wanted = static_cast<std::size_t>(std::min<std::uint64_t>(size - done, buffer_.size()));
    const std::size_t got = stream_.read(std::span(buffer_.data(), wanted));
    if (got == 0) break;
    take(std::string_view(buffer_.data(), got));
    done += got;
  }
  return done;
}

}  // namespace reeld::stub
