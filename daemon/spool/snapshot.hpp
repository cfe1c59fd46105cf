#pragma once
// The snapshot of a pair: both files opened safely and held open, the prompt and its parameters read, the
// image looked at. What is sent is what was opened here, whatever happens to the names afterwards.
//
// Threads: a worker's (it blocks on the disk); the result is a value that moves back to the loop.

#include <cstdint>
#include <string>
#include <variant>

#include "codec/form.hpp"
#include "codec/job_fields.hpp"
#include "core/clock.hpp"
#include "core/content_digest.hpp"
#include "core/file_identity.hpp"
#include "core/ready_pair.hpp"
#include "image/image.hpp"
#include "settings/settings.hpp"
#include "sys/safe_open.hpp"

namespace reeld {

struct Snapshot {
  UniqueFd folder;  // the pair's folder: results go to it even when it is renamed meanwhile
  OpenFile prompt_file;
  OpenFile image_file;
  SystemTime looked_at{};       // when both files' stamps were taken, before they were read
  ContentDigest prompt_digest;  // of the whole file
  std::string prompt;
  Form form;         // all parameters, merged, with prompt and image in their places
  JobFields fields;  // its texts: names and values as they are sent
  ImageReport image;
  std::string size_note;  // image_size = "warn": how the image's pixels differ from `size`; else ""

  void set_form(Form what) {
    form = std::move(what);
    fields = list_texts(form);
  }
};

/// The pair will not be submitted as it is: goes into its error file.
struct SnapshotRefusal {
  std::string reason;
};
/// A file has changed or gone since the pair was found ready, or the settings of its folder cannot be read:
/// intake decides anew.
struct SnapshotStale {
  std::string reason;
  bool is_for_settings = false;
};
/// Neither the pair's fault nor for ever (too many open files, a lease, an I/O error): tried again.
struct SnapshotFailure {
  std::string reason;
};

using SnapshotResult = std::variant<SnapshotStale, Snapshot, SnapshotRefusal, SnapshotFailure>;

/// `names`: under which the fields are sent; no parameter may come under another's. `digest_seed`: the
/// ledger's.
SnapshotResult take_snapshot(int spool_fd, const ReadyPair& pair, const JobFields& base,
                             const SpoolSettings& spool, const FieldNames& names, std::uint64_t digest_seed);

}  // namespace reeld
