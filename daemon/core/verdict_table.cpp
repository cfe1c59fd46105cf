#include "core/verdict_table.hpp"

#include <array>

namespace reeld {
namespace {

using Words = std::span<const std::string_view>;

// Codes and texts that gateways are known to use; lower case.
constexpr std::array<std::string_view, 14> quota_codes{
    "insufficient_user_quota", "pre_consume_token_quota_failed",
    "insufficient_quota",      "billing_hard_limit_reached",
    "insufficient_balance",    "billing_not_active",
    "quota_exhausted",         "token_quota_exhausted",
    "budget_exceeded",         "arrearage",
    "insufficient_credits",    "payment_required",
    "accountoverdueerror",     "account_overdue"};
constexpr std::array<std::string_view, 13> quota_texts{"credit balance is too low",
                                                       "insufficient balance",
                                                       "insufficient credit",
                                                       "insufficient account balance",
                                                       "insufficient funds",
                                                       "not enough credits",
                                                       "budget has been exceeded",
                                                       "overdue balance",
                                                       "余额不足",
                                                       "额度不足",
                                                       "余额已用尽",
                                                       "额度已用尽",
                                                       "欠费"};
constexpr std::array<std::string_view, 1> used_up_texts{"exceeded your current quota"};
constexpr std::array<std::string_view, 4> busy_codes{"saturated", "upstream_saturated",
                                                     "no_available_channel", "get_channel_failed"};
constexpr std::array<std::string_view, 6> busy_texts{"上游负载已饱和",     "is saturated",
                                                     "upstream saturated", "no available channel",
                                                     "无可用渠道",         "no channel available"};
constexpr std::array<std::string_view, 1> no_channel_codes{"model_not_found"};
constexpr std::array<std::string_view, 1> upstream_refusal_codes{"fail_to_fetch_task"};
constexpr std::array<std::string_view, 1> gateway_codes{"new_api_error"};
// Of a check of the prompt or the image: this pair's own fault, also at a status that else speaks of the key.
constexpr std::array<std::string_view, 16> content_codes{"content_policy_violation",
                                                         "content_violation",
                                                         "content_filter",
                                                         "content_moderation",
                                                         "moderation_blocked",
                                                         "moderation_failed",
                                                         "prompt_blocked",
                                                         "invalid_prompt",
                                                         "sensitive_words_detected",
                                                         "sensitivecontentdetected",
                                                         "inputtextsensitivecontentdetected",
                                                         "inputimagesensitivecontentdetected",
                                                         "data_inspection_failed",
                                                         "datainspectionfailed",
                                                         "violation_fee.grok.csam",
                                                         "safety_violation"};
constexpr std::array<std::string_view, 5> key_codes{"invalid_api_key", "incorrect_api_key", "invalid_token",
                                                    "authentication_error", "permission_denied"};
constexpr std::array<std::string_view, 7> key_texts{
    "api key not valid",   "invalid api key", "incorrect api key", "api key is invalid",
    "api key has expired", "无效的令牌",      "无效的api key"};
constexpr std::array<std::string_view, 2> region_codes{"unsupported_country_region_territory",
                                                       "unsupported_country"};
constexpr std::array<std::string_view, 4> region_texts{
    "country, region, or territory not supported", "user location is not supported",
    "not available in your country", "not available in your region"};
// A pair may ask for a model of its own.
constexpr std::array<std::string_view, 5> model_texts{"does not have access to model",
                                                      "not allowed to access model", "no access to model",
                                                      "无权访问模型", "无权使用模型"};
constexpr std::array<std::string_view, 4> wrong_url_texts{"invalid url", "no route", "no such route",
                                                          "unknown request url"};
// Of nginx, where `ssl_verify_client` is on.
constexpr std::array<std::string_view, 2> certificate_texts{"no required ssl certificate was sent",
                                                            "the ssl certificate error"};

constexpr std::string_view created_and_failed =
    "the API created the job, and says that it failed; another try, by `reeld retry` alone, may be paid for "
    "again";
constexpr std::string_view shows_id =
    "the API reports a failure, and shows an id, which may be that of a job that it has created";
constexpr std::string_view shows_job_id =
    "no id that can be taken for the job's, but one elsewhere that may be; the API may have created the job";
constexpr std::string_view later = "not created; sent again later";
constexpr std::string_view account_empty = "the account has no credit left; top it up";
constexpr std::string_view bad_key = "the key is not accepted; put a valid one in its place";
constexpr std::string_view bad_password =
    "the key is not accepted, or a server in front of the API wants a password of its own; check the key, and "
    "ask whoever runs that server";
constexpr std::string_view forbidden =
    "the API forbids this request: the key may not make it, or this pair's content is not let through; check "
    "what the key may do, and `model` in [job]";
constexpr std::string_view wrong_place = "there is no video API at this address; check [api] url";
constexpr std::string_view firewall =
    "a firewall or another server in front of the API blocks this request, from everybody or from this "
    "address; "
    "ask whoever runs it, and check [api] url";
constexpr std::string_view front =
    "the answer does not come from the API but from a server in front of it; check [api] url, or ask whoever "
    "runs that server";
constexpr std::string_view closed_proxy =
    "the proxy does not connect reeld to the API's host; have that host allowed there, or check [api] proxy";
constexpr std::string_view not_as_it_is = "the API does not take this pair as it is";
constexpr std::string_view unknown = "the API may have created the job";

using enum Verdict;

// clang-format off
constexpr std::array table{
    TableRow{200, 299, {}, {}, Needs::unreadable_id, doubt, "the job's id in it cannot be read"},
    TableRow{200, 299, content_codes, {}, Needs::id_and_failure, refused, created_and_failed, About::pair_alone},
    TableRow{400, 499, content_codes, {}, Needs::id_and_failure_word, refused, created_and_failed,
             About::pair_alone},
    TableRow{200, 299, {}, {}, Needs::id_and_failure, refused, created_and_failed, About::pair_once},
    TableRow{400, 499, {}, {}, Needs::id_and_failure_word, refused, created_and_failed, About::pair_once},
    TableRow{300, 599, {}, {}, Needs::id_of_job, doubt,
             "the answer names a job all the same, which may be this pair's"},
    TableRow{301, 303, {}, {}, Needs::result_elsewhere, doubt,
             "a redirect to where a job's result is to be; the API may have created the job"},
    TableRow{200, 299, {}, {}, Needs::job_id, doubt, shows_job_id},
    TableRow{200, 599, quota_codes, {}, Needs::nothing, account, account_empty},
    TableRow{200, 599, {}, quota_texts, Needs::error_if_success, account, account_empty},
    TableRow{429, 429, {}, {}, Needs::nothing, throttled, later},
    TableRow{425, 425, {}, {}, Needs::nothing, throttled, later},
    TableRow{200, 599, busy_codes, {}, Needs::nothing, throttled, later},
    TableRow{200, 599, {}, busy_texts, Needs::error_if_success, throttled, later},
    // At 429 it is said of a limit by the minute, too.
    TableRow{400, 499, {}, used_up_texts, Needs::nothing, account, account_empty},
    TableRow{503, 503, no_channel_codes, {}, Needs::nothing, throttled, later},
    TableRow{503, 503, {}, {}, Needs::error_and_retry_after, throttled, later},
    TableRow{300, 399, {}, {}, Needs::nothing, account, "a redirect, which is not followed; check [api] url"},
    TableRow{407, 407, {}, {}, Needs::nothing, account,
             "the proxy wants a valid user name and password; check [api] proxy"},
    TableRow{400, 407, {}, {}, Needs::proxys, account, closed_proxy},
    TableRow{409, 499, {}, {}, Needs::proxys, account, closed_proxy},
    TableRow{400, 499, upstream_refusal_codes, {}, Needs::nothing, refused, not_as_it_is},
    TableRow{400, 499, content_codes, {}, Needs::error_object, refused, not_as_it_is, About::pair_alone},
    TableRow{200, 599, region_codes, region_texts, Needs::error_if_success, account,
             "the API does not serve the country or region that reeld calls from"},
    TableRow{200, 599, key_codes, key_texts, Needs::error_if_success, account, bad_key},
    TableRow{401, 403, {}, model_texts, Needs::error_object, account, forbidden, About::either},
    TableRow{401, 401, {}, {}, Needs::param, account, forbidden, About::either},
    TableRow{401, 401, {}, {}, Needs::page, account, bad_password},
    TableRow{401, 401, {}, {}, Needs::nothing, account, bad_key},
    TableRow{402, 402, {}, {}, Needs::nothing, account, account_empty},
    TableRow{403, 403, gateway_codes, {}, Needs::nothing, account, bad_key},
    // A type of invalid_request_error alone does not make a 403 one of this request's: a wrong key has it
    // too.
    TableRow{403, 403, {}, {}, Needs::param, refused, not_as_it_is},
    TableRow{403, 403, {}, {}, Needs::error_object, account, forbidden, About::either},
    TableRow{400, 499, {}, certificate_texts, Needs::no_error_object, account,
             "the server wants a client certificate; give it in [api] client_cert_file and client_key_file"},
    TableRow{403, 403, {}, {}, Needs::no_error_object, account, firewall, About::either},
    TableRow{413, 413, {}, {}, Needs::nothing, refused, "the pair is too large for the API or a proxy before it"},
    TableRow{408, 408, {}, {}, Needs::nothing, doubt, unknown},
    TableRow{404, 405, {}, wrong_url_texts, Needs::nothing, account, wrong_place, About::either},
    TableRow{404, 405, {}, {}, Needs::no_error_object, account, wrong_place, About::either},
    TableRow{404, 405, {}, {}, Needs::error_before_accepted, account, 
             "the API does not know this address, or this model; check [api] url, and `model` in [job]",
             About::either},
    TableRow{400, 499, {}, {}, Needs::no_error_object, account, front, About::either},
    TableRow{400, 499, {}, {}, Needs::error_object, refused, not_as_it_is},
    TableRow{200, 299, {}, {}, Needs::failure_and_seen_id, doubt, shows_id},
    TableRow{200, 299, content_codes, {}, Needs::json_failure, refused, not_as_it_is, About::pair_alone},
    TableRow{200, 299, {}, {}, Needs::json_failure, refused, "the API itself reports that the request failed",
             About::pair_once},
    TableRow{200, 299, {}, {}, Needs::nothing, doubt,
             "a success without a job's id; the API may have created the job"},
    TableRow{500, 599, {}, {}, Needs::nothing, doubt, unknown},
};
// clang-format on

}  // namespace

std::span<const TableRow> verdict_table() {
  return table;
}

}  // namespace reeld
