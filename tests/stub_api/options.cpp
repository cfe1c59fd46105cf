#include "stub_api/options.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

#include "stub_api/faults.hpp"

namespace reeld::stub {
namespace {

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<RandomFault> parse_random_fault(std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  const auto probability = parse_number(text.substr(equals + 1));
  if (!probability || *probability < 0 || *probability > 1) return std::nullopt;
  RandomFault fault{std::string(text.substr(0, equals)), *probability};
  if (!find_fault(fault.name)) return std::nullopt;
  return fault;
}

CLI::Validator check_with(bool (*is_right)(const std::string&), std::string complaint) {
  return CLI::Validator(
      [is_right, complaint](std::string& text) { return is_right(text) ? std::string() : complaint + text; },
      "");
}

bool is_duration(const std::string& text) {
  return parse_duration(text).has_value();
}
bool is_fault_list(const std::string& text) {
  return parse_random_faults(text).has_value();
}

}  // namespace

std::optional<milliseconds> parse_duration(std::string_view text) {
  const auto unit_at = text.find_first_not_of("0123456789.");
  const auto number = parse_number(text.substr(0, unit_at));
  const auto unit = unit_at == std::string_view::npos ? std::string_view("ms") : text.substr(unit_at);
  if (!number) return std::nullopt;
  if (unit == "ms") return milliseconds(static_cast<std::int64_t>(*number));
  if (unit == "s") return milliseconds(static_cast<std::int64_t>(*number * 1'000));
  if (unit == "m") return milliseconds(static_cast<std::int64_t>(*number * 60'000));
  return std::nullopt;
}

std::optional<std::vector<RandomFault>> parse_random_faults(std::string_view text) {
  std::vector<RandomFault> faults;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto fault = parse_random_fault(text.substr(0, comma));
    if (!fault) return std::nullopt;
    faults.push_back(*fault);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return faults;
}

OptionsResult read_options(int argc, char** argv) {
  Options options;
  std::string latency = "0ms", job_time = "2s", faults, tls_max;
  CLI::App app("reeld-stub-api: a video API on loopback, with latency, limits and faults to order");
  app.add_option("--dir", options.folder, "folder for ca.pem, port, requests.jsonl")->required();
  app.add_option("--port", options.port, "0: any free port");
  app.add_option("--key", options.key, "the bearer token that is right");
  app.add_option("--latency", latency, "before each answer, like 50ms")
      ->check(check_with(is_duration, "not a duration like 50ms: "));
  app.add_option("--job-time", job_time, "from queued to completed, like 2s")
      ->check(check_with(is_duration, "not a duration like 2s: "));
  app.add_option("--max-jobs", options.max_jobs, "unfinished jobs at once, more get a 429 (0: no limit)");
  app.add_option("--faults", faults, "NAME=probability,...")
      ->check(check_with(is_fault_list, "not a list like hang=0.1,reset-during-body=0.2: "));
  app.add_option("--seed", options.seed, "of the random faults");
  app.add_option("--tls-max", tls_max, "1.2: nothing newer")->check(CLI::IsMember({"1.2", "1.3"}));
  app.add_flag("--plain", options.plain, "HTTP without TLS");
  app.add_flag("--name-mismatch", options.name_mismatch, "a certificate for another name");
  app.add_flag("--ipv6", options.ipv6, "listen on ::1 instead of 127.0.0.1");
  app.add_flag("--keep-bodies", options.keep_bodies, "keep raw request bodies in bodies/N.bin");
  app.add_flag("!--no-hash", options.hash, "do not compute each image's SHA-256");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, app.exit(error)};
  }
  options.latency = *parse_duration(latency);
  options.job_time = *parse_duration(job_time);
  options.faults = *parse_random_faults(faults);
  options.tls_1_2 = tls_max == "1.2";
  return {options, 0};
}

}  // namespace reeld::stub
