#pragma once
// One look at a stem: which of its files are there, who writes them, whether the image is whole. It is the
// truth at that moment, whatever scans and events have said before.
//
// Threads: blocking, on any thread; values only.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "codec/neighbours.hpp"
#include "core/bytes.hpp"
#include "core/file_identity.hpp"
#include "core/job_name.hpp"
#include "core/known_job.hpp"
#include "core/readiness.hpp"
#include "settings/settings.hpp"
#include "spool/parameters.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

/// What the fields of a pair are made of besides its folders and its front matter. Changed by a reload.
struct FieldRules {
  JobFields job = Settings().job;
  FieldNames names;
};

/// Under which names a look asks for inputs.
enum class NameSearch {
  known,  // those that are known
  usual,  // and the stem with each extension in lower case
  all,    // and in every mixture of case
};

struct StemQuery {
  JobName job;
  std::uint64_t ticket = 0;        // comes back with the report
  std::vector<std::string> names;  // the inputs that are known
  NameSearch search = NameSearch::known;
  std::optional<PairIdentity> expected;        // if both files are still these, that is all that is asked
  bool is_late = false;                        // files arrived: they are asked for beside a result, too
  bool wants_neighbours = false;               // of half a pair: what lies beside it
  std::shared_ptr<const FieldRules> fields{};  // null: the defaults
  bool may_be_settled = false;                 // found by a scan: it may be one that was done with long ago
};

struct InspectRules {
  Bytes max_image;  // larger ones are not read: the snapshot refuses them with a better reason
  bool asks_leases = true;
  std::string spool{};  // its path, for people
  Bytes max_prompt = kibibytes(128);
  OpenSettled open_settled{};  // none: nothing is known of any
};

struct FileReport {
  std::string name;
  bool is_prompt = false;
  FileIdentity identity;
  bool is_hard_linked = false;
  Writers writers = Writers::unknown;
};

/// Why nothing can be written into the folder.
struct FolderHindrance {
  std::string reason;
  std::string cure;  // what a person can do
};

/// Why a look failed.
struct LookTrouble {
  bool is_lasting = false;  // permission: somebody has to change it
  std::string reason;       // for people
  bool is_final = false;    // a link, a pipe: it will never be sent as it is
};

struct StemReport {
  JobName job;
  std::uint64_t ticket = 0;
  bool has_result = false;
  bool keeps_stamps = false;                     // of a pair that was looked into: see ReadyPair
  bool is_unchanged = false;                     // what was expected is there, and nothing else
  std::shared_ptr<const Recognition> settled{};  // then nothing is known of its files but that they are there
  std::vector<FileReport> files;                 // the inputs that are there
  ImageCheck image_check = ImageCheck::truncated;
  std::string image_reason;
  std::string unfinished_prompt;            // why it cannot be the whole text; "" : it may be
  bool hides_remote_writers = false;        // a network file system: events tell of this machine alone
  std::optional<std::string> neighbours{};  // of half a pair, where they were asked for; "" : none
  std::optional<UnreadableSettings> misconfigured{};  // of a pair; then nothing else is known of its files
  bool has_settings = false;           // of a pair: all reeld.toml that it depends on were read
  std::string note{};                  // of a pair: names of fields that look mistyped, for people
  std::optional<LookTrouble> trouble;  // then the rest may be wanting
  std::optional<FolderHindrance>
      hindrance;  // of a pair; then nothing is known of its files but that they are there
};

/// For some looks in a row: what they share (a folder, a transaction of the ledger) is opened once.
/// `root_fd` and `rules` outlive it.
class StemInspector {
 public:
  StemInspector(int root_fd, const InspectRules& rules) : root_fd_(root_fd), rules_(rules) {}

  StemReport inspect(const StemQuery& query);

 private:
  std::optional<SysError> open_folder(const std::string& path);
  bool may_be_settled(const StemQuery& query) const;
  std::shared_ptr<const Recognition> find_settled(const StemReport& report);
  std::string describe_neighbours(const StemReport& report);
  bool read_settings(const StemQuery& query, StemReport& report);

  int root_fd_;
  const InspectRules& rules_;
  std::optional<std::string> folder_path_;  // of the folder that is open
  UniqueFd folder_;
  std::optional<NeighbourIndex> neighbours_;  // of that folder
  std::optional<Parameters> parameters_;      // of that folder, without a pair's own
  std::shared_ptr<const FieldRules> fields_;  // that those were made of
  std::optional<FindSettled> settled_;
};

}  // namespace reeld
