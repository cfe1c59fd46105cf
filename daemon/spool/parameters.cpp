#include "spool/parameters.hpp"

#include <unistd.h>

#include <cerrno>
#include <span>
#include <vector>

#include "core/spool_name.hpp"
#include "sys/content_hash.hpp"
#include "sys/lease.hpp"
#include "sys/passing_trouble.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

// "", "a", "a/b" for "a/b": every folder from the spool down.
std::vector<std::string> list_levels(const std::string& folder) {
  std::vector<std::string> levels{""};
  for (std::size_t slash = 0; slash != std::string::npos && !folder.empty();) {
    slash = folder.find('/', slash == 0 ? 0 : slash + 1);
    levels.push_back(folder.substr(0, slash));
  }
  return levels;
}

// Reads one byte more than is allowed, so that a file that grows meanwhile is seen to be too big.
std::variant<std::string, SysError> read_text(int fd, const std::string& path) {
  std::string text(max_parameters.count + 1, '\0');
  std::size_t length = 0;
  while (length < text.size()) {
    const ssize_t count = ::read(fd, text.data() + length, text.size() - length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return make_sys_error("read", path, errno);
    if (count == 0) break;
    length += static_cast<std::size_t>(count);
  }
  text.resize(length);
  return text;
}

std::string describe(const std::string& path, const TomlComplaint& complaint) {
  std::string text = path;
  if (complaint.line != 0) text += ":" + std::to_string(complaint.line);
  if (!complaint.key.empty()) text += ": " + complaint.key;
  return text + ": " + complaint.reason;
}

UnreadableSettings give_up(const std::string& folder, std::string reason, std::string_view content) {
  return {folder, std::move(reason), digest_bytes(std::as_bytes(std::span(content)), 0)};
}

Parameters explain(const std::string& folder, SysError error) {
  if (may_pass(error.code)) return error;
  return give_up(folder, std::move(error.message), "");
}

}  // namespace

Parameters read_folder_parameters(int spool_fd, const std::string& folder, const FieldNames& names) {
  const std::string path = join_path(folder, "reeld.toml");
  auto opened = open_file_beneath(spool_fd, path);
  if (auto* error = std::get_if<SysError>(&opened)) {
    if (error->code == ENOENT || error->code == ENOTDIR) return JobFields{};
    return explain(folder, std::move(*error));
  }
  const int fd = std::get<OpenFile>(opened).fd.get();
  // What is there of it by now may well be TOML, and mean something else.
  if (probe_writers(fd) == LeaseAnswer::being_written)
    return give_up(folder, path + ": it is being written", "");
  auto read = read_text(fd, path);
  if (auto* error = std::get_if<SysError>(&read)) return explain(folder, std::move(*error));
  const auto& text = std::get<std::string>(read);
  JobFieldsResult result = read_folder_fields(text, names);
  if (!result.complaint) return std::move(result.fields);
  std::string reason = describe(path, *result.complaint);
  if (result.complaint->is_unread) return give_up(folder, std::move(reason), text);
  return reason;
}

Parameters resolve_parameters(int spool_fd, const JobFields& base, const std::string& folder,
                              const JobFields& front_matter, const FieldNames& names) {
  JobFields fields = base;
  for (const std::string& level : list_levels(folder)) {
    Parameters read = read_folder_parameters(spool_fd, level, names);
    if (!std::holds_alternative<JobFields>(read)) return read;
    fields = overlay(std::move(fields), std::get<JobFields>(read));
  }
  return overlay(std::move(fields), front_matter);
}

}  // namespace reeld
