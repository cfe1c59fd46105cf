// [follow], [page] and [hooks]: read and checked, whether or not they are served yet.

#include <algorithm>
#include <array>

#include "http/listen_address.hpp"
#include "http/port.hpp"
#include "http/url.hpp"
#include "settings/load_tables.hpp"
#include "settings/units.hpp"

namespace reeld {
namespace {

using std::chrono::hours;

/// "host:port", an IPv6 address in brackets.
bool is_host_and_port(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || !parse_port(text.substr(colon + 1))) return false;
  std::string_view host = text.substr(0, colon);
  const bool is_bracketed = host.starts_with('[') && host.ends_with(']');
  if (is_bracketed) host = host.substr(1, host.size() - 2);
  return is_host(host) && is_bracketed == (host.find(':') != std::string_view::npos);
}

void read_list(TomlReader& reader, std::string_view key, bool (*is_right)(std::string_view),
               std::string_view wanted, std::vector<std::string>& into) {
  std::vector<std::string> texts;
  if (!reader.read_texts(key, texts)) return;
  if (!std::ranges::all_of(texts, is_right)) return reader.complain(key, wanted);
  into = std::move(texts);
}

bool is_absolute(std::string_view path) {
  return path.starts_with('/');
}

bool is_event(std::string_view word) {
  constexpr std::array<std::string_view, 7> events{"accepted", "completed", "refused", "failed",
                                                   "doubt",    "paused",    "drained"};
  return std::ranges::find(events, word) != events.end();
}

void read_max_rate(TomlReader& reader, std::optional<Bytes>& into) {
  constexpr std::string_view key = "follow.max_rate";
  std::string text;
  reader.read_text(key, text);
  if (text.empty()) return;
  const auto parsed = parse_rate(text);
  if (const auto* complaint = std::get_if<UnitComplaint>(&parsed))
    return reader.complain(key, complaint->reason);
  if (std::get<Bytes>(parsed) < kibibytes(1))
    return reader.complain(key, "must be at least \"1KiB/s\", or \"\" for no limit");
  into = std::get<Bytes>(parsed);
}

void read_variants(TomlReader& reader, std::vector<std::string>& into) {
  constexpr std::string_view key = "follow.variants";
  constexpr std::array<std::string_view, 3> known{"video", "thumbnail", "spritesheet"};
  std::vector<std::string> variants;
  if (!reader.read_texts(key, variants)) return;
  if (variants.empty())
    return reader.complain(key, "is an empty list; write download = false to download nothing");
  for (auto variant = variants.begin(); variant != variants.end(); ++variant) {
    if (std::find(known.begin(), known.end(), *variant) == known.end()) {
      return reader.complain(key, "must hold only \"video\", \"thumbnail\" and \"spritesheet\"");
    }
    if (std::find(variants.begin(), variant, *variant) != variant) {
      return reader.complain(key, "has \"" + *variant + "\" twice; remove one");
    }
  }
  into = std::move(variants);
}

}  // namespace

void read_follow(TomlReader& reader, FollowSettings& into) {
  reader.read_bool("follow.enabled", into.enabled);
  reader.read_integer("follow.concurrency", into.concurrency, {1, 1000});
  reader.read_duration("follow.poll", into.poll, {min_wait, hours(1)});
  reader.read_duration("follow.deadline", into.deadline, {min_wait, hours(24 * 30)});
  reader.read_bool("follow.download", into.download);
  read_variants(reader, into.variants);
  read_max_rate(reader, into.max_rate);
  reader.read_size("follow.max_video", into.max_video, {mebibytes(1), mebibytes(1024 * 1024)});
  reader.read_size("follow.keep_free", into.keep_free, {Bytes{0}, mebibytes(1024 * 1024)});
  read_list(reader, "follow.allow", &is_host_and_port,
            "must hold hosts with their ports, such as [\"cdn.internal:8080\"]", into.allow);
  read_list(reader, "follow.key_files", &is_absolute,
            "must hold absolute paths, each of which begins with \"/\"", into.key_files);
}

void read_page(TomlReader& reader, PageSettings& into) {
  std::string listen;
  reader.read_text("page.listen", listen);
  if (!listen.empty()) {
    auto parsed = parse_listen_address(listen);
    if (const auto* const complaint = std::get_if<ListenComplaint>(&parsed)) {
      reader.complain("page.listen", complaint->reason);
    } else {
      into.listen = std::get<std::string>(std::move(parsed));
    }
  }
  read_path(reader, "page.token_file", into.token_file);
  read_list(reader, "page.hosts", &is_host,
            "must hold names of hosts, such as [\"nas.local\"], without scheme or port", into.hosts);
}

void read_hooks(TomlReader& reader, HooksSettings& into) {
  read_list(reader, "hooks.on", &is_event,
            "must hold only \"accepted\", \"completed\", \"refused\", \"failed\", \"doubt\", \"paused\" and "
            "\"drained\"",
            into.on);
  std::vector<std::string> exec;
  if (!reader.read_texts("hooks.exec", exec)) return;
  if (!exec.empty() && !is_absolute(exec.front()))
    return reader.complain("hooks.exec",
                           "must begin with the absolute path of a program, such as "
                           "[\"/usr/local/bin/tell\", \"--quiet\"]");
  into.exec = std::move(exec);
}

}  // namespace reeld
