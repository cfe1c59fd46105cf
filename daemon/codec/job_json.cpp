#include "codec/job_json.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "codec/json_text.hpp"
#include "codec/retry_after.hpp"
#include "core/ascii.hpp"

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
  if (const auto* array = value.if_array()) return array->empty();
  if (const auto* text = value.if_string()) return text->empty();
  if (value.is_number()) return value.to_number<double>() == 0;
  return value.is_null() || (value.is_bool() && !value.get_bool());
}

/// A code as text, whether it was written as text or as a number; "" where there is none.
std::string read_code(const json::object* object, std::string_view key) {
  const json::value* value = find(object, key);
  if (value == nullptr || is_nothing(*value)) return {};
  if (value->is_number()) return json::serialize(*value);
  return to_lower(read_text(object, key));
}

/// The places in an answer that are read, each a nullptr where the answer has it not.
struct Places {
  explicit Places(const json::object& answer) : top(&answer), data(find_object(&answer, "data")) {
    for (const json::object* place : {top, data}) {
      const json::value* candidate = find(place, "error");
      if (error == nullptr && candidate != nullptr && !is_nothing(*candidate)) error = candidate;
    }
    if (error != nullptr) error_object = error->if_object();
  }

  const json::object* top = nullptr;
  const json::object* data = nullptr;
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

void read_error(const Places& places, ApiReply& reply) {
  reply.real_error = places.error != nullptr;
  // Without an id: {"code":"success","message":...,"data":{"task_id":...}} is an answer.
  const bool is_flat_error =
      reply.id.empty() && !read_code(places.top, "code").empty() && !read_text(places.top, "message").empty();
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
  add_if_any(reply.texts, std::string(read_text(places.top, "message")));
}

std::optional<milliseconds> read_wait_of(const json::object* object, SystemTime now) {
  const json::value* value = find(object, "retryAfter");
  if (value == nullptr) return std::nullopt;
  if (!value->is_number()) return read_retry_after(read_text(object, "retryAfter"), now);
  const double seconds = value->to_number<double>();
  return seconds < 0 ? std::nullopt : read_retry_after(std::to_string(seconds), now);
}

void read_body(const json::object& answer, SystemTime now, ApiReply& reply) {
  const Places places(answer);
  reply.id = pick_first(read_text(places.top, "id"), read_text(places.top, "task_id"),
                        read_text(places.data, "id"), read_text(places.data, "task_id"));
  reply.status_word = to_lower(pick_first(read_text(places.top, "status"), read_text(places.data, "status")));
  read_error(places, reply);
  for (const json::object* place : {places.top, places.error_object}) {
    if (!reply.retry_after) reply.retry_after = read_wait_of(place, now);
  }
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

}  // namespace

ApiReply read_api_reply(const Reply& reply, SystemTime now) {
  ApiReply api;
  api.status = reply.status;
  api.request_id = read_request_id(reply);
  if (const auto value = parse_json(reply.body)) {
    api.json = true;
    api.json_object = value->is_object();
    if (api.json_object) read_body(value->get_object(), now, api);
  }
  read_waits(reply, now, api);
  return api;
}

}  // namespace reeld
