#include "stub_api/form_parser.hpp"

#include <algorithm>

namespace reeld::stub {
namespace {

constexpr std::size_t max_text = 1 << 20;
constexpr std::size_t max_headers = 8192;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

std::string unescape_name(std::string_view text) {
  std::string name(text);
  replace_all(name, "%0A", "\n");
  replace_all(name, "%0D", "\r");
  replace_all(name, "%22", "\"");
  return name;
}

/// The value of `; key="..."`; nullopt where there is none.
std::optional<std::string> quoted_parameter(std::string_view line, std::string_view key) {
  const std::string opening = "; " + std::string(key) + "=\"";
  const auto at = line.find(opening);
  if (at == std::string_view::npos) return std::nullopt;
  const auto begin = at + opening.size();
  const auto end = line.find('"', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return unescape_name(line.substr(begin, end - begin));
}

struct PartHeaders {
  std::string disposition;
  std::string content_type;
  bool right = true;
};

PartHeaders read_part_headers(std::string_view text) {
  PartHeaders read;
  while (!text.empty()) {
    const auto end = text.find("\r\n");
    const auto line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 2);
    if (line.starts_with("Content-Disposition: form-data; ") && read.disposition.empty()) {
      read.disposition = line;
    } else if (line.starts_with("Content-Type: ") && read.content_type.empty()) {
      read.content_type = line.substr(14);
    } else {
      read.right = false;
    }
  }
  return read;
}

}  // namespace

const std::string* Form::find(std::string_view name) const {
  const auto found = std::ranges::find(fields, name, &std::pair<std::string, std::string>::first);
  return found == fields.end() ? nullptr : &found->second;
}

std::string boundary_of(std::string_view content_type) {
  constexpr std::string_view opening = "multipart/form-data; boundary=";
  if (!content_type.starts_with(opening)) return "";
  content_type.remove_prefix(opening.size());
  if (content_type.size() >= 2 && content_type.front() == '"' && content_type.back() == '"') {
    content_type = content_type.substr(1, content_type.size() - 2);
  }
  return content_type.size() > 70 ? "" : std::string(content_type);
}

FormParser::FormParser(std::string_view boundary, bool hash)
    : delimiter_("\r\n--" + std::string(boundary)), hash_(hash) {
  if (boundary.empty()) fail("the request's Content-Type names no boundary");
}

void FormParser::feed(std::string_view bytes) {
  if (state_ == State::broken) return;
  pending_ += bytes;
  while (step()) {
  }
}

const std::string& FormParser::finish() {
  if (state_ != State::ended && state_ != State::broken) fail("the form ends before its closing boundary");
  return failure_;
}

bool FormParser::step() {
  switch (state_) {
    case State::first_boundary:
      return step_first_boundary();
    case State::part_headers:
      return step_part_headers();
    case State::text:
    case State::file:
      return step_content();
    case State::after_boundary:
      return step_after_boundary();
    case State::ended:
      return pending_.empty() ? false : fail("bytes follow the closing boundary");
    case State::broken:
      break;
  }
  return false;
}

bool FormParser::step_first_boundary() {
  const std::string opening = delimiter_.substr(2) + "\r\n";
  if (pending_.size() < opening.size()) return false;
  if (!pending_.starts_with(opening)) return fail("the form does not begin with its boundary");
  pending_.erase(0, opening.size());
  state_ = State::part_headers;
  return true;
}

bool FormParser::step_part_headers() {
  const auto end = pending_.find("\r\n\r\n");
  if (end == std::string::npos) {
    return pending_.size() > max_headers ? fail("a part's headers do not end") : false;
  }
  const std::string headers = pending_.substr(0, end);
  pending_.erase(0, end + 4);
  begin_part(headers);
  return state_ != State::broken;
}

void FormParser::begin_part(std::string_view text) {
  const PartHeaders headers = read_part_headers(text);
  const auto name = quoted_parameter(headers.disposition, "name");
  const auto filename = quoted_parameter(headers.disposition, "filename");
  if (!headers.right || !name || name->empty()) {
    fail("a part's headers are not as they should be: " + std::string(text));
  } else if (form_.find(*name) != nullptr || (form_.file && (form_.file->name == *name || filename))) {
    fail("the form names " + *name + " twice, or holds two files");
  } else if (filename) {
    form_.file = FormFile{*name, *filename, headers.content_type, 0, ""};
    form_.file_position = form_.fields.size();
    sha256_.restart();
    state_ = State::file;
  } else {
    name_ = *name;
    text_.clear();
    state_ = State::text;
  }
}

bool FormParser::step_content() {
  const auto end = pending_.find(delimiter_);
  if (end != std::string::npos) {
    take_content(std::string_view(pending_).substr(0, end));
    pending_.erase(0, end + delimiter_.size());
    end_part();
    return true;
  }
  // The last bytes may be the beginning of the delimiter.
  if (pending_.size() >= delimiter_.size()) {
    const std::size_t certain = pending_.size() - (delimiter_.size() - 1);
    take_content(std::string_view(pending_).substr(0, certain));
    pending_.erase(0, certain);
  }
  return false;
}

void FormParser::take_content(std::string_view bytes) {
  if (state_ == State::file) {
    form_.file->size += bytes.size();
    if (hash_) sha256_.update(bytes);
  } else if (state_ == State::text) {
    text_ += bytes;
    if (text_.size() > max_text) fail("a field is longer than 1 MiB");
  }
}

void FormParser::end_part() {
  if (state_ == State::broken) return;
  if (state_ == State::file) {
    if (hash_) form_.file->sha256 = sha256_.finish();
  } else {
    form_.fields.emplace_back(name_, text_);
  }
  state_ = State::after_boundary;
}

bool FormParser::step_after_boundary() {
  if (pending_.size() < 2) return false;
  if (pending_.starts_with("\r\n")) {
    pending_.erase(0, 2);
    state_ = State::part_headers;
    return true;
  }
  if (!pending_.starts_with("--")) return fail("a boundary is followed by neither CRLF nor --");
  if (pending_.size() < 4) return false;
  if (!pending_.starts_with("--\r\n")) return fail("the closing boundary is not followed by CRLF");
  pending_.erase(0, 4);
  state_ = State::ended;
  return true;
}

bool FormParser::fail(std::string why) {
  failure_ = std::move(why);
  state_ = State::broken;
  pending_.clear();
  return false;
}

}  // namespace reeld::stub
