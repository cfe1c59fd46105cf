#include "ledger/spool_marker.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <array>
#include <cerrno>
#include <cstdio>
#include <sstream>

#include "sys/durable_file.hpp"
#include "sys/random.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

constexpr const char* folder_name = ".reeld";
constexpr const char* marker_name = "spool";
constexpr mode_t marker_folder_mode = 0755;

// What reeld writes has less than a path's length and a few lines.
constexpr std::size_t max_marker = 4096;
// Ever raised by one; a larger one was never reeld's.
constexpr std::int64_t highest_generation = std::int64_t{1} << 53U;

SysError damaged(const std::string& path, const std::string& why) {
  return {EBADMSG, "read " + path + ": it is not a spool's marker (" + why + ")"};
}

/// Whoever may write into the spool may have put anything there, of any length.
std::variant<std::string, SysError> read_bounded(int fd, const std::string& path) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) return make_sys_error("look at", path, errno);
  if (!S_ISREG(status.st_mode)) return damaged(path, "no regular file");
  std::string text(max_marker + 1, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t got = ::read(fd, text.data() + length, text.size() - length);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return make_sys_error("read", path, errno);
    if (got == 0) break;
    length += static_cast<std::size_t>(got);
  }
  if (length > max_marker) return damaged(path, "longer than " + std::to_string(max_marker) + " bytes");
  text.resize(length);
  return text;
}

bool is_uuid(const std::string& text) {
  constexpr std::size_t length = 36;
  return text.size() == length && text.find_first_not_of("0123456789abcdef-") == std::string::npos;
}

std::variant<std::optional<SpoolMarker>, SysError> parse(const std::string& text, const std::string& path) {
  SpoolMarker marker;
  try {
    const toml::table table = toml::parse(text, path);
    marker.uuid = table["uuid"].value_or(std::string());
    marker.ledger = table["ledger"].value_or(std::string());
    marker.generation = table["generation"].value_or(std::int64_t{0});
  } catch (const toml::parse_error& error) {
    return SysError{EBADMSG, "read " + path + ": " + std::string(error.description())};
  }
  if (!is_uuid(marker.uuid) || marker.ledger.empty()) return damaged(path, "no uuid, or no ledger");
  if (marker.generation < 0 || marker.generation > highest_generation)
    return damaged(path, "its generation is no number that reeld writes");
  return marker;
}

}  // namespace

std::variant<std::optional<SpoolMarker>, SysError> read_marker(int spool_fd, const std::string& spool_path) {
  const std::string path = spool_path + "/" + folder_name + "/" + marker_name;
  const UniqueFd folder(::openat(spool_fd, folder_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder && errno == ENOENT) return std::nullopt;
  if (!folder) return make_sys_error("open", spool_path + "/" + folder_name, errno);
  const UniqueFd file(
      ::openat(folder.get(), marker_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file && errno == ENOENT) return std::nullopt;
  if (!file && errno == ELOOP) return damaged(path, "a link");
  if (!file) return make_sys_error("open", path, errno);
  auto text = read_bounded(file.get(), path);
  if (auto* const error = std::get_if<SysError>(&text)) return std::move(*error);
  return parse(std::get<std::string>(text), path);
}

std::optional<SysError> write_marker(int spool_fd, const std::string& spool_path, const SpoolMarker& marker) {
  const std::string folder_path = spool_path + "/" + folder_name;
  const bool is_new = ::mkdirat(spool_fd, folder_name, marker_folder_mode) == 0;
  if (!is_new && errno != EEXIST) return make_sys_error("create", folder_path, errno);
  const UniqueFd folder(::openat(spool_fd, folder_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) return make_sys_error("open", folder_path, errno);
  std::ostringstream text;
  text << "# What this spool knows of its ledger. reeld writes it; do not edit, copy or remove it.\n"
       << toml::table{{"uuid", marker.uuid}, {"ledger", marker.ledger}, {"generation", marker.generation}}
       << "\n";
  if (auto error = write_whole(folder.get(), folder_path, marker_name, text.str())) return error;
  if (auto error = sync_folder(folder.get(), folder_path)) return error;
  return is_new ? sync_folder(spool_fd, spool_path) : std::nullopt;
}

std::string make_uuid() {
  const auto roll = [] { return static_cast<std::uint32_t>(random_word()); };
  std::array<std::uint32_t, 4> words{roll(), roll(), roll(), roll()};
  words[1] = (words[1] & 0xffff0fffU) | 0x4000U;
  words[2] = (words[2] & 0x3fffffffU) | 0x80000000U;
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%04x%08x", words[0], words[1] >> 16U,
                words[1] & 0xffffU, words[2] >> 16U, words[2] & 0xffffU, words[3]);
  return text;
}

}  // namespace reeld
