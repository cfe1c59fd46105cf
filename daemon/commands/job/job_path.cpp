#include "commands/job/job_path.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <vector>

#include "commands/check/check_report.hpp"
#include "commands/command_failure.hpp"
#include "core/spool_name.hpp"
#include "settings/exit_code.hpp"
#include "sys/file_status.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse_path(const std::string& path, const std::string& why) {
  throw CommandFailure(exit_code::failed, make_printable(path, 1000) + ": " + why);
}

/// The folder that the path names a pair in, absolute and free of links.
fs::path find_folder(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  std::error_code error;
  fs::path folder = fs::canonical(parent.empty() ? fs::path(".") : parent, error);
  if (error) refuse_path(path, "open its folder: " + error.message());
  return folder;
}

std::string find_within(const fs::path& folder, const fs::path& spool) {
  std::string out = folder.lexically_relative(spool).string();
  return out == "." ? "" : out;
}

fs::path find_spool(const std::string& path, const fs::path& folder,
                    const std::optional<std::string>& asked) {
  if (!asked) {
    auto found = find_spool_above(folder.string());
    if (!found)
      refuse_path(path, "no spool is above it: there is no .reeld/spool in its folder or in one above that");
    return *found;
  }
  std::error_code error;
  fs::path spool = fs::canonical(*asked, error);
  return error ? fs::path(*asked) : spool;
}

void require_input_folder(const std::string& path, const std::string& folder, const fs::path& spool) {
  if (!is_input_folder(folder))
    refuse_path(path, "does not lie where pairs are looked for in " + spool.string());
}

bool has_files(const fs::path& folder, const std::string& stem) {
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return false;
  const StemFiles files = find_stem_files(fd.get(), stem);
  return !files.prompts.empty() || !files.images.empty() || !files.results.empty();
}

/// "scene.txt" is a file of the stem "scene", or, where nothing is there by that name, a stem itself.
std::string find_stem(const fs::path& folder, const std::string& name) {
  const SpoolName classified = classify_name(name);
  if (classified.stem.empty()) return name;
  std::string stem(classified.stem);
  const bool is_stem_itself = !has_files(folder, stem) && has_files(folder, name);
  return is_stem_itself ? name : stem;
}

void add_once(std::vector<std::string>& names, std::vector<FileIdentity>& seen, int folder_fd,
              std::string name) {
  const StatusAnswer found = look_up_status(folder_fd, name);
  if (found.code != 0) return;
  // Where names are read without regard to case, one file answers to many.
  const bool is_known = std::ranges::find(seen, found.status.identity) != seen.end();
  if (is_known) return;
  seen.push_back(found.status.identity);
  names.push_back(std::move(name));
}

}  // namespace

FolderPath find_folder_path(const std::string& path, const ChosenSpool& chosen) {
  std::error_code error;
  const fs::path folder = fs::canonical(path, error);
  if (error) refuse_path(path, "open it: " + error.message());
  const fs::path spool = find_spool(path, folder, chosen.asked);
  FolderPath out{spool.string(), find_within(folder, spool)};
  require_input_folder(path, out.folder, spool);
  return out;
}

JobPath find_job_path(const std::string& path, const ChosenSpool& chosen) {
  const std::string name = fs::path(path).filename().string();
  if (name.empty() || name == "." || name == "..")
    refuse_path(path, "is a folder; name a pair by its stem or a file of it");
  const fs::path folder = find_folder(path);
  const fs::path spool = find_spool(path, folder, chosen.asked);
  JobPath out;
  out.spool = spool.string();
  std::error_code other;
  if (fs::equivalent(chosen.configured, spool, other)) out.named_ledger = chosen.named_ledger;
  out.job.folder = find_within(folder, spool);
  out.job.stem = find_stem(folder, name);
  require_input_folder(path, out.job.folder, spool);
  if (!is_input_stem(out.job.stem) || classify_name(name).kind == NameKind::folder_settings)
    refuse_path(path, "is no file of a pair; name a pair by its stem or a file of it");
  return out;
}

StemFiles find_stem_files(int folder_fd, const std::string& stem) {
  StemFiles files;
  std::vector<FileIdentity> seen;
  for (std::string& name : possible_input_names(stem)) {
    const bool is_prompt = classify_name(name).kind == NameKind::prompt;
    add_once(is_prompt ? files.prompts : files.images, seen, folder_fd, std::move(name));
  }
  for (std::string& name : result_names(stem)) {
    if (look_up_status(folder_fd, name).code == 0) files.results.push_back(std::move(name));
  }
  return files;
}

ReadyPair identify_pair(int folder_fd, const JobName& job, const StemFiles& files) {
  if (files.prompts.empty() && files.images.empty()) refuse_path(job.text(), "there is no such pair");
  if (files.prompts.empty()) refuse_path(job.text(), "there is no such pair: it has an image and no prompt");
  if (files.images.empty()) refuse_path(job.text(), "there is no such pair: it has a prompt and no image");
  if (files.prompts.size() > 1 || files.images.size() > 1)
    refuse_path(job.text(), "has two prompts or two images; remove one of them first");
  ReadyPair out;
  out.job = job;
  out.prompt_name = files.prompts.front();
  out.image_name = files.images.front();
  for (const auto& [name, into] :
       {std::pair(out.prompt_name, &out.identity.prompt), {out.image_name, &out.identity.image}}) {
    const auto identity = identify_beneath(folder_fd, name);
    if (const auto* const error = std::get_if<SysError>(&identity)) refuse_path(job.text(), error->message);
    *into = std::get<FileIdentity>(identity);
  }
  return out;
}

}  // namespace reeld
