#include "spool/pair_lookup.hpp"

#include <chrono>

#include "codec/prompt.hpp"
#include "core/kin_jobs.hpp"
#include "core/spool_name.hpp"
#include "core/utf8.hpp"
#include "sys/content_hash.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/read_file.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_start = 200;

/// The very file that is expected, open, with its stamp as it was opened. A touch changes times alone: what
/// it has in it is read all the same.
std::optional<OpenFile> open_expected(int folder_fd, const std::string& name, const FileIdentity& expected) {
  auto opened = open_file_beneath(folder_fd, name);
  auto* const file = std::get_if<OpenFile>(&opened);
  if (file == nullptr || !is_very_file(expected, file->identity) || file->identity.size != expected.size)
    return std::nullopt;
  return std::move(*file);
}

bool is_unchanged(int fd, const FileIdentity& expected) {
  const StatusAnswer now = read_status(fd);
  return now.code == 0 && now.status.identity == expected;
}

bool keeps_stamps(int folder_fd) {
  const auto kind = find_file_system_kind(folder_fd, "");
  const auto* const found = std::get_if<FileSystemKind>(&kind);
  return found != nullptr && found->keeps_stamps;
}

}  // namespace

std::string begin_of(const std::string& prompt) {
  return std::string(cut_text(prompt, max_start));
}

/// What is known of the pair so far.
struct PairLookup::Reading {
  explicit Reading(const ReadyPair& what) : pair(what) {}

  int open_folder(int spool_fd) {
    if (folder) return folder.get();
    auto opened = open_folder_beneath(spool_fd, pair.job.folder);
    if (auto* const fd = std::get_if<UniqueFd>(&opened)) {
      folder = std::move(*fd);
      is_lasting = keeps_stamps(folder.get());
    }
    return folder.get();
  }

  const ReadyPair& pair;
  FoundPair found;
  std::vector<KnownJob> kin;
  UniqueFd folder;
  bool is_lasting = false;
};

PairLookup::PairLookup(LedgerReader& reader, int spool_fd) : reader_(reader), spool_fd_(spool_fd) {
  device_now_ = identify_folder(spool_fd).device;
  const LedgerIdentity identity = reader_.read_identity();
  device_known_ = identity.uuid.empty() ? device_now_ : identity.root.device;
}

/// Devices may be numbered anew at a reboot; the daemon renumbers its ledger, a command may come before it.
FileIdentity PairLookup::as_known(FileIdentity stamp) const {
  if (stamp.device == device_now_) stamp.device = device_known_;
  return stamp;
}

std::uint64_t PairLookup::seed() {
  if (!seed_) seed_ = reader_.digest_seed();
  return *seed_;
}

std::optional<Recognition> PairLookup::find_quickly(const ReadyPair& pair) {
  return look(pair, Depth::prompt);
}

Recognition PairLookup::find(const ReadyPair& pair) {
  return *look(pair, Depth::image);
}

/// One question, for there may be a million of them: of the newest job at the path. Where others have to be
/// asked, too, they are, later.
std::optional<Recognition> PairLookup::find_settled(const ReadyPair& pair) {
  auto job = reader_.find_at(pair.job);
  if (!job || !job->is_published || !job->proof.prompt || !job->proof.image) return std::nullopt;
  const PairIdentity stamps{as_known(pair.identity.prompt), as_known(pair.identity.image)};
  if (job->pair != stamps || disposition(*job, PairMatch::same) != Disposition::finish) return std::nullopt;
  Recognition out;
  out.disposition = Disposition::finish;
  out.match = PairMatch::same;
  out.found.name = pair.job;
  out.found.stamps = stamps;
  out.found.digests = job->digests;
  out.found.proof = job->proof;
  out.known = std::move(job);
  return out;
}

PairLookup::UnderResult PairLookup::compare_with_result(const ReadyPair& pair) {
  UnderResult out;
  auto job = reader_.find_at(pair.job);
  if (!job) return out;
  Recognition found = find(pair);
  if (found.known && found.match == PairMatch::same) {
    out.same = std::move(found);
    return out;
  }
  const auto is_other = [](const auto& before, const auto& now) { return before && now && *before != *now; };
  const PairIdentity& known = job->pair;
  const bool is_another = known.prompt.size != pair.identity.prompt.size ||
                          known.image.size != pair.identity.image.size ||
                          is_other(job->digests.prompt, found.found.digests.prompt) ||
                          is_other(job->digests.image, found.found.digests.image);
  if (job->is_published && is_another) out.other = std::move(job);
  return out;
}

/// By the ledger and the stamps alone.
void PairLookup::begin(Reading& reading) {
  FoundPair& found = reading.found;
  found.name = reading.pair.job;
  found.stamps = {as_known(reading.pair.identity.prompt), as_known(reading.pair.identity.image)};
  reading.kin = reader_.list_kin(found.name, found.stamps);
  take_proven_contents(reading.kin, found);
}

std::optional<Recognition> PairLookup::look(const ReadyPair& pair, Depth depth) {
  Reading reading(pair);
  begin(reading);
  FoundPair& found = reading.found;
  const bool must_read_prompt =
      !found.digests.prompt && (pair.must_read || depends_on_prompt(reading.kin, found) ||
                                reader_.has_sizes(found.stamps.prompt.size, found.stamps.image.size));
  Recognition unknown;
  unknown.found = found;
  if (must_read_prompt && !read_prompt(reading)) return unknown;
  if (!found.digests.image && must_read_image(reading)) {
    if (depth == Depth::prompt) return std::nullopt;
    if (!read_image(reading)) return unknown;
  }
  return conclude(reading);
}

bool PairLookup::read_prompt(Reading& reading) {
  const auto looked_at = std::chrono::system_clock::now();
  const FileIdentity& stamp = reading.pair.identity.prompt;
  const int folder = reading.open_folder(spool_fd_);
  const auto file = open_expected(folder, reading.pair.prompt_name, stamp);
  const auto bytes = file ? read_bytes(file->fd.get(), stamp.size) : std::nullopt;
  if (!bytes || !is_unchanged(file->fd.get(), file->identity)) return false;
  FoundPair& found = reading.found;
  found.digests.prompt = digest_bytes(std::as_bytes(std::span(*bytes)), seed());
  found.proof.prompt = reading.is_lasting && file->identity == stamp && is_proof(stamp, looked_at);
  const PromptResult parsed = reeld::read_prompt(*bytes, "");
  if (const auto* const prompt = std::get_if<PromptFile>(&parsed))
    found.prompt_start = begin_of(prompt->prompt);
  return true;
}

bool PairLookup::read_image(Reading& reading) {
  const auto looked_at = std::chrono::system_clock::now();
  const FileIdentity& stamp = reading.pair.identity.image;
  const int folder = reading.open_folder(spool_fd_);
  const auto file = open_expected(folder, reading.pair.image_name, stamp);
  const auto digest = file ? digest_file(file->fd.get(), stamp.size, seed()) : std::nullopt;
  if (!digest || !is_unchanged(file->fd.get(), file->identity)) return false;
  reading.found.digests.image = digest;
  reading.found.proof.image = reading.is_lasting && file->identity == stamp && is_proof(stamp, looked_at);
  return true;
}

bool PairLookup::must_read_image(const Reading& reading) {
  const FoundPair& found = reading.found;
  return reading.pair.must_read || depends_on_image(reading.kin, found) ||
         (found.digests.prompt && reader_.has_prompt(*found.digests.prompt, found.stamps));
}

/// One of the two files that were sent, or that prompt in another file. Another file with the same image says
/// nothing: one image may serve many prompts.
bool PairLookup::is_original_there(const KnownJob& job) {
  auto opened = open_folder_beneath(spool_fd_, job.name.folder);
  const auto* const folder = std::get_if<UniqueFd>(&opened);
  if (folder == nullptr) return false;
  return is_original_under(folder->get(), job, job.prompt_name, job.image_name) ||
         is_original_under_another_spelling(folder->get(), job);
}

bool PairLookup::is_original_under(int folder_fd, const KnownJob& job, const std::string& prompt_name,
                                   const std::string& image_name) {
  const StatusAnswer image = look_up_status(folder_fd, image_name);
  if (image.code == 0 && is_its_image(job, as_known(image.status.identity))) return true;
  const StatusAnswer prompt = look_up_status(folder_fd, prompt_name);
  if (prompt.code != 0 || !prompt.status.is_regular) return false;
  const FileIdentity& stamp = prompt.status.identity;
  if (is_its_prompt(job, as_known(stamp))) return true;
  if (stamp.size != job.pair.prompt.size || !job.digests.prompt) return false;
  const auto file = open_expected(folder_fd, prompt_name, stamp);
  return file && digest_file(file->fd.get(), stamp.size, seed()) == job.digests.prompt;
}

/// "SCENE.TXT" was renamed to "SCENE.txt": no other stem, and no other pair.
bool PairLookup::is_original_under_another_spelling(int folder_fd, const KnownJob& job) {
  std::string prompt = job.prompt_name;
  std::string image = job.image_name;
  for (const std::string& name : possible_input_names(job.name.stem)) {
    if (look_up_status(folder_fd, name).code != 0) continue;
    (classify_name(name).kind == NameKind::prompt ? prompt : image) = name;
  }
  const bool is_other = prompt != job.prompt_name || image != job.image_name;
  return is_other && is_original_under(folder_fd, job, prompt, image);
}

Recognition PairLookup::conclude(Reading& reading) {
  const FoundPair& found = reading.found;
  if (!is_barred_in_place(reading.kin, found)) add_missing(reading.kin, reader_.list_by_content(found));
  std::vector<KinJob> kin;
  kin.reserve(reading.kin.size());
  for (KnownJob& job : reading.kin) {
    // Only of what would else be taken for that job, moved.
    const bool is_moved = compare(job, found, true) == PairMatch::copy;
    const bool is_there = is_moved && is_original_there(job);
    kin.push_back({std::move(job), is_there});
  }
  Recognition out = reader_.conclude(kin, found);
  // What is said of it is said once for what it holds, and not once for each touch.
  if (out.match == PairMatch::half_replaced && !found.digests.prompt && read_prompt(reading))
    out.found.digests.prompt = reading.found.digests.prompt;
  return out;
}

}  // namespace reeld
