#include "commands/check/check_folders.hpp"

#include <fcntl.h>

#include <algorithm>

#include "commands/job/stem_listing.hpp"
#include "core/spool_name.hpp"
#include "spool/parameters.hpp"
#include "sys/folder_access.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_warnings = 10;

bool has_pair(const FolderListing& listing) {
  return std::ranges::any_of(listing.stems, [](const auto& entry) {
    return judge(entry.first, entry.second) == StemState::candidate;
  });
}

class FoldersCheck {
 public:
  FoldersCheck(const SpoolSettings& spool, const FieldNames& names, int spool_fd, CheckReport& report)
      : spool_(spool), names_(names), spool_fd_(spool_fd), report_(report), ignored_(spool.ignore) {}

  void look_into(const std::string& folder);
  void say_rest() {
    if (found_ > max_warnings)
      report_.warn("and " + std::to_string(found_ - max_warnings) + " folders more take no results");
    if (misconfigured_ > max_warnings)
      report_.warn("and " + std::to_string(misconfigured_ - max_warnings) +
                   " more reeld.toml are wrong or cannot be read");
  }

 private:
  void warn(const std::string& path, int folder_fd, int hindrance);
  void check_settings(const std::string& folder);

  const SpoolSettings& spool_;
  const FieldNames& names_;
  int spool_fd_;
  CheckReport& report_;
  IgnoredFolders ignored_;
  std::size_t found_ = 0;
  std::size_t misconfigured_ = 0;
};

void FoldersCheck::warn(const std::string& path, int folder_fd, int hindrance) {
  if (++found_ > max_warnings) return;
  const SysError error = make_sys_error("write into the folder", make_printable(path, 1000), hindrance);
  report_.warn(error.message + "; its pairs are not sent until results can be written there: " +
               make_printable(describe_cure(folder_fd, path, hindrance), 2000));
}

void FoldersCheck::check_settings(const std::string& folder) {
  const Parameters read = read_folder_parameters(spool_fd_, folder, names_);
  const auto* const unreadable = std::get_if<UnreadableSettings>(&read);
  const auto* const wrong = std::get_if<std::string>(&read);
  if ((unreadable == nullptr && wrong == nullptr) || ++misconfigured_ > max_warnings) return;
  if (unreadable != nullptr) {
    report_.warn("the pairs of this folder and of those below wait until this file is mended or removed: " +
                 make_printable(unreadable->reason, 1000));
  } else {
    report_.warn("the pairs of this folder and of those below get error files, until this is mended: " +
                 make_printable(*wrong, 1000));
  }
}

void FoldersCheck::look_into(const std::string& folder) {
  const std::string path = join_path(spool_.path, folder);
  auto opened = open_folder_beneath(spool_fd_, folder);
  auto* const fd = std::get_if<UniqueFd>(&opened);
  if (fd == nullptr) return;  // that is told with the pairs
  const int hindrance = find_hindrance(fd->get());
  const auto listed = list_stems(fd->get(), path, ignored_);
  const auto* const listing = std::get_if<FolderListing>(&listed);
  if (listing == nullptr) return;
  check_settings(folder);
  if (hindrance != 0 && has_pair(*listing)) warn(path, fd->get(), hindrance);
  fd->reset();  // not one for each level of a deep tree
  if (!spool_.recursive) return;
  for (const std::string& name : listing->folders) look_into(join_path(folder, name));
}

}  // namespace

void check_folders(const SpoolSettings& spool, const FieldNames& names, CheckReport& report) {
  const UniqueFd fd(::open(spool.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return;  // that has been complained of
  FoldersCheck check(spool, names, fd.get(), report);
  check.look_into("");
  check.say_rest();
}

}  // namespace reeld
