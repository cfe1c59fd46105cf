#include "codec/result_json.hpp"

#include <array>
#include <boost/json.hpp>
#include <cstdio>

#include "codec/json_text.hpp"
#include "core/utf8.hpp"
#include "http/base64.hpp"

namespace reeld {
namespace {

namespace json = boost::json;

json::value write_text(std::string_view text) {
  return json::string(to_valid_utf8(text));
}

json::value write_text_or_null(std::string_view text) {
  if (text.empty()) return nullptr;
  return write_text(text);
}

bool is_text(std::string_view body) {
  return body.find('\0') == std::string_view::npos && count_characters(body).has_value();
}

/// As JSON where it is JSON, as text where it is text, and else so that each of its bytes can be had again.
void embed_body(const ErrorResult& result, json::object& into) {
  const std::string_view body = result.api;
  auto parsed = body.empty() ? json::value() : parse_json(body);
  if (parsed) {
    into["api"] = std::move(*parsed);
  } else if (is_text(body)) {
    into["api"] = write_text(body);
  } else {
    into["api"] = json::string(encode_base64(body));
    into["api_encoding"] = "base64";
  }
  if (!result.api_coding.empty()) into["api_coding"] = write_text(result.api_coding);
}

json::object write_base(const ErrorResult& result) {
  json::object object;
  object["verdict"] = write_text(result.verdict);
  object["reason"] = write_text(result.reason);
  object["http_status"] = nullptr;
  if (result.http_status != 0) object["http_status"] = result.http_status;
  if (!result.id.empty()) object["id"] = write_text(result.id);
  object["attempts"] = result.attempts;
  embed_body(result, object);
  object["at"] = format_time(result.at);
  return object;
}

json::object write_fields(const JobFields& fields) {
  json::object object;
  for (const JobField& field : fields) object[to_valid_utf8(field.name)] = write_text(field.value);
  return object;
}

}  // namespace

std::string build_error_json(const ErrorResult& result) {
  return print_json(write_base(result));
}

std::string build_doubt_json(const DoubtResult& result) {
  json::object object = write_base(result.base);
  object["job"] = write_text(result.job);
  object["sent_from"] = format_time(result.sent_from);
  object["sent_until"] = format_time(result.sent_until);
  object["url"] = write_text(result.url);
  object["fields"] = write_fields(result.fields);
  object["prompt_start"] = write_text(result.prompt_start);
  object["image_sha256"] = write_text_or_null(result.image_sha256);
  object["request_id"] = write_text_or_null(result.request_id);
  if (!result.id_seen.empty()) object["id_seen"] = write_text(result.id_seen);
  if (!result.ids_seen_before.empty()) {
    json::array& ids = object["ids_seen_before"].emplace_array();
    for (const std::string& id : result.ids_seen_before) ids.push_back(write_text(id));
  }
  if (!result.idempotency_key.empty()) object["idempotency_key"] = write_text(result.idempotency_key);
  return print_json(object);
}

std::string read_doubt_job(std::string_view doubt_json) {
  const auto parsed = parse_json(doubt_json);
  const json::object* const object = parsed ? parsed->if_object() : nullptr;
  const json::value* const job = object == nullptr ? nullptr : object->if_contains("job");
  return job != nullptr && job->is_string() ? std::string(job->get_string()) : "";
}

CreatedJob read_created_job(std::string_view error_json) {
  CreatedJob out;
  const auto parsed = parse_json(error_json);
  const json::object* const object = parsed ? parsed->if_object() : nullptr;
  const json::value* const id = object == nullptr ? nullptr : object->if_contains("id");
  if (id == nullptr || !id->is_string()) return out;
  out.id = std::string(id->get_string());
  const json::value* const status = object->if_contains("http_status");
  const std::int64_t* const number = status == nullptr ? nullptr : status->if_int64();
  if (number != nullptr && *number >= 100 && *number <= 599) out.http_status = static_cast<int>(*number);
  return out;
}

std::string build_settled_json(std::string_view id) {
  json::object object;
  object["id"] = write_text(id);
  return print_json(object);
}

std::string format_time(SystemTime time) {
  const auto instant = std::chrono::floor<milliseconds>(time);
  const auto midnight = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date(midnight);
  const std::chrono::hh_mm_ss clock(instant - midnight);
  std::array<char, 64> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace reeld
