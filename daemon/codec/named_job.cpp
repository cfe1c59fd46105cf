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

// Of what a job is called, and what answers are put into. Others have ids and states, too.
constexpr std::array<std::string_view, 15> job_names{
    "data",           "task",     "job",        "video",        "generation",    "tasks",
    "jobs",           "videos",   "existing",   "existing_job", "existing_task", "duplicate",
    "existing_video", "conflict", "generations"};
constexpr std::array<std::string_view, 4> result_names{"result", "results", "output", "response"};
constexpr std::array<std::string_view, 4> error_names{"error", "errors", "detail", "details"};
constexpr std::array<std::string_view, 20> other_names{
    "user",         "account", "key",          "api_key",     "token", "trace",    "request",
    "organization", "org",     "subscription", "plan",        "node",  "instance", "meta",
    "metadata",     "usage",   "active_job",   "current_job", "team",  "project"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view key) {
  return std::ranges::find(names, to_lower(key)) != names.end();
}

bool is_under_way(std::string_view word) {
  return std::ranges::find(queued_words, word) != queued_words.end() ||
         std::ranges::find(running_words, word) != running_words.end();
}

/// The object, or each of a list's.
template <class Visit>
bool any_object(const json::value& value, const Visit& visit) {
  if (const json::object* const object = value.if_object()) return visit(*object);
  const json::array* const list = value.if_array();
  return list != nullptr && std::ranges::any_of(*list, [&](const json::value& item) {
           return item.is_object() && visit(item.get_object());
         });
}

std::string_view text_of(const json::value& value) {
  const json::string* const text = value.if_string();
  return text == nullptr ? std::string_view() : std::string_view(*text);
}

/// A text, or the digits of a whole number over 0.
std::string read_any_id(const json::value& value) {
  const std::string_view text = text_of(value);
  const bool is_text = !text.empty() && !text.starts_with(long_number_mark);
  return is_text ? std::string(text) : read_whole_number(value);
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

  /// What an object is taken for, by the name that it has.
  enum class Place { job, result, error, other };

  /// `outer`: the word of what it stands in; that a call was a success is no job's.
  bool read(const json::object& object, const std::string& outer, Place place, int depth) {
    const std::string own = read_word(object);
    const std::string& word = own.empty() ? outer : own;
    const bool is_live = is_word_of_life(word) && (place == Place::job || is_under_way(word));
    if (is_live && take_id(object, word, place == Place::job || place == Place::result)) return true;
    if (depth == max_depth) return false;
    const std::string inner_word = is_under_way(word) ? word : std::string();
    return std::ranges::any_of(object, [&](const auto& member) {
      if (is_one_of(other_names, member.key())) return false;
      const json::array* const list = member.value().if_array();
      const json::value& inner = list != nullptr && list->size() == 1 ? list->front() : member.value();
      return inner.is_object() && read(inner.get_object(), inner_word, find_place(member.key()), depth + 1);
    });
  }

 private:
  static Place find_place(std::string_view key) {
    if (is_one_of(job_names, key)) return Place::job;
    if (is_one_of(result_names, key)) return Place::result;
    return is_one_of(error_names, key) ? Place::error : Place::other;
  }

  /// `is_jobs`: a plain "id" is the job's, too.
  bool take_id(const json::object& object, const std::string& word, bool is_jobs) {
    for (const auto& [key, value] : object) {
      if (!is_job_id_name(key) && !(is_jobs && is_id_name(key))) continue;
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

/// An id at any depth, but of errors and of what is surely no job. `is_place`: numbers where a job's id
/// belongs were looked at already, and something spoke against them.
bool has_job_id(const json::object& object, bool is_place, int depth) {
  if (depth == max_depth) return false;
  return std::ranges::any_of(object, [&](const auto& member) {
    const bool is_text = member.value().is_string();
    if (is_id_name(member.key()) && (is_text || !is_place) && !is_no_id(read_any_id(member.value())))
      return true;
    if (is_one_of(error_names, member.key()) || is_one_of(other_names, member.key())) return false;
    const bool is_data = depth == 0 && member.key() == "data";
    return any_object(member.value(),
                      [&](const json::object& inner) { return has_job_id(inner, is_data, depth + 1); });
  });
}

/// {"data": "video_77abc"}
bool is_id_in_data(const json::object& object) {
  const json::value* const data = object.if_contains("data");
  return data != nullptr && data->is_string() &&
         !find_seen_id(json::serialize(json::object{{"data", *data}})).empty();
}

}  // namespace

std::string read_whole_number(const json::value& value) {
  const std::string_view text = text_of(value);
  if (text.starts_with(long_number_mark)) return std::string(text.substr(1));
  const bool is_over_0 = value.is_uint64() || (value.is_int64() && value.get_int64() > 0);
  return is_over_0 ? json::serialize(value) : std::string();
}

bool may_name_job(const ApiReply& reply) {
  static constexpr std::array<int, 10> of_others{401, 402, 403, 404, 405, 407, 425, 429, 503, 408};
  return reply.status >= 400 && std::ranges::find(of_others, reply.status) == of_others.end() &&
         !names_job(reply);
}

void read_named_job(const json::object& answer, bool is_mended, ApiReply& reply) {
  NamedJob(is_mended, reply).read(answer, "", NamedJob::Place::job, 0);
}

void read_shown_id(const json::value& answer, ApiReply& reply) {
  reply.shows_job_id = has_job_id(answer.get_object(), true, 0) || is_id_in_data(answer.get_object());
  json::object rest = answer.get_object();
  for (const char* const key : {"error", "errors"}) rest.erase(key);
  json::value* const data = rest.if_contains("data");
  if (data != nullptr && data->is_object()) data->get_object().erase("error");
  reply.shows_id = !is_no_id(find_seen_id(json::serialize(rest)));
}

}  // namespace reeld
