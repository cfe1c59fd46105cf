#include "commands/check/check_pairs.hpp"

#include <fcntl.h>

#include <algorithm>
#include <map>
#include <optional>
#include <ostream>

#include "codec/known_fields.hpp"
#include "codec/neighbours.hpp"
#include "core/spool_name.hpp"
#include "core/utf8.hpp"
#include "settings/units.hpp"
#include "spool/parameters.hpp"
#include "spool/snapshot.hpp"
#include "sys/folder_access.hpp"
#include "sys/folder_reader.hpp"
#include "sys/lease.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

constexpr std::string_view indent = "              ";

std::string join_names(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + make_printable(name);
  return list;
}

std::string describe_image(const ImageReport& image) {
  const std::string type(media_type_of(*image.type));
  if (image.width == 0 || image.height == 0) return type + " of unknown size in pixels";
  return type + " of " + std::to_string(image.width) + "x" + std::to_string(image.height) + " pixels";
}

std::string describe_half(const std::string& stem, const StemFiles& files, const NeighbourIndex& neighbours) {
  const bool lacks_prompt = files.prompts.empty();
  const std::string beside =
      neighbours.describe(stem, lacks_prompt ? MissingHalf::prompt : MissingHalf::image);
  const std::string half = lacks_prompt ? join_names(files.images) + " has no prompt"
                                        : join_names(files.prompts) + " has no image";
  return beside.empty() ? half : half + "; " + make_printable(beside, 2000);
}

/// What lies beside the folder's half pairs; nothing where there are none. What belongs to whole ones is left
/// out, for it may be a million names.
NeighbourIndex read_neighbours(int folder_fd, const FolderListing& listing) {
  NeighbourIndex index;
  const auto is_half = [](const auto& entry) { return judge(entry.first, entry.second) == StemState::half; };
  if (std::ranges::none_of(listing.stems, is_half)) return index;
  FolderReader reader(folder_fd);
  reader.rewind();
  while (const auto entry = reader.next()) {
    const auto known = listing.stems.find(std::string(classify_name(entry->name).stem));
    const bool is_of_a_pair = known != listing.stems.end() && !is_half(*known);
    if (entry->kind != EntryKind::folder && !is_of_a_pair) index.add(entry->name);
  }
  return index;
}

class PairsCheck {
 public:
  PairsCheck(const Settings& settings, int spool_fd, const KnownPairs& known, std::ostream& out,
             CheckReport& report)
      : settings_(settings),
        spool_fd_(spool_fd),
        known_(known),
        out_(out),
        report_(report),
        ignored_(settings.spool.ignore) {}

  void look_into(const std::string& folder);
  void say_counts();

 private:
  void look_at(const JobName& job, const StemFiles& files, const NeighbourIndex& neighbours);
  void look_at_pair(const JobName& job, const StemFiles& files);
  void say(std::string_view word, const JobName& job, std::string_view text);
  std::optional<std::string> describe_hindrance(const std::string& folder);
  std::optional<std::string> find_unreadable_settings(const std::string& folder);
  void say_what_would_be_sent(const JobName& job, const Snapshot& snapshot);
  std::variant<PairIdentity, SysError> identify_pair(const std::string& prompt, const std::string& image);

  const Settings& settings_;
  int spool_fd_;
  const KnownPairs& known_;
  std::ostream& out_;
  CheckReport& report_;
  IgnoredFolders ignored_;
  std::map<std::string, std::size_t, std::less<>> counts_;
};

void PairsCheck::say(std::string_view word, const JobName& job, std::string_view text) {
  ++counts_[std::string(word)];
  report_.say(word, make_printable(job.text(), 1000) + (text.empty() ? "" : ": ") + std::string(text));
}

void PairsCheck::say_what_would_be_sent(const JobName& job, const Snapshot& snapshot) {
  say("ready", job, "");
  const std::size_t characters = count_characters(snapshot.prompt).value_or(0);
  out_ << indent << "prompt of " << characters << (characters == 1 ? " character; " : " characters; ")
       << describe_image(snapshot.image) << ", " << snapshot.image_file.identity.size << " bytes, as "
       << settings_.api.fields.image << '\n';
  std::string fields;
  for (const JobField& field : snapshot.fields) {
    if (field.value.empty()) continue;
    fields += (fields.empty() ? "" : ", ") + make_printable(field.name, 80) + " = \"" +
              make_printable(field.value, 200) + "\"";
  }
  out_ << indent << (fields.empty() ? "no other fields" : fields) << '\n';
  for (const std::string& slip : list_slips(snapshot.fields, settings_.api.fields))
    out_ << indent << "note: " << make_printable(slip, 200) << '\n';
  if (!snapshot.size_note.empty()) out_ << indent << "note: " << snapshot.size_note << '\n';
}

// Both files' identities; an error, too, where somebody is still writing to one of them.
std::variant<PairIdentity, SysError> PairsCheck::identify_pair(const std::string& prompt,
                                                               const std::string& image) {
  PairIdentity identity;
  for (const auto& [path, into] : {std::pair(prompt, &identity.prompt), std::pair(image, &identity.image)}) {
    auto opened = open_file_beneath(spool_fd_, path);
    if (auto* error = std::get_if<SysError>(&opened)) return std::move(*error);
    const auto& file = std::get<OpenFile>(opened);
    if (file.identity.size == 0) return SysError{EAGAIN, path + " is empty"};
    if (probe_writers(file.fd.get()) == LeaseAnswer::being_written)
      return SysError{EAGAIN, path + " is being written"};
    *into = file.identity;
  }
  return identity;
}

// Why no result can be written there, and what to do.
std::optional<std::string> PairsCheck::describe_hindrance(const std::string& folder) {
  const auto opened = open_folder_beneath(spool_fd_, folder);
  const auto* const fd = std::get_if<UniqueFd>(&opened);
  const int hindrance = fd == nullptr ? 0 : find_hindrance(fd->get());
  if (hindrance == 0) return std::nullopt;
  return "results cannot be written into its folder, so it is not sent: " +
         make_printable(describe_cure(fd->get(), join_path(settings_.spool.path, folder), hindrance), 2000);
}

// Why its folder's reeld.toml, or that of one above, cannot be read.
std::optional<std::string> PairsCheck::find_unreadable_settings(const std::string& folder) {
  const Parameters read = resolve_parameters(spool_fd_, {}, folder, {}, settings_.api.fields);
  const auto* const unreadable = std::get_if<UnreadableSettings>(&read);
  if (unreadable == nullptr) return std::nullopt;
  return "it waits until this file is mended or removed: " + make_printable(unreadable->reason, 1000);
}

void PairsCheck::look_at_pair(const JobName& job, const StemFiles& files) {
  if (const auto hindrance = describe_hindrance(job.folder)) return say("unwritable", job, *hindrance);
  if (const auto fault = find_unreadable_settings(job.folder)) return say("settings", job, *fault);
  const std::string prompt = join_path(job.folder, files.prompts.front());
  const std::string image = join_path(job.folder, files.images.front());
  const auto identity = identify_pair(prompt, image);
  if (const auto* error = std::get_if<SysError>(&identity)) {
    return say(error->code == EAGAIN ? "incomplete" : "bad", job, make_printable(error->message));
  }
  ReadyPair pair;
  pair.job = job;
  pair.prompt_name = files.prompts.front();
  pair.image_name = files.images.front();
  pair.identity = std::get<PairIdentity>(identity);
  if (const auto known = known_.find(pair)) return say("known", job, describe(*known, job));
  const SnapshotResult taken =
      take_snapshot(spool_fd_, pair, settings_.job, settings_.spool, settings_.api.fields, 0);
  if (const auto* snapshot = std::get_if<Snapshot>(&taken)) return say_what_would_be_sent(job, *snapshot);
  if (const auto* stale = std::get_if<SnapshotStale>(&taken))
    return say("incomplete", job, make_printable(stale->reason, 1000));
  if (const auto* refusal = std::get_if<SnapshotRefusal>(&taken))
    return say("bad", job, make_printable(refusal->reason, 1000));
  say("bad", job, make_printable(std::get<SnapshotFailure>(taken).reason, 1000));
}

void PairsCheck::look_at(const JobName& job, const StemFiles& files, const NeighbourIndex& neighbours) {
  switch (judge(job.stem, files)) {
    case StemState::nothing:
      return;
    case StemState::finished:
      return say("finished", job, join_names(files.results));
    case StemState::ambiguous:
      return say("ambiguous", job,
                 join_names(files.prompts) + (files.prompts.empty() || files.images.empty() ? "" : ", ") +
                     join_names(files.images));
    case StemState::half:
      return say("half", job, describe_half(job.stem, files, neighbours));
    case StemState::conflict:
      return say("conflict", job, "a conflict copy, by its name; rename it if it is wanted");
    case StemState::unnameable:
      return say("bad", job, "the name is too long for its results' names; make it shorter");
    case StemState::candidate:
      return look_at_pair(job, files);
  }
}

void PairsCheck::look_into(const std::string& folder) {
  const std::string path = join_path(settings_.spool.path, folder);
  auto opened = open_folder_beneath(spool_fd_, folder);
  if (const auto* error = std::get_if<SysError>(&opened)) return report_.complain(error->message);
  UniqueFd& fd = std::get<UniqueFd>(opened);
  const auto listed = list_stems(fd.get(), path, ignored_);
  if (const auto* error = std::get_if<SysError>(&listed)) return report_.complain(error->message);
  const auto& listing = std::get<FolderListing>(listed);
  const NeighbourIndex neighbours = read_neighbours(fd.get(), listing);
  fd.reset();  // not one for each level of a deep tree
  for (const auto& [stem, files] : listing.stems) look_at({folder, stem}, files, neighbours);
  if (!settings_.spool.recursive) return;
  for (const std::string& name : listing.folders) look_into(join_path(folder, name));
}

void PairsCheck::say_counts() {
  std::string text;
  for (const std::string_view word : {"ready", "known", "half", "ambiguous", "conflict", "incomplete",
                                      "unwritable", "settings", "bad", "finished"}) {
    const auto found = counts_.find(word);
    if (found == counts_.end()) continue;
    text += (text.empty() ? "" : ", ") + std::to_string(found->second) + " " + std::string(word);
  }
  report_.say("pairs", text.empty() ? "none" : text + "; nothing was sent");
}

}  // namespace

void check_pairs(const Settings& settings, const KnownPairs& known, std::ostream& out, CheckReport& report) {
  const UniqueFd spool(::open(settings.spool.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!spool) return;
  PairsCheck check(settings, spool.get(), known, out, report);
  check.look_into("");
  check.say_counts();
}

}  // namespace reeld
