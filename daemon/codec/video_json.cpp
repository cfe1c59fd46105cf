#include "codec/video_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <charconv>

#include "codec/job_json.hpp"
#include "codec/json_text.hpp"
#include "codec/lenient_json.hpp"
#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "follow/status.hpp"
#include "http/retry_after.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

constexpr std::size_t most_links = 8;  // of one variant
constexpr std::size_t longest_link = 8192;
constexpr std::size_t longest_failure = 2000;

const json::value* find_member(const json::object* object, std::string_view key) {
  return object == nullptr ? nullptr : object->if_contains(key);
}

const json::object* find_member_object(const json::object* object, std::string_view key) {
  const json::value* const value = find_member(object, key);
  return value == nullptr ? nullptr : value->if_object();
}

std::string_view read_value_text(const json::value* value) {
  const json::string* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

/// Text as it is, a number as its digits.
std::string read_scalar(const json::value* value) {
  if (value != nullptr && value->is_number()) return json::serialize(*value);
  return std::string(read_value_text(value));
}

/// The answer itself, `data` (an object, or a list of one), and `data` within that: where a task layer puts
/// what the upstream has said.
std::vector<const json::object*> list_places(const json::object& answer) {
  std::vector<const json::object*> places{&answer};
  const json::object* inner = &answer;
  for (int depth = 0; depth < 2 && inner != nullptr; ++depth) {
    const json::value* const data = find_member(inner, "data");
    inner = data == nullptr ? nullptr : data->if_object();
    const json::array* const list = data == nullptr ? nullptr : data->if_array();
    if (list != nullptr && list->size() == 1) inner = list->front().if_object();
    if (inner != nullptr) places.push_back(inner);
  }
  return places;
}

bool is_link(std::string_view text) {
  if (text.size() > longest_link) return false;
  const std::string start = to_lower(text.substr(0, 8));
  return start.starts_with("https://") || start.starts_with("http://") || start.starts_with('/');
}

class LinkList {
 public:
  void add(std::string_view text) {
    text = trim_blanks(text);
    if (!is_link(text) || links_.size() >= most_links) return;
    if (std::ranges::find(links_, text) == links_.end()) links_.emplace_back(text);
  }
  void add(const json::value* value) { add(read_value_text(value)); }
  /// A text, an object that names its link, or a list of either.
  void add_any(const json::value* value, bool is_within_list = false) {
    if (value == nullptr) return;
    add(value);
    if (const auto* const object = value->if_object()) {
      for (const std::string_view key : {"video_url", "url", "video"}) add(find_member(object, key));
    }
    const auto* const list = value->if_array();
    if (list == nullptr || is_within_list) return;
    for (const json::value& item : *list) add_any(&item, true);
  }
  std::vector<std::string> take() { return std::move(links_); }

 private:
  std::vector<std::string> links_;
};

void read_links(const std::vector<const json::object*>& places, VideoAnswer& answer) {
  LinkList videos;
  for (const std::string_view key : {"video_url", "url"}) {
    for (const json::object* place : places) videos.add(find_member(place, key));
  }
  for (const json::object* place : places) videos.add_any(find_member(place, "output"));
  for (const json::object* place : places)
    videos.add(find_member(find_member_object(place, "content"), "url"));
  answer.links[static_cast<std::size_t>(FollowVariant::video)] = videos.take();
  for (const FollowVariant variant : {FollowVariant::thumbnail, FollowVariant::spritesheet}) {
    LinkList pictures;
    const std::string key = std::string(word_of(variant)) + "_url";
    for (const json::object* place : places) pictures.add(find_member(place, key));
    answer.links[static_cast<std::size_t>(variant)] = pictures.take();
  }
}

/// Seconds, or milliseconds, since the epoch, as a number or its digits. What a clock cannot hold is no time.
std::optional<SystemTime> read_time(const json::value* value) {
  constexpr double least = 1e9;  // 2001
  constexpr double most = 9e9;   // 2255
  const std::string text = read_scalar(value);
  double time = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, time);
  if (error != std::errc() || stop != end) return std::nullopt;
  const double ms = time < 100 * most ? time * 1000 : time;
  const bool is_time = ms >= least * 1000 && ms < most * 1000;
  if (!is_time) return std::nullopt;
  return SystemTime(milliseconds(static_cast<std::int64_t>(ms)));
}

template <class Read>
auto read_first(const std::vector<const json::object*>& places, std::string_view key, Read read) {
  decltype(read(static_cast<const json::value*>(nullptr))) out{};
  for (const json::object* place : places) {
    if (!out) out = read(find_member(place, key));
  }
  return out;
}

/// What the error fields say; else what task layers write beside a status.
std::string read_failure(const std::vector<const json::object*>& places, const ApiReply& api) {
  std::string out;
  if (api.error_object && !api.texts.empty()) out = api.texts.front();
  for (const std::string_view key : {"fail_reason", "failure_reason", "error_message"}) {
    for (const json::object* place : places) {
      if (out.empty()) out = read_value_text(find_member(place, key));
    }
  }
  if (out.empty() && !api.codes.empty()) out = api.codes.front();
  out.resize(cut_text(out, longest_failure).size());
  return out;
}

void read_video_body(const json::object& body, VideoAnswer& answer) {
  const auto places = list_places(body);
  answer.progress = read_first(places, "progress",
                               [](const json::value* value) { return read_progress(read_scalar(value)); });
  answer.expires_at = read_first(places, "expires_at", read_time);
  answer.failure = read_failure(places, answer.api);
  read_links(places, answer);
}

}  // namespace

VideoAnswer read_video_answer(const Reply& reply, SystemTime now) {
  VideoAnswer answer;
  answer.api = read_api_reply(reply, now);
  answer.poll_after = read_retry_after_ms(reply.header("openai-poll-after-ms"));
  if (!answer.api.json_object) return answer;
  auto body = parse_json(reply.body);
  if (!body || !body->is_object()) body = parse_json(mend_json(reply.body));
  if (body && body->is_object()) read_video_body(body->get_object(), answer);
  return answer;
}

}  // namespace reeld
