#include "stub_api/written_answers.hpp"

namespace reeld::stub {
namespace {

constexpr auto after = Moment::after_body;
constexpr auto whole = Delivery::whole;
constexpr auto text = Answer::text;

Fault make(std::string name, bool creates, int status, std::string_view body, Delivery delivery = whole,
           std::string headers = "") {
  Fault fault{std::move(name), after, creates, delivery, text, status, std::move(headers)};
  fault.text = body;
  return fault;
}

}  // namespace

const std::vector<Fault>& list_written_answers() {
  static const std::vector<Fault> answers = {
      make("none-error", true, 200, R"({"id":"{ID}","status":"queued","error":"None"})"),
      make("zero-error", true, 200, R"({"id":"{ID}","error":{"code":0,"message":"success"}})"),
      make("zero-code", true, 200, R"({"id":"{ID}","code":0,"message":"success","status":"queued"})"),
      make("ok-code", true, 200, R"({"id":"{ID}","code":"ok","message":"","status":"queued"})"),
      make("half-character", true, 200, R"({"prompt":"\ud83d","id":"{ID}"})"),
      make("not-a-number", true, 200, R"({"progress":NaN,"id":"{ID}"})"),
      make("raw-line-end", true, 200, "{\"prompt\":\"two\nlines\",\"id\":\"{ID}\"}"),
      make("number-id", true, 200, R"({"id":{NUMBER},"status":"queued"})"),
      make("list-of-one", true, 200, R"({"code":200,"data":[{"status":"submitted","task_id":"{ID}"}]})"),
      make("both-framings", true, 200, R"({"id":"{ID}"})", Delivery::both_framings),
      make("blank-chunks", true, 200, R"({"id":"{ID}"})", Delivery::blank_chunks),
      make("blank-colon", true, 200, R"({"id":"{ID}"})", Delivery::blank_colon),
      make("gzip", true, 200, R"({"id":"{ID}"})", Delivery::gzip),
      make("brotli", true, 200, "\x8b\x05\x80{ID}", whole, "Content-Encoding: br\r\n"),
      make("failed-at-once", true, 200,
           R"({"id":"{ID}","status":"failed","error":{"message":"no","code":"oops"}})"),
      make("failed-at-once-422", true, 422,
           R"({"id":"{ID}","status":"failed","error":{"message":"no","code":"oops"}})"),
      make("error-id-400", false, 400, R"({"id":"err_1","error":{"message":"no","code":"oops"}})"),
      make("detail-422", false, 422, R"({"detail":"the image is too small"})"),
      make("details-422", false, 422, R"({"detail":[{"msg":"the image is too small"}]})"),
      make("budget-400", false, 400, R"({"error":{"code":"budget_exceeded","message":"no"}})"),
      make("arrears-400", false, 400, R"({"code":"Arrearage","message":"Access denied"})"),
      make("credit-400", false, 400, R"({"error":{"message":"Your credit balance is too low"}})"),
      make("key-400", false, 400,
           R"({"error":{"message":"API key not valid. Please pass a valid API key."}})"),
      make("credit-zh-200", false, 200, R"({"id":0,"code":1001,"message":"余额不足"})"),
  };
  return answers;
}

}  // namespace reeld::stub
