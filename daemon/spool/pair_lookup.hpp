#pragma once
// Which job of the ledger a pair is, if any. Stamps are compared first; a file is read only where some job
// could have had its content and no stamp tells.
//
// Blocking: it asks the database, and may read both files whole. Threads: one at a time, with its reader's.
// Errors: SqliteError. A file that changes, goes away or cannot be read meanwhile makes the pair unknown: who
// is about to send it finds that out, and the transaction of the intent asks again by content.

#include <cstdint>
#include <optional>

#include "core/known_job.hpp"
#include "core/ready_pair.hpp"
#include "ledger/ledger_reader.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {

class PairLookup {
 public:
  /// Both are kept by the caller.
  PairLookup(LedgerReader& reader, int spool_fd);

  /// Without a look at an image's content; nullopt where that has to be read.
  std::optional<Recognition> find_quickly(const ReadyPair& pair);
  Recognition find(const ReadyPair& pair);
  /// Without opening a file: only a pair that stamps prove to be the job at its path, whose result was
  /// published.
  std::optional<Recognition> find_settled(const ReadyPair& pair);

  /// Of a pair that lies under a result. Neither is set where its path has no such job, or a file could not
  /// be read.
  struct UnderResult {
    std::optional<Recognition> same;  // the result is about it
    std::optional<KnownJob> other;    // the result is about that job, whose files were others
  };
  UnderResult compare_with_result(const ReadyPair& pair);

 private:
  enum class Depth { prompt, image };
  struct Reading;

  void begin(Reading& reading);

  std::optional<Recognition> look(const ReadyPair& pair, Depth depth);
  std::uint64_t seed();
  FileIdentity as_known(FileIdentity stamp) const;
  bool read_prompt(Reading& reading);
  bool read_image(Reading& reading);
  bool must_read_image(const Reading& reading);
  bool is_original_there(const KnownJob& job);
  bool is_original_under(int folder_fd, const KnownJob& job, const std::string& prompt_name,
                         const std::string& image_name);
  bool is_original_under_another_spelling(int folder_fd, const KnownJob& job);
  Recognition conclude(Reading& reading);

  LedgerReader& reader_;
  int spool_fd_;
  std::optional<std::uint64_t> seed_;
  std::uint64_t device_now_ = 0;
  std::uint64_t device_known_ = 0;  // of the spool, as the ledger has it
};

/// How a prompt begins: enough to know it again. Cut at a character's start.
std::string begin_of(const std::string& prompt);

}  // namespace reeld
