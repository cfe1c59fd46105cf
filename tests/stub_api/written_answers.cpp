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

/// What is not the API's own, but of a server before it.
Fault make_page(std::string name, int status, std::string headers, std::string_view body,
                std::string_view content_type = "text/html") {
  Fault fault = make(std::move(name), false, status, body, whole, std::move(headers));
  fault.content_type = content_type;
  return fault;
}

constexpr const char* nginx = "Server: nginx/1.22.1\r\n";
constexpr const char* cloudflare = "Server: cloudflare\r\nCF-RAY: 8f2c0a1b2c3d4e5f-FRA\r\n";

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
      make("region-403", false, 403,
           R"({"error":{"code":"unsupported_country_region_territory","message":"no"}})"),
      make("moderation-403", false, 403, R"({"error":{"code":"content_policy_violation","message":"no"}})"),
      make("no-such-model-404", false, 404, R"({"error":{"code":"model_not_found","message":"no model x"}})"),
      make("no-such-text-404", false, 404, R"({"error":"Not Found"})"),
      make("no-such-detail-404", false, 404, R"({"detail":"Not Found"})"),
      make("no-such-code-404", false, 404, R"({"code":404,"message":"page not found"})"),
      make_page("no-such-page-404", 404, "", "404 page not found\n", "text/plain"),
      make_page("front-400", 400, nginx, "<html><head><title>400 Bad Request</title></head></html>"),
      make_page("front-404", 404, nginx, "<html><head><title>404 Not Found</title></head></html>"),
      make_page("front-422", 422, nginx, "<html><head><title>422</title></head></html>"),
      make_page("no-certificate-400", 400, nginx,
                "<html><head><title>400 No required SSL certificate was sent</title></head></html>"),
      make_page("challenge-403", 403, cloudflare,
                "<html><head><title>Just a moment...</title></head></html>"),
      make_page("rule-403", 403, cloudflare, "error code: 1020", "text/plain"),
  };
  return answers;
}

}  // namespace reeld::stub
