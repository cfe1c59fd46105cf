#include "stub_api/answers.hpp"

#include <array>
#include <utility>
#include <vector>

#include "stub_api/json_text.hpp"

namespace reeld::stub {
namespace {

constexpr std::string_view saturated_text = "当前分组上游负载已饱和，请稍后再试";

using Members = std::vector<std::pair<std::string, std::string>>;  // names and JSON values

Members list_members(const Job& job, int progress) {
  return {{"id", quote_json(job.id)},
          {"object", "\"video\""},
          {"model", quote_json("sora_video2")},
          {"status", quote_json(status_word_of(progress))},
          {"progress", std::to_string(progress)},
          {"created_at", std::to_string(job.created_at)},
          {"seconds", quote_json(job.seconds)},
          {"size", "\"1280x720\""}};
}

/// How an answer is written: white space, order, escapes.
struct Hand {
  std::string_view open, comma, colon, close;
  bool reversed, echo, ascii;
};

constexpr std::array<Hand, 6> hands = {{
    {"{", ",", ":", "}", false, false, false},
    {"{", ", ", ": ", "}\n", false, true, true},
    {"{\n  ", ",\n  ", ": ", "\n}", true, false, false},
    {" {\t", " ,\t", " : ", " } ", true, true, false},
    {"{\r\n\t", ",\r\n\t", ":", "\r\n}\r\n", false, true, false},
    {"\n{", ",", ":\t", "}\n\n", true, true, true},
}};

std::string write_object(Members members, const Hand& hand) {
  if (hand.reversed) members = Members(members.rbegin(), members.rend());
  std::string text(hand.open);
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (i > 0) text += hand.comma;
    text += quote_json(members[i].first);
    text += hand.colon;
    text += members[i].second;
  }
  return text += hand.close;
}

std::string write_members(Members members, const Job& job) {
  const Hand& hand = hands[job.number % hands.size()];
  if (hand.echo) {
    members.emplace_back("prompt", hand.ascii ? quote_json_ascii(job.prompt) : quote_json(job.prompt));
    members.emplace_back("note",
                         hand.ascii ? quote_json_ascii("让牛快乐 \u2028 ✓ 🎬") : quote_json("让牛快乐 ✓ 🎬"));
  }
  return write_object(std::move(members), hand);
}

std::string write_error(std::string_view message, std::string_view type, std::string_view code,
                        std::string_view param) {
  const auto or_null = [](std::string_view text) {
    return text.empty() ? std::string("null") : quote_json(text);
  };
  return R"({"error":{"message":)" + quote_json(message) + R"(,"type":)" + quote_json(type) + R"(,"param":)" +
         or_null(param) + R"(,"code":)" + or_null(code) + "}}";
}

std::string write_page(int status) {
  return "<html><head><title>" + std::to_string(status) + "</title></head><body><h1>" +
         std::to_string(status) + "</h1></body></html>\r\n";
}

std::string write_huge(const Job& job) {
  Members members = list_members(job, 0);
  members.emplace_back("padding", quote_json(std::string(std::size_t{3} << 20U, 'x')));
  return write_members(std::move(members), job);
}

std::string write_failed(const Job& job) {
  Members members = list_members(job, 0);
  members[0].second = "\"video_failed_at_once\"";
  members[3].second = "\"failed\"";
  return write_members(std::move(members), job);
}

std::string write_no_id(const Job& job) {
  Members members = list_members(job, 0);
  members[0].second = "\"\"";
  return write_members(std::move(members), job);
}

std::string write_null_error(const Job& job) {
  Members members = list_members(job, 0);
  members.emplace_back("error", "null");
  return write_members(std::move(members), job);
}

std::string write_renamed_id(const Job& job, const char* name) {
  Members members = list_members(job, 0);
  members[0].first = name;
  return write_members(std::move(members), job);
}

std::string write_within_data(const Job& job, const char* name) {
  return R"({"code":"success","message":"","data":)" + write_renamed_id(job, name) + "}";
}

Response make_page(int status) {
  return {status, "", "text/html", write_page(status)};
}

std::string body_of(Answer answer, const Job& job) {
  switch (answer) {
    case Answer::task_id:
      return write_renamed_id(job, "task_id");
    case Answer::data_id:
      return write_within_data(job, "id");
    case Answer::data_task_id:
      return write_within_data(job, "task_id");
    case Answer::null_error:
      return write_null_error(job);
    case Answer::empty:
      return "";
    case Answer::no_id:
      return write_no_id(job);
    case Answer::array:
      return "[" + write_job(job, 0) + "]";
    case Answer::bad_utf8:
      return "{\"id\":\"video_\xff\xfe\",\"status\":\"queued\"}";
    case Answer::huge:
      return write_huge(job);
    case Answer::failed_status:
      return write_failed(job);
    case Answer::error_object:
      return write_error("the image shows a person", "invalid_request_error", "", "");
    case Answer::saturated:
      return R"({"id":"","status":"error","error":)" + quote_json(saturated_text) + "}";
    default:
      return write_job(job, 0);
  }
}

std::string fill(std::string text, std::string_view mark, const std::string& value) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size()))
    text.replace(at, mark.size(), value);
  return text;
}

std::string write_text(std::string_view text, const Job& job) {
  return fill(fill(std::string(text), "{ID}", job.id), "{NUMBER}", std::to_string(1'000'000 + job.number));
}

std::string_view type_for(int status) {
  if (status == 401 || status == 403) return "new_api_error";
  return status < 500 ? "invalid_request_error" : "server_error";
}

}  // namespace

std::string write_job(const Job& job, int progress) {
  return write_members(list_members(job, progress), job);
}

Response make_response(const Fault& fault, const Job& job) {
  Response response;
  if (fault.answer == Answer::bare || fault.answer == Answer::html) {
    response = make_page(fault.status);
  } else if (fault.answer == Answer::api_error) {
    response = make_error(fault.status, "ordered fault " + fault.name, type_for(fault.status), "", "");
  } else if (fault.answer == Answer::no_channel) {
    response =
        make_error(fault.status, "no available channel for model", "new_api_error", "model_not_found", "");
  } else if (fault.answer == Answer::quota) {
    response =
        make_error(fault.status, "user quota is not enough", "new_api_error", "insufficient_user_quota", "");
  } else {
    response.status = fault.status;
    response.content_type = fault.content_type;
    response.body = fault.answer == Answer::text ? write_text(fault.text, job) : body_of(fault.answer, job);
  }
  response.headers += fault.headers;
  return response;
}

Response make_error(int status, std::string_view message, std::string_view type, std::string_view code,
                    std::string_view param) {
  return {status, "", "application/json", write_error(message, type, code, param)};
}

Response make_unauthorized() {
  return make_error(401, "invalid token", "new_api_error", "invalid_api_key", "");
}

Response make_throttled() {
  return make_error(429, "too many jobs at once", "rate_limit_error", "rate_limit_exceeded", "");
}

Response make_not_found(std::string_view what) {
  return make_error(404, "nothing is at " + std::string(what), "invalid_request_error", "not_found", "");
}

}  // namespace reeld::stub
