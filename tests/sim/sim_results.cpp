// What the simulated reeld writes into folders, and how it finds the folder that the ledger means: as
// spool/result_place does.

#include "sim/sim_app.hpp"

namespace reeld::sim {
namespace {

bool is_folder_of(const FolderIdentity& known, const FolderIdentity& found) {
  return known.device == found.device && known.inode == found.inode && known.born_ns != 0 &&
         known.born_ns == found.born_ns;
}

/// Of one of a pair's two files.
struct Remains {
  bool has_content = false;
  bool is_left = false;
};

}  // namespace

bool SimApp::holds_pair(const Spool::Place& place, const PairIdentity& pair) const {
  const Stem* const stem = out_.spool.find(place);
  if (stem == nullptr || !stem->is_pair()) return false;
  const PairIdentity found = out_.spool.stamps_of(*stem);
  return is_very_file(pair.prompt, found.prompt) && is_very_file(pair.image, found.image) &&
         pair.prompt.size == found.prompt.size && pair.image.size == found.image.size;
}

/// Under the name that the ledger has.
std::optional<Spool::Folder> SimApp::find_folder_at(const JobRecord& record) const {
  const auto folder = out_.spool.find_folder(record.job.name.folder);
  if (!folder) return std::nullopt;
  const FolderIdentity found = out_.spool.identity_of(*folder);
  const bool is_birth_unknown = record.folder.born_ns == 0 || found.born_ns == 0;
  const bool is_it = is_folder_of(record.folder, found) ||
                     (is_birth_unknown && found.inode == record.folder.inode) ||
                     holds_pair({*folder, record.job.name.stem}, record.job.pair);
  return is_it ? folder : std::nullopt;
}

std::optional<Spool::Folder> SimApp::find_folder_of(const JobRecord& record) const {
  if (const auto folder = find_folder_at(record)) return folder;
  for (const Spool::Folder folder : out_.spool.folders()) {
    if (is_folder_of(record.folder, out_.spool.identity_of(folder)) ||
        holds_pair({folder, record.job.name.stem}, record.job.pair))
      return folder;
  }
  return std::nullopt;
}

/// Another pair has come to its place: both files anew, with other content.
bool SimApp::is_replaced(const Writing& what) const {
  const Stem* const stem = out_.spool.find(what.place);
  if (stem == nullptr || !stem->is_pair()) return false;
  const auto look = [&](const SimFile& file, const FileIdentity& known,
                        const std::optional<ContentDigest>& digest) {
    const FileIdentity stamp = out_.spool.stamp_of(file);
    const bool is_very = is_very_file(known, stamp);
    const bool is_read_same = digest ? digest_of(file.content) == *digest : is_very;
    Remains out;
    out.has_content =
        stamp == known || (what.is_start && is_very) || (stamp.size == known.size && is_read_same);
    out.is_left = out.has_content && is_very;
    return out;
  };
  const Remains prompt = look(*stem->prompt, what.pair.prompt, what.digests.prompt);
  const Remains image = look(*stem->image, what.pair.image, what.digests.image);
  if (prompt.has_content && image.has_content) return false;
  return !prompt.is_left && !image.is_left;
}

/// Written, then synced, then marked: each a step of its own, with a disk that may be full for a while.
void SimApp::write_result(const Writing& what, std::function<void()> done) {
  if (!out_.server.is_healthy() && out_.dice.chance(3))
    return later(retry_pause, [=, this] { write_result(what, done); });
  later(out_.dice.between(0, 3), [=, this] {
    // The folder is gone: the ledger owes it.
    if (!out_.spool.has_folder(what.place.folder)) {
      if (what.job != 0 && what.kind != ResultKind::error) undeliverable_.insert(what.job);
      return done();
    }
    if (what.is_wanted && !what.is_wanted()) return done();
    out_.trace("write the result of " + out_.spool.name_of(what.place).text());
    const bool is_aside =
        what.kind == ResultKind::job && out_.mutation.has(Guard::replaced_set_aside) && is_replaced(what);
    if (!is_aside) {
      out_.on_write(what);
      out_.spool.stems()[what.place].results[what.kind] = {what.text, false};
    }
    if (!out_.mutation.has(Guard::sync_before_published)) mark_written(what, [] {});
    later(out_.dice.between(1, 20), [=, this] { sync_result(what, is_aside, done); });
  });
}

void SimApp::sync_result(const Writing& what, bool is_aside, std::function<void()> done) {
  Stem* const stem = out_.spool.find(what.place);
  const bool is_there = stem != nullptr && stem->results.contains(what.kind);
  if (is_there && !is_aside) stem->results.at(what.kind).is_synced = true;
  // Where it is no longer there, people have moved it away.
  if (what.kind == ResultKind::job) out_.on_shown(what.text);
  if (what.to_prove && !is_aside && out_.spool.has_proving_stamps()) prove_stamps(*what.to_prove);
  if (out_.spool.has_folder(what.place.folder)) look(what.place);
  if (!out_.mutation.has(Guard::sync_before_published)) return done();
  mark_written(what, std::move(done));
}

void SimApp::mark_written(const Writing& what, std::function<void()> done) {
  if (what.job == 0 && !what.backfilled_job_id) return done();
  auto mark = [job = what.job, backfilled_job_id = what.backfilled_job_id,
               on_told = out_.on_told](LedgerStore& store) {
    const std::int64_t id = backfilled_job_id ? backfilled_job_id() : job;
    store.mark_published(id);
    on_told(id);
  };
  if (what.is_mark_awaited) return submit_kept(std::move(mark), std::move(done));
  post(std::move(mark));
  done();
}

}  // namespace reeld::sim
