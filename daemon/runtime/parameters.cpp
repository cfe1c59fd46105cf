#include "runtime/parameters.hpp"

#include <unistd.h>

#include <cerrno>
#include <vector>

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
  std::string text(most_parameters.count + 1, '\0');
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

Parameters read_level(int spool_fd, const std::string& level, const FieldNames& names) {
  const std::string path = level.empty() ? "reeld.toml" : level + "/reeld.toml";
  auto opened = open_file_beneath(spool_fd, path);
  if (auto* error = std::get_if<SysError>(&opened)) {
    if (error->code == ENOENT) return JobFields{};
    return std::move(*error);
  }
  auto text = read_text(std::get<OpenFile>(opened).fd.get(), path);
  if (auto* error = std::get_if<SysError>(&text)) return std::move(*error);
  JobFieldsResult result = read_job_fields(std::get<std::string>(text), names);
  if (result.complaint) return describe(path, *result.complaint);
  return std::move(result.fields);
}

}  // namespace

Parameters resolve_parameters(int spool_fd, const JobFields& base, const std::string& folder,
                              const JobFields& front_matter, const FieldNames& names) {
  JobFields fields = base;
  for (const std::string& level : list_levels(folder)) {
    Parameters read = read_level(spool_fd, level, names);
    if (!std::holds_alternative<JobFields>(read)) return read;
    fields = overlay(std::move(fields), std::get<JobFields>(read));
  }
  return overlay(std::move(fields), front_matter);
}

}  // namespace reeld
