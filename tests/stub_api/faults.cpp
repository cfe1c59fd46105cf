#include "stub_api/faults.hpp"

#include <algorithm>
#include <charconv>

#include "stub_api/written_answers.hpp"

namespace reeld::stub {
namespace {

constexpr auto before = Moment::before_body;
constexpr auto during = Moment::during_body;
constexpr auto after = Moment::after_body;

const std::vector<Fault>& table() {
  static const std::vector<Fault> faults = {
      {"close-before-body", before, false, Delivery::close},
      {"close-during-body", during, false, Delivery::close},
      {"close-after-body", after, false, Delivery::close},
      {"reset-before-body", before, false, Delivery::reset},
      {"reset-during-body", during, false, Delivery::reset},
      {"reset-after-body", after, false, Delivery::reset},
      {"hang", after, false, Delivery::hang},
      {"drip", after, true, Delivery::drip},
      {"cut-head", after, false, Delivery::cut_head},
      {"cut-body", after, false, Delivery::cut_body},
      {"overlong-body", after, true, Delivery::overlong},
      {"html-200", after, false, Delivery::whole, Answer::html},
      {"empty-200", after, false, Delivery::whole, Answer::empty},
      {"no-id-200", after, false, Delivery::whole, Answer::no_id},
      {"array-200", after, false, Delivery::whole, Answer::array},
      {"bad-utf8-200", after, false, Delivery::whole, Answer::bad_utf8},
      {"huge-200", after, true, Delivery::whole, Answer::huge},
      {"error-in-200", after, false, Delivery::whole, Answer::error_object},
      {"failed-status-200", after, false, Delivery::whole, Answer::failed_status},
      {"null-error-200", after, true, Delivery::whole, Answer::null_error},
      {"task-id", after, true, Delivery::whole, Answer::task_id},
      {"data-id", after, true, Delivery::whole, Answer::data_id},
      {"data-task-id", after, true, Delivery::whole, Answer::data_task_id},
      {"id-with-colon", after, true, Delivery::whole, Answer::id_with_colon},
      {"saturated-500", after, false, Delivery::whole, Answer::saturated, 500},
      {"no-channel-503", after, false, Delivery::whole, Answer::no_channel, 503},
      {"quota-403", after, false, Delivery::whole, Answer::quota, 403},
      {"retry-after-429", after, false, Delivery::whole, Answer::api_error, 429, "Retry-After: 1\r\n"},
      {"retry-after-503", after, false, Delivery::whole, Answer::api_error, 503, "Retry-After: 1\r\n"},
      {"redirect-307", after, false, Delivery::whole, Answer::bare, 307, "Location: /v1/videos\r\n"},
      {"early-413", before, false, Delivery::early, Answer::bare, 413},
      {"early-401", before, false, Delivery::early, Answer::api_error, 401},
      {"early-408", before, false, Delivery::early, Answer::bare, 408},
      {"early-500", before, false, Delivery::early, Answer::bare, 500},
      {"early-200", before, true, Delivery::early, Answer::job, 200},
      {"interim-100", after, true, Delivery::interim},
      {"interim-103-200", after, true, Delivery::many_interim},
      {"bad-chunks", after, false, Delivery::bad_chunks},
      {"two-lengths", after, true, Delivery::two_lengths},
      {"chunked", after, true, Delivery::chunked},
      {"no-length", after, true, Delivery::no_length},
      {"http-1.0", after, true, Delivery::http_1_0},
      {"unasked-408", after, true, Delivery::then_unasked},
      {"gzip-claim", after, true, Delivery::whole, Answer::job, 200, "Content-Encoding: gzip\r\n"},
      {"slow-read", after, true, Delivery::whole, Answer::job, 200, "", Pace::slow},
      {"stall-read", during, false, Delivery::hang, Answer::job, 200, "", Pace::stall},
  };
  return faults;
}

const Fault* find_in_table(std::string_view name) {
  for (const auto* const faults : {&table(), &list_written_answers()}) {
    const auto found = std::ranges::find(*faults, name, &Fault::name);
    if (found != faults->end()) return &*found;
  }
  return nullptr;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::optional<Fault> make_status_fault(std::string_view name) {
  constexpr std::string_view prefix = "status-";
  if (!name.starts_with(prefix)) return std::nullopt;
  Fault fault{std::string(name), after, false, Delivery::whole, Answer::api_error};
  name.remove_prefix(prefix.size());
  if (take_suffix(name, "-bare")) fault.answer = Answer::bare;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), fault.status);
  const bool whole = error == std::errc{} && end == name.data() + name.size();
  return whole && fault.status >= 200 && fault.status <= 599 ? std::optional(fault) : std::nullopt;
}

}  // namespace

std::optional<Fault> find_fault(std::string_view name) {
  if (const Fault* fault = find_in_table(name)) return *fault;
  if (auto fault = make_status_fault(name)) return fault;
  std::string_view base = name;
  if (!take_suffix(base, "-created")) return std::nullopt;
  auto fault = find_fault(base);
  if (!fault || fault->creates || fault->moment != after) return std::nullopt;
  fault->name = name;
  fault->creates = true;
  return fault;
}

std::vector<std::string_view> list_faults() {
  std::vector<std::string_view> names;
  for (const auto* const faults : {&table(), &list_written_answers()}) {
    for (const Fault& fault : *faults) names.push_back(fault.name);
  }
  return names;
}

}  // namespace reeld::stub
