#include "codec/seen_id.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include "core/ascii.hpp"
#include "core/utf8.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_id = 200;
// In lower case.
constexpr std::array<std::string_view, 9> id_names{"id",     "_id",     "task_id", "video_id",     "job_id",
                                                   "taskid", "videoid", "jobid",   "generation_id"};

/// Through text that may be JSON, from its head to its end, once.
class Scan {
 public:
  explicit Scan(std::string_view text) : rest_(text) {}

  std::string find() {
    while (!rest_.empty()) {
      const char c = rest_.front();
      if (c == '"') {
        read_member();
        continue;
      }
      if (c == '{' || c == '[') ++depth_;
      if ((c == '}' || c == ']') && depth_ > 0) --depth_;
      rest_.remove_prefix(1);
    }
    return std::move(best_);
  }

 private:
  void skip_blanks() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size())); }

  /// With its escapes as they are. One that is not ended is none.
  std::string_view take_string() {
    rest_.remove_prefix(1);
    std::size_t end = 0;
    while (end < rest_.size() && rest_[end] != '"') end += rest_[end] == '\\' ? 2 : 1;
    const bool is_whole = end < rest_.size();
    const std::string_view out = is_whole ? rest_.substr(0, end) : std::string_view();
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return out;
  }

  std::string_view take_number() {
    const auto* const end = std::find_if_not(rest_.begin(), rest_.end(), [](char c) {
      return is_digit(c) || std::string_view(".eE+-").find(c) != std::string_view::npos;
    });
    const auto length = static_cast<std::size_t>(end - rest_.begin());
    const std::string_view out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    // What follows tells that it is all of the number.
    const bool is_over =
        !rest_.empty() && std::string_view(",}] \t\r\n").find(rest_.front()) != std::string_view::npos;
    return is_over && !out.starts_with('0') ? out : std::string_view();
  }

  void read_member() {
    const std::string_view name = take_string();
    skip_blanks();
    const bool is_id = is_id_name(name);
    if ((!is_id && name != "data") || !rest_.starts_with(':')) return;
    rest_.remove_prefix(1);
    skip_blanks();
    if (is_id && !enter_value()) return;
    if (rest_.empty()) return;
    if (rest_.front() == '"') {
      const std::string_view text = take_string();
      if (is_id || looks_like_id(text)) consider(text);
    } else if (is_id && is_digit(rest_.front())) {
      consider(take_number());
    }
  }

  /// ["v1"], {"$oid": "v1"}: to the first value within. False: there is none.
  bool enter_value() {
    while (rest_.starts_with('[') || rest_.starts_with('{')) {
      const bool is_object = rest_.front() == '{';
      ++depth_;
      rest_.remove_prefix(1);
      skip_blanks();
      if (!is_object) continue;
      if (!rest_.starts_with('"')) return false;
      take_string();
      skip_blanks();
      if (!rest_.starts_with(':')) return false;
      rest_.remove_prefix(1);
      skip_blanks();
    }
    return true;
  }

  /// What stands at `data` where one would stand: no word, and no sentence.
  static bool looks_like_id(std::string_view text) {
    return text.size() >= 6 && std::ranges::any_of(text, is_digit);
  }

  void consider(std::string_view id) {
    const auto is_odd = [](char c) {
      return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\';
    };
    const bool is_usable = !id.empty() && id.size() <= max_id && std::ranges::none_of(id, is_odd) &&
                           count_characters(id).has_value();
    if (!is_usable || depth_ >= depth_of_best_) return;
    best_ = id;
    depth_of_best_ = depth_;
  }

  std::string_view rest_;
  std::size_t depth_ = 0;
  std::string best_;
  std::size_t depth_of_best_ = std::numeric_limits<std::size_t>::max();
};

}  // namespace

bool is_id_name(std::string_view name) {
  return std::ranges::find(id_names, to_lower(name)) != id_names.end();
}

bool is_job_id_name(std::string_view name) {
  return is_id_name(name) && to_lower(name) != "id" && to_lower(name) != "_id";
}

bool is_no_id(std::string_view text) {
  static constexpr std::array<std::string_view, 6> words{"", "0", "null", "none", "nil", "undefined"};
  return std::ranges::find(words, to_lower(trim_blanks(text))) != words.end();
}

std::string find_seen_id(std::string_view text) {
  return Scan(text).find();
}

std::string find_seen_id(const Reply& reply) {
  return find_seen_id(reply.glimpse.empty() ? std::string_view(reply.body) : std::string_view(reply.glimpse));
}

}  // namespace reeld
