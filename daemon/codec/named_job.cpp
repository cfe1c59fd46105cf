#include "codec/named_job.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "codec/lenient_json.hpp"
#include "codec/seen_id.hpp"
#include "core/ascii.hpp"
#include "core/job_words.hpp"
#include "core/verdict.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

constexpr int max_depth = 4;

/// Of what a job, or an answer about one, is called. Others ("user", "key", "trace") have ids and states,
/// too.
constexpr std::array<std::string_view, 14> job_names{
    "data",     "task",           "job",           "video",  "generation", "result", "output",
    "existing", "existing_video", "existing_task", "detail", "details",    "error",  "existing_job"};

bool is_job_name(std::string_view key) {
  return std::ranges::find(job_names, to_lower(key)) != job_names.end();
}

std::string_view text_of(const json::value& value) {
  const json::string* const text = value.if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

/// A text, or the digits of a whole number over 0.
std::string read_any_id(const json::value& value) {
  const std::string_view text = text_of(value);
  if (text.starts_with(long_number_mark)) return std::string(text.substr(1));
  if (!text.empty()) return std::string(text);
  const bool is_over_0 = value.is_uint64() || (value.is_int64() && value.get_int64() > 0);
  return is_over_0 ? json::serialize(value) : std::string();
}

std::string read_word(const json::object& object) {
  for (const char* const key : {"status", "state"}) {
    const json::value* const word = object.if_contains(key);
    if (word != nullptr && !text_of(*word).empty()) return to_lower(text_of(*word));
  }
  return {};
}

class NamedJob {
 public:
  NamedJob(bool is_mended, ApiReply& reply) : is_mended_(is_mended), reply_(reply) {}

  /// `outer`: the word of what it stands in. An error's own id is no job's.
  bool read(const json::object& object, const std::string& outer, bool is_error, int depth) {
    const std::string own = read_word(object);
    const std::string& word = own.empty() ? outer : own;
    if (!is_error && is_word_of_life(word) && take_id(object, word)) return true;
    if (depth == max_depth) return false;
    return std::ranges::any_of(object, [&](const auto& member) {
      if (!is_job_name(member.key())) return false;
      const json::array* const list = member.value().if_array();
      const json::value& inner = list != nullptr && list->size() == 1 ? list->front() : member.value();
      return inner.is_object() && read(inner.get_object(), word, member.key() == "error", depth + 1);
    });
  }

 private:
  bool take_id(const json::object& object, const std::string& word) {
    for (const auto& [key, value] : object) {
      if (!is_id_name(key)) continue;
      std::string id = read_any_id(value);
      const bool is_damaged = is_mended_ && id.find("\xEF\xBF\xBD") != std::string::npos;
      if (is_no_id(id) || is_damaged) continue;
      reply_.id = std::move(id);
      reply_.status_word = word;
      return true;
    }
    return false;
  }

  bool is_mended_;
  ApiReply& reply_;
};

/// A member at any depth, but for errors.
bool has_job_id(const json::value& value, int depth) {
  const json::object* const object = value.if_object();
  if (object == nullptr || depth == max_depth) return false;
  return std::ranges::any_of(*object, [&](const auto& member) {
    if (is_job_id_name(member.key()) && !is_no_id(read_any_id(member.value()))) return true;
    return member.key() != "error" && member.key() != "errors" && has_job_id(member.value(), depth + 1);
  });
}

}  // namespace

bool may_name_job(const ApiReply& reply) {
  static constexpr std::array<int, 10> of_others{401, 402, 403, 404, 405, 407, 425, 429, 503, 408};
  return reply.status >= 400 && std::ranges::find(of_others, reply.status) == of_others.end() &&
         !names_job(reply);
}

void read_named_job(const json::object& answer, bool is_mended, ApiReply& reply) {
  NamedJob(is_mended, reply).read(answer, "", false, 0);
}

void read_shown_id(const json::value& answer, ApiReply& reply) {
  reply.shows_job_id = has_job_id(answer, 0);
  json::object rest = answer.get_object();
  for (const char* const key : {"error", "errors"}) rest.erase(key);
  json::value* const data = rest.if_contains("data");
  if (data != nullptr && data->is_object()) data->get_object().erase("error");
  reply.shows_id = !is_no_id(find_seen_id(json::serialize(rest)));
}

}  // namespace reeld
