#include "commands/ledger/backup.hpp"

#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <ostream>
#include <string>

#include "commands/act_as_owner.hpp"
#include "commands/command_failure.hpp"
#include "commands/ledger/ledger_access.hpp"
#include "commands/ledger/spool_site.hpp"
#include "ledger/ledger_copy.hpp"
#include "ledger/ledger_site.hpp"
#include "settings/exit_code.hpp"
#include "spool/open_spool.hpp"
#include "sys/durable_file.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const std::string& doing, const std::string& path, int code) {
  throw CommandFailure(exit_code::failed, make_sys_error(doing, path, code).message);
}

/// The file that the copy goes to, made by who asks for it; it goes again unless it is whole.
class BackupFile {
 public:
  BackupFile(std::string path, std::ostream& err)
      : path_(std::move(path)),
        err_(err),
        folder_path_(fs::absolute(path_).parent_path().string()),
        folder_(::open(folder_path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)),
        name_(fs::path(path_).filename().string()) {
    if (!folder_) fail("open the folder of the backup", folder_path_, errno);
    constexpr mode_t owner_only = 0600;
    fd_ = UniqueFd(::openat(folder_.get(), name_.c_str(),
                            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, owner_only));
    if (!fd_) fail("create the backup", path_, errno);
  }
  BackupFile(const BackupFile&) = delete;
  BackupFile& operator=(const BackupFile&) = delete;
  ~BackupFile() {
    if (is_whole_ || ::unlinkat(folder_.get(), name_.c_str(), 0) == 0) return;
    // The ledger's owner may not remove what root has made.
    const bool is_empty = ::ftruncate(fd_.get(), 0) == 0;
    err_ << "reeld: warning: " << path_ << " is no backup" << (is_empty ? ", but an empty file" : "")
         << "; remove it\n";
  }

  void take(int from) {
    for (;;) {
      constexpr std::size_t at_once = std::size_t{1} << 20U;
      const ssize_t count = ::sendfile(fd_.get(), from, nullptr, at_once);
      if (count == 0) break;
      if (count < 0 && errno != EINTR) fail("write the backup", path_, errno);
    }
    if (::fsync(fd_.get()) != 0) fail("sync the backup", path_, errno);
    if (const auto error = sync_folder(folder_.get(), folder_path_))
      fail("sync the folder of the backup", folder_path_, error->code);
    is_whole_ = true;
  }

 private:
  std::string path_;
  std::ostream& err_;
  std::string folder_path_;
  UniqueFd folder_;
  std::string name_;
  UniqueFd fd_;
  bool is_whole_ = false;
};

}  // namespace

int run_ledger(const CommandLine& line, const CommandContext& context) {
  const Settings settings = load_spool_here(line.common, context);
  const SpoolSite spool = open_spool(settings.spool.path);
  const LedgerPlace place = place_ledger(spool, settings.ledger.path, context);
  // Before: where backups go, the ledger's owner may not be able to write.
  BackupFile backup(*line.backup, context.err);
  become_ledger_owner(place);
  const auto found = locate_ledger(place);
  if (const auto* const refusal = std::get_if<LedgerRefusal>(&found))
    throw CommandFailure(code_of(*refusal), refusal->reason);
  const std::string& ledger = std::get<LedgerSite>(found).path;
  std::error_code error;
  if (!fs::exists(ledger, error))
    throw CommandFailure(exit_code::failed, "there is no ledger " + ledger + " yet");
  const UniqueFd copy = copy_ledger(ledger);
  backup.take(copy.get());
  context.out << *line.backup << ": a copy of " << ledger << '\n';
  return exit_code::fine;
}

}  // namespace reeld
