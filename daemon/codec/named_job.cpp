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

// Of what a job is called, and what answers are put into.
constexpr std::array<std::string_view, 18> job_names{
    "data",           "task",       "job",          "video",      "generation",    "tasks",    "jobs",
    "videos",         "existing",   "existing_job", "duplicate",  "existing_task", "conflict", "generations",
    "existing_video", "prediction", "operation",    "predictions"};
constexpr std::array<std::string_view, 12> result_names{"result",  "results",  "output",    "response",
                                                        "payload", "item",     "items",     "clip",
                                                        "clips",   "creation", "creations", "asset"};
constexpr std::array<std::string_view, 4> error_names{"error", "errors", "detail", "details"};
// These have ids and states of their own: only an id that is called a job's is one.
constexpr std::array<std::string_view, 18> foreign_names{
    "user",         "account", "key",  "api_key",  "token", "trace",    "request", "organization", "org",
    "subscription", "plan",    "node", "instance", "meta",  "metadata", "usage",   "team",         "project"};
// The job for whose sake this one has to wait.
constexpr std::array<std::string_view, 5> anothers_names{"active_job", "current_job", "active_task",
                                                         "current_task", "running"};

template <std::size_t count>
bool is_one_of(const std::array<std::string_view, count>& names, std::string_view key) {
  return std::ranges::find(names, to_lower(key)) != names.end();
}

bool is_under_way(std::string_view word) {
  return std::ranges::find(queued_words, word) != queued_words.end() ||
         std::ranges::find(running_words, word) != running_words.end();
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

/// What an object is taken for, by the name that it has.
enum class Place { top, data, job, result, error, foreign, other };

Place find_place(std::string_view key, Place outer) {
  if (outer == Place::top && key == "data") return Place::data;
  if (is_one_of(job_names, key)) return Place::job;
  if (is_one_of(result_names, key)) return Place::result;
  if (is_one_of(error_names, key)) return Place::error;
  if (is_one_of(foreign_names, key)) return Place::foreign;
  return outer == Place::foreign || outer == Place::error ? outer : Place::other;
}

/// How much an id tells of a job of this request, the least first.
enum class Sign {
  none,
  shown,  // it stands where a job's does, or is called one's
  ended,  // ... beside the word of one that has failed
  live,   // ... of one that waits, runs or is complete
};

struct SeenJob {
  Sign sign = Sign::none;
  std::string id{};
  std::string word{};
};

/// What is searched, by the answer's status.
enum class Scope {
  success,  // its ids tell more, and it may list several
  refusal,
  in_place,  // of a refusal, no more than where a job's id belongs
};

/// The best sign of a job; of equals the first.
class JobSearch {
 public:
  JobSearch(Scope scope, const IdReading& reading) : scope_(scope), reading_(reading) {}

  SeenJob find(const json::value& answer) {
    visit(answer, "", answer.is_object() ? Place::top : Place::job, 0);
    return std::move(best_);
  }

 private:
  void visit(const json::value& value, const std::string& outer, Place place, int depth) {
    if (const json::object* const object = value.if_object()) return read(*object, outer, place, depth);
    const json::array* const list = value.if_array();
    if (list == nullptr || !(is_success() || list->size() == 1)) return;
    for (const json::value& item : *list)
      if (item.is_object()) read(item.get_object(), outer, place, depth);
  }

  /// `outer`: the word of what it stands in; that a call was a success is no job's.
  void read(const json::object& object, const std::string& outer, Place place, int depth) {
    const std::string own = read_job_word(object);
    const std::string& word = is_job_word(own) || outer.empty() ? own : outer;
    for (const auto& [key, value] : object) note(key, value, word, place);
    if (depth == max_depth) return;
    const std::string inner_word = is_under_way(word) ? word : std::string();
    for (const auto& [key, value] : object) {
      const Place inner = find_place(key, place);
      const bool is_searched = scope_ != Scope::in_place || inner == Place::data;
      if (is_searched && !is_one_of(anothers_names, key)) visit(value, inner_word, inner, depth + 1);
    }
  }

  void note(std::string_view key, const json::value& value, const std::string& word, Place place) {
    if (!is_id_name(key)) return;
    const Sign sign = weigh(key, !value.is_string(), word, place);
    if (sign <= best_.sign) return;
    std::string id = read_any_id(value);
    if (!reading_.is_left_out(id) && reading_.is_readable(id)) best_ = {sign, std::move(id), word};
  }

  Sign weigh(std::string_view key, bool is_number, const std::string& word, Place place) const {
    const bool is_called_jobs = is_job_id_name(key);
    const bool is_in_place = place == Place::top || place == Place::data;
    const bool is_in_job = is_in_place || place == Place::job;
    const bool is_of_other = place == Place::foreign || place == Place::error;
    const bool is_named = is_called_jobs || is_in_job || place == Place::result;
    const bool is_at_work = is_under_way(word);
    const bool is_live = is_at_work || (is_in_job && is_word_of_life(word));
    if (is_named && is_live) return Sign::live;
    if (is_success() && is_word_of_life(word) && place != Place::foreign) return Sign::live;
    if (is_named && (is_called_jobs || !is_of_other) && is_word_of_failed_job(word)) return Sign::ended;
    // Such a number was looked at already, and something spoke against it.
    const bool is_weak = is_of_other || (is_number && is_in_place);
    return is_success() && is_named && !is_weak ? Sign::shown : Sign::none;
  }

  bool is_success() const { return scope_ == Scope::success; }

  Scope scope_;
  const IdReading& reading_;
  SeenJob best_;
};

/// {"data": "video_77abc"}
bool is_id_in_data(const json::value& answer) {
  const json::object* const object = answer.if_object();
  const json::value* const data = object == nullptr ? nullptr : object->if_contains("data");
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

bool IdReading::is_left_out(std::string_view id) const {
  return is_no_id(id) || of_others.contains(id);
}

bool IdReading::is_readable(std::string_view id) const {
  return !is_mended || id.find("\xEF\xBF\xBD") == std::string_view::npos;
}

bool is_job_word(std::string_view word) {
  return is_word_of_life(word) || is_word_of_failed_job(word);
}

std::string read_job_word(const json::object& object) {
  std::string out;
  for (const char* const key : {"status", "state", "task_status", "job_status"}) {
    const json::value* const value = object.if_contains(key);
    std::string word = value == nullptr ? std::string() : to_lower(text_of(*value));
    if (is_job_word(word)) return word;
    if (out.empty()) out = std::move(word);
  }
  return out;
}

void read_named_job(const json::value& answer, const IdReading& reading, ApiReply& reply) {
  if (reply.status < 400 || has_named_job(reply)) return;
  const bool is_of_others = is_before_any_job(reply.status);
  SeenJob seen = JobSearch(is_of_others ? Scope::in_place : Scope::refusal, reading).find(answer);
  if (seen.sign < (is_of_others ? Sign::live : Sign::ended)) return;
  reply.id = std::move(seen.id);
  reply.status_word = std::move(seen.word);
}

void read_shown_id(const json::value& answer, const IdReading& reading, ApiReply& reply) {
  const Sign sign = JobSearch(Scope::success, reading).find(answer).sign;
  reply.shows_live_job = sign == Sign::live;
  reply.shows_job_id = sign != Sign::none || is_id_in_data(answer);
  json::value rest = answer;
  if (rest.is_object()) {
    for (const char* const key : {"error", "errors"}) rest.get_object().erase(key);
    json::value* const data = rest.get_object().if_contains("data");
    if (data != nullptr && data->is_object()) data->get_object().erase("error");
  }
  reply.shows_id = !is_no_id(find_seen_id(json::serialize(rest)));
}

}  // namespace reeld
