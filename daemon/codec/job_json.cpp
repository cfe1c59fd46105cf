#include "codec/job_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "codec/answer_flaw.hpp"
#include "codec/json_text.hpp"
#include "codec/lenient_json.hpp"
#include "codec/named_job.hpp"
#include "codec/page_words.hpp"
#include "codec/seen_id.hpp"
#include "core/ascii.hpp"
#include "core/utf8.hpp"
#include "http/retry_after.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

/// A member's value; nullptr where there is none, or no object to look in.
const json::value* find(const json::object* object, std::string_view key) {
  return object == nullptr ? nullptr : object->if_contains(key);
}

const json::object* find_object(const json::object* object, std::string_view key) {
  const json::value* value = find(object, key);
  return value == nullptr ? nullptr : value->if_object();
}

/// "" where the member is no text.
std::string_view read_text(const json::object* object, std::string_view key) {
  const json::value* value = find(object, key);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string_view() : std::string_view(text->data(), text->size());
}

/// Whether a value says nothing: null, false, 0, "", [], {}, and an object whose members all say nothing.
/// Gateways put each of them where there is no error.
bool is_nothing(const json::value& value) {
  if (const auto* object = value.if_object()) {
    return std::ranges::all_of(*object, [](const auto& member) { return is_nothing(member.value()); });
  }
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, is_nothing);
  if (const auto* text = value.if_string()) return text->empty();
  if (value.is_number()) return value.to_number<double>() == 0;
  return value.is_null() || (value.is_bool() && !value.get_bool());
}

/// A word that tells of no error where an error, its code or its message would stand.
bool is_fine_word(std::string_view word) {
  static constexpr std::array<std::string_view, 13> words{
      "", "none", "null", "false", "ok", "success", "0", "200", "no error", "n/a", "-", "成功", "操作成功"};
  return std::ranges::find(words, to_lower(word)) != words.end();
}

/// A code that speaks of success, whatever words stand beside it.
bool is_code_of_success(const json::value* code) {
  if (code == nullptr) return false;
  if (code->is_number()) return code->to_number<double>() >= 200 && code->to_number<double>() <= 299;
  const auto* const text = code->if_string();
  if (text == nullptr) return false;
  const std::string word = to_lower({text->data(), text->size()});
  const bool is_status = word.size() == 3 && word.front() == '2' && std::ranges::all_of(word, is_digit);
  const bool is_zeros = word.size() > 1 && word.find_first_not_of('0') == std::string::npos;
  return is_status || is_zeros || word == "ok" || word == "success";
}

/// As the value of `code`, in an error or beside an id.
bool is_fine_code(const json::value& value) {
  if (is_code_of_success(&value)) return true;
  if (const auto* text = value.if_string()) return is_fine_word({text->data(), text->size()});
  return is_nothing(value);
}

/// What stands at `error` where there is none: nothing, "None", {"code":0,"message":"success"}.
bool is_no_error(const json::value& value) {
  if (const auto* text = value.if_string()) return is_fine_word({text->data(), text->size()});
  if (const auto* object = value.if_object()) {
    return is_code_of_success(object->if_contains("code")) ||
           std::ranges::all_of(*object, [](const auto& member) { return is_fine_code(member.value()); });
  }
  return is_nothing(value);
}

/// A code as text, whether it was written as text or as a number; "" where there is none.
std::string read_code(const json::object* object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr || is_nothing(*value)) return {};
  if (value->is_number()) return json::serialize(*value);
  return to_lower(read_text(object, key));
}

const json::array* find_list(const json::object* object, std::string_view key) {
  const json::value* const value = find(object, key);
  return value == nullptr ? nullptr : value->if_array();
}

/// `data` as a list of exactly one object.
const json::object* find_only_item(const json::object& answer) {
  const json::array* const list = find_list(&answer, "data");
  return list == nullptr || list->size() != 1 ? nullptr : list->front().if_object();
}

bool has_text_id(const json::object* object) {
  return !read_text(object, "id").empty() || !read_text(object, "task_id").empty();
}

/// The places in an answer that are read, each a nullptr where the answer has it not.
struct Places {
  explicit Places(const json::object& answer) : top(&answer), data(find_object(&answer, "data")) {
    if (!has_text_id(top)) item = find_only_item(answer);
    for (const json::object* place : {top, data, item}) {
      const json::value* candidate = find(place, "error");
      if (error == nullptr && candidate != nullptr && !is_no_error(*candidate)) error = candidate;
    }
    if (error != nullptr) error_object = error->if_object();
  }

  const json::object* top = nullptr;
  const json::object* data = nullptr;
  const json::object* item = nullptr;          // of data, where that is a list, and the top has no id
  const json::value* error = nullptr;          // a real one
  const json::object* error_object = nullptr;  // ... that is an object
};

template <class... Texts>
std::string pick_first(const Texts&... texts) {
  std::string picked;
  ((picked.empty() ? picked.assign(texts) : picked), ...);
  return picked;
}

void add_if_any(std::vector<std::string>& list, std::string text) {
  if (!text.empty()) list.push_back(std::move(text));
}

bool says_no(const json::value& value) {
  const auto* const text = value.if_string();
  return text != nullptr ? to_lower({text->data(), text->size()}) == "false" : is_nothing(value);
}

/// An id that could be another number, or of another thing, counts only where nothing speaks against it.
bool speaks_against_ids(const json::object* place) {
  for (const std::string_view key : {"code", "errcode", "error_code", "errno"}) {
    const json::value* const code = find(place, key);
    if (code != nullptr && !is_fine_code(*code)) return true;
  }
  for (const std::string_view key : {"success", "ok"}) {
    const json::value* const word = find(place, key);
    if (word != nullptr && says_no(*word)) return true;
  }
  const json::value* const detail = find(place, "detail");
  return detail != nullptr && !is_nothing(*detail);
}

struct PlacedId {
  std::string id;
  const json::object* place;
};

/// Each text and number that may be the id, the likeliest first.
std::vector<PlacedId> list_ids(const Places& places, const IdReading& reading) {
  std::vector<PlacedId> out;
  const auto add_texts = [&](const json::object* place) {
    for (const std::string_view key : {"id", "task_id"}) {
      const std::string_view text = read_text(place, key);
      if (!text.starts_with(long_number_mark) && !reading.is_left_out(text))
        out.push_back({std::string(text), place});
    }
  };
  for (const json::object* place : {places.top, places.data}) add_texts(place);
  const std::array all{places.top, places.data, places.item};
  if (std::ranges::any_of(all, speaks_against_ids)) return out;
  add_texts(places.item);
  for (const json::object* place : all) {
    for (const std::string_view key : {"id", "task_id"}) {
      const json::value* const value = find(place, key);
      std::string digits = value == nullptr ? std::string() : read_whole_number(*value);
      if (!reading.is_left_out(digits)) out.push_back({std::move(digits), place});
    }
  }
  return out;
}

/// Where an answer was mended, U+FFFD stands for what could not be read: nobody could look such an id up.
/// Returns where the id stands; null: nowhere.
const json::object* read_id(const Places& places, const IdReading& reading, ApiReply& reply) {
  const json::object* out = nullptr;
  for (PlacedId& found : list_ids(places, reading)) {
    const bool is_readable = reading.is_readable(found.id);
    reply.has_unreadable_id = reply.has_unreadable_id || !is_readable;
    if (out == nullptr || (is_readable && reply.id.empty())) out = found.place;
    if (is_readable && reply.id.empty()) reply.id = std::move(found.id);
  }
  if (!reply.id.empty()) reply.has_unreadable_id = false;
  return out;
}

/// A success is one only where no place says that it failed. Else a job's word is looked for, first beside
/// its id; one further out may be the envelope's.
std::string read_status_word(const Places& places, const json::object* of_id, int status) {
  for (const json::object* place : {of_id, places.top, places.data, places.item}) {
    if (status < 300 || place == nullptr) continue;
    if (std::string word = read_job_word(*place); is_job_word(word)) return word;
  }
  return to_lower(pick_first(read_text(places.top, "status"), read_text(places.data, "status"),
                             read_text(places.item, "status")));
}

/// {"loc": ["body", "seconds"], "msg": "Field required"}: "body.seconds: Field required".
std::string describe_item(const json::value& item) {
  const std::string msg(read_text(item.if_object(), "msg"));
  const json::array* const parts = find_list(item.if_object(), "loc");
  if (parts == nullptr || parts->empty() || msg.empty()) return msg;
  std::string place;
  for (const json::value& part : *parts) {
    if (!place.empty()) place += '.';
    place += part.is_string() ? std::string(part.get_string()) : json::serialize(part);
  }
  return place + ": " + msg;
}

/// FastAPI's {"detail": "..."}, {"detail": [{"msg": "..."}]} and {"detail": {"message": "..."}}. At other
/// statuses it may be of what stands before the API: at 404 that there is no such place, at 503 that nobody
/// is there.
void read_detail(const json::object& answer, ApiReply& reply) {
  std::vector<std::string> texts;
  add_if_any(texts, std::string(read_text(&answer, "detail")));
  if (const json::array* const list = find_list(&answer, "detail")) {
    for (const json::value& item : *list) add_if_any(texts, describe_item(item));
  }
  const json::object* const object = find_object(&answer, "detail");
  for (const std::string_view key : {"message", "msg", "error"})
    add_if_any(texts, std::string(read_text(object, key)));
  for (const std::string_view key : {"code", "type"}) add_if_any(reply.codes, read_code(object, key));
  static constexpr std::array<int, 4> of_apis{400, 403, 409, 422};
  const bool is_about_request = std::ranges::find(of_apis, reply.status) != of_apis.end();
  reply.error_object = reply.error_object || (!texts.empty() && is_about_request);
  for (std::string& text : texts) reply.texts.push_back(std::move(text));
}

void read_error(const Places& places, ApiReply& reply) {
  reply.real_error = places.error != nullptr;
  const std::string message = pick_first(read_text(places.top, "message"), read_text(places.top, "msg"));
  // With an id only of a refusal. Of a success, {"code":"success","message":...,"data":{"task_id":...}} is an
  // answer; and a server at fault may have created what it names.
  const bool is_refusal = reply.status >= 400 && reply.status <= 499;
  const bool may_be_flat = reply.id.empty() || is_refusal;
  const json::value* const code = find(places.top, "code");
  const bool is_flat_error = may_be_flat && code != nullptr && !is_fine_code(*code) &&
                             !read_code(places.top, "code").empty() && !message.empty();
  reply.error_object = reply.real_error || is_flat_error;
  const json::object* speaker = reply.real_error ? places.error_object : places.top;
  reply.names_request = reply.error_object && !read_text(speaker, "param").empty();

  for (const std::string_view key : {"code", "type"}) {
    add_if_any(reply.codes, read_code(places.error_object, key));
    add_if_any(reply.codes, read_code(places.top, key));
  }
  if (reply.real_error && places.error->is_string()) reply.texts.emplace_back(places.error->get_string());
  add_if_any(reply.texts, std::string(read_text(places.error_object, "message")));
  add_if_any(reply.texts, std::string(read_text(places.error_object, "message_zh")));
  add_if_any(reply.texts, message);
}

std::optional<milliseconds> read_wait_of(const json::object* object, SystemTime now) {
  const json::value* value = find(object, "retryAfter");
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) return read_retry_after(read_text(object, "retryAfter"), now);
  const double seconds = value->to_number<double>();
  return seconds < 0 ? std::nullopt : read_retry_after(std::to_string(seconds), now);
}

/// Cloudflare's own refusals of whoever asks for JSON (RFC 9457): a page, though it is no HTML.
bool is_of_cloudflare(const json::object& answer) {
  const json::value* const is_its_own = find(&answer, "cloudflare_error");
  return (is_its_own != nullptr && is_its_own->is_bool() && is_its_own->get_bool()) ||
         read_text(&answer, "type").starts_with("https://developers.cloudflare.com/");
}

/// They are searched for the prompt, each of them: what is over these limits tells nobody anything. However
/// long one is, each that follows has its share.
void keep_some(std::vector<std::string>& texts) {
  constexpr std::size_t max_texts = 16;
  constexpr std::size_t share = 512;  // bytes
  std::size_t room = 16'384;
  if (texts.size() > max_texts) texts.resize(max_texts);
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::size_t of_others = share * (texts.size() - i - 1);
    texts[i].resize(cut_text(texts[i], room - of_others).size());
    room -= texts[i].size();
  }
}

void read_body(const json::object& answer, SystemTime now, const IdReading& reading, ApiReply& reply) {
  if (reply.status >= 400 && is_of_cloudflare(answer)) {
    reply.page = read_text(&answer, "title");
    const std::string_view detail = read_text(&answer, "detail");
    if (!detail.empty()) reply.page.append(reply.page.empty() ? "" : ": ").append(detail);
    return;
  }
  const Places places(answer);
  const json::object* const of_id = read_id(places, reading, reply);
  reply.status_word = read_status_word(places, of_id, reply.status);
  read_error(places, reply);
  read_detail(answer, reply);
  for (const json::object* place : {places.top, places.error_object}) {
    if (!reply.retry_after) reply.retry_after = read_wait_of(place, now);
  }
  keep_some(reply.texts);
}

bool holds_inexact_id(const json::value& value) {
  const json::object* const answer = value.if_object();
  if (answer == nullptr) return false;
  const Places places(*answer);
  return std::ranges::any_of(std::array{places.top, places.data, places.item}, [](const json::object* place) {
    const auto is_inexact = [&](std::string_view key) {
      const json::value* const id = find(place, key);
      return id != nullptr && id->is_double();
    };
    return is_inexact("id") || is_inexact("task_id");
  });
}

void read_waits(const Reply& reply, SystemTime now, ApiReply& api) {
  auto wait = read_retry_after_ms(reply.header("retry-after-ms"));
  if (!wait) wait = read_retry_after(reply.header("retry-after"), now);
  if (!wait) return;
  api.retry_after = wait;
  api.retry_after_header = true;
}

std::string read_request_id(const Reply& reply) {
  return pick_first(reply.header("x-request-id"), reply.header("x-oneapi-request-id"),
                    reply.header("request-id"), reply.header("cf-ray"));
}

/// Who says that it has answered, which tells a firewall or a front from the API.
std::string read_front(const Reply& reply) {
  std::string out(reply.header("server"));
  if (const std::string_view ray = reply.header("cf-ray"); !ray.empty()) {
    if (!out.empty()) out += ", ";
    out.append("cf-ray ").append(ray);
  }
  return out;
}

struct Answer {
  std::optional<json::value> value;
  bool is_mended = false;
};

/// As it is, or mended; a long number would have lost its last digits. A byte-order mark is none of JSON's.
Answer read_answer(std::string_view body) {
  auto value = parse_json(body);
  if (value && !holds_inexact_id(*value)) return {std::move(value), body.starts_with("\xEF\xBB\xBF")};
  auto mended = parse_json(mend_json(body));
  return {mended ? std::move(mended) : std::move(value), true};
}

/// Why it tells no job's id.
std::string find_flaw(const Reply& reply, const ApiReply& api) {
  if (!reply.flaw.empty()) return reply.flaw;
  if (!api.json_object) return describe_flaw(reply.body);
  if (api.has_unreadable_id) return "has an id that cannot be read";
  return find_seen_id(reply.body).empty() ? "" : "has an id, but none that can be taken for a job's";
}

}  // namespace

ApiReply read_api_reply(const Reply& reply, SystemTime now, const OtherIds& of_others) {
  ApiReply api;
  api.status = reply.status;
  api.request_id = read_request_id(reply);
  if (const Answer answer = read_answer(reply.body); answer.value) {
    api.json = true;
    api.is_mended = answer.is_mended;
    api.json_object = answer.value->is_object();
    const IdReading reading{answer.is_mended, of_others};
    if (api.json_object) read_body(answer.value->get_object(), now, reading, api);
    read_named_job(*answer.value, reading, api);
    if (api.id.empty() && api.status / 100 == 2) read_shown_id(*answer.value, reading, api);
  }
  api.front = read_front(reply);
  if (!api.error_object && api.status >= 400 && api.page.empty()) api.page = read_page_words(reply.body);
  read_waits(reply, now, api);
  if (api.id.empty()) api.flaw = find_flaw(reply, api);
  return api;
}

bool is_job_list(const std::string& body) {
  const Answer answer = read_answer(body);
  if (!answer.value || answer.value->is_array()) return answer.value.has_value();
  const json::object* const top = answer.value->if_object();
  if (top == nullptr || speaks_against_ids(top) || find_list(top, "errors") != nullptr) return false;
  const auto holds_list = [](const json::object* place) {
    return place != nullptr &&
           (read_text(place, "object") == "list" ||
            std::ranges::any_of(*place, [](const auto& member) { return member.value().is_array(); }));
  };
  return holds_list(top) || holds_list(find_object(top, "data"));
}

bool is_json_object(const std::string& body) {
  const Answer answer = read_answer(body);
  return answer.value && answer.value->is_object();
}

}  // namespace reeld
