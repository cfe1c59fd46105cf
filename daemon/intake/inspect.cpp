#include "intake/inspect.hpp"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <set>

#include "codec/known_fields.hpp"
#include "codec/prompt.hpp"
#include "codec/text_encoding.hpp"
#include "core/spool_name.hpp"
#include "image/fd_reader.hpp"
#include "image/image.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/folder_access.hpp"
#include "sys/folder_reader.hpp"
#include "sys/lease.hpp"
#include "sys/read_file.hpp"
#include "sys/safe_open.hpp"

namespace reeld {
namespace {

bool is_absence(int code) {
  return code == ENOENT || code == ENOTDIR || code == ELOOP;
}

LookTrouble to_trouble(const SysError& error) {
  const bool is_no_file = error.code == ELOOP || error.code == EINVAL || error.code == ENXIO;
  const std::string advice = is_no_file ? "; put a regular file in its place, links are not followed" : "";
  return {error.code == EACCES || error.code == EPERM, error.message + advice, is_no_file};
}

// The file's status; nullopt if there is none of that name, or it is a folder. Where nobody can tell (a
// network file system that is away), it may be there all the same: that is trouble, and tried again.
std::optional<FileStatus> find_file(int folder_fd, const std::string& name, StemReport& report,
                                    std::string* folder_there = nullptr) {
  const auto answer = look_up_status(folder_fd, name);
  if (answer.code == 0 && !answer.status.is_folder) return answer.status;
  if (answer.code == 0 && folder_there != nullptr) *folder_there = name;
  const bool is_known_not_to_be =
      answer.code == 0 || answer.code == ENOENT || answer.code == ENOTDIR || answer.code == ENAMETOOLONG;
  if (!is_known_not_to_be && !report.trouble) {
    const auto error = make_sys_error("look at", join_path(report.job.folder, name), answer.code);
    report.trouble = LookTrouble{false, error.message, false};
  }
  return std::nullopt;
}

/// `folder_there`: the name of one that a folder has.
bool has_any_result(int folder_fd, StemReport& report, std::string& folder_there) {
  const auto names = result_names(report.job.stem);
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    return find_file(folder_fd, name, report, &folder_there).has_value();
  });
}

/// What is paid for must have a place to go, and no file can replace a folder.
LookTrouble explain_folder(const std::string& path) {
  return {true, path + " is a folder, where a result would have to be written; rename it", false};
}

std::size_t count_prompts(const std::vector<FileReport>& files) {
  const auto is_prompt = [](const FileReport& file) { return file.is_prompt; };
  return static_cast<std::size_t>(std::count_if(files.begin(), files.end(), is_prompt));
}

void find_inputs(int folder_fd, const std::vector<std::string>& names, StemReport& report) {
  for (const auto& name : names) {
    const auto status = find_file(folder_fd, name, report);
    if (report.trouble) return;
    if (!status) continue;
    const bool is_prompt = classify_name(name).kind == NameKind::prompt;
    report.files.push_back({name, is_prompt, status->identity, status->links > 1, Writers::unknown});
  }
}

// Where names are compared without case, every spelling of a name finds its file: keep those that the folder
// lists.
void keep_listed(int folder_fd, std::vector<FileReport>& files) {
  std::set<std::string, std::less<>> listed;
  FolderReader reader(folder_fd);
  while (const auto entry = reader.next()) {
    const auto is_same = [&](const FileReport& file) { return file.name == entry->name; };
    if (std::any_of(files.begin(), files.end(), is_same)) listed.emplace(entry->name);
  }
  if (reader.error() != 0) return;
  std::erase_if(files, [&](const FileReport& file) { return !listed.contains(file.name); });
}

std::vector<std::string> names_to_ask(const StemQuery& query) {
  if (query.search == NameSearch::known) return query.names;
  if (query.search == NameSearch::all) return possible_input_names(query.job.stem);
  auto names = usual_input_names(query.job.stem);
  for (const auto& name : query.names) {
    if (!is_usual_input_name(name)) names.push_back(name);
  }
  return names;
}

bool is_pair(const std::vector<FileReport>& files) {
  return files.size() == 2 && count_prompts(files) == 1;
}

Writers ask_writers(int fd, bool may_ask) {
  if (!may_ask) return Writers::unknown;
  switch (probe_writers(fd)) {
    case LeaseAnswer::nobody_writes:
      return Writers::none;
    case LeaseAnswer::being_written:
      return Writers::some;
    case LeaseAnswer::cannot_tell:
      break;
  }
  return Writers::unknown;
}

void check_image(int fd, const FileReport& file, const InspectRules& rules, StemReport& report) {
  if (file.identity.size == 0) return;
  if (file.identity.size > rules.max_image.count) {
    report.image_check = ImageCheck::complete;
    return;
  }
  FdReader reader(fd, file.identity.size);
  auto image = inspect_image(reader);
  switch (image.state) {
    case ImageState::complete:
      report.image_check = ImageCheck::complete;
      break;
    case ImageState::truncated:
      report.image_check = ImageCheck::truncated;
      break;
    case ImageState::unknown:
      report.image_check = ImageCheck::ill_formed;
      break;
  }
  if (image.state != ImageState::complete) report.image_reason = file.name + ": " + image.reason;
}

/// Names of fields that look mistyped. What is wrong with the prompt, the snapshot says.
std::string list_slips_of(std::string_view prompt, const JobFields& folders, const FieldNames& names) {
  const PromptResult read = read_prompt(prompt, names);
  const auto* const file = std::get_if<PromptFile>(&read);
  if (file == nullptr) return "";
  std::string note;
  for (const std::string& slip : list_slips(overlay(folders, file->fields), names))
    note += (note.empty() ? "" : " ") + slip;
  return note;
}

/// What a look at a pair's files has to know besides them.
struct PairContext {
  InspectRules rules;
  const JobFields& folders;  // the fields that its folders set
  const FieldNames& names;
};

/// A larger one the snapshot refuses with a better reason.
void check_prompt(int fd, const FileReport& file, const PairContext& context, StemReport& report) {
  const InspectRules& rules = context.rules;
  if (file.identity.size == 0 || file.identity.size > rules.max_prompt.count) return;
  const auto text = read_bytes(fd, file.identity.size);
  if (!text) return;  // it changed meanwhile, and will be looked at again
  const std::string why = describe_unwritten(*text);
  if (!why.empty()) report.unfinished_prompt = file.name + ": " + why;
  report.note = list_slips_of(*text, context.folders, context.names);
}

void look_into(int folder_fd, FileReport& file, const PairContext& context, StemReport& report) {
  auto opened = open_file_beneath(folder_fd, file.name);
  if (const auto* const error = std::get_if<SysError>(&opened)) {
    // Another process holds a lease on it, which is how file servers hold what they are writing.
    if (error->code == EAGAIN) file.writers = Writers::some;
    if (error->code != EAGAIN) report.trouble = to_trouble(*error);
    return;
  }
  const auto& open = std::get<OpenFile>(opened);
  file.identity = open.identity;
  file.writers = ask_writers(open.fd.get(), context.rules.asks_leases);
  if (file.is_prompt) check_prompt(open.fd.get(), file, context, report);
  if (!file.is_prompt) check_image(open.fd.get(), file, context.rules, report);
}

void look_into_pair(int folder_fd, PairContext context, StemReport& report) {
  const auto kind = find_file_system_kind(folder_fd, report.job.folder);
  const auto* const known = std::get_if<FileSystemKind>(&kind);
  report.keeps_stamps = known != nullptr && known->keeps_stamps;
  // A lease there says nothing of other machines.
  report.hides_remote_writers = known == nullptr || known->hides_remote_writers;
  if (report.hides_remote_writers) context.rules.asks_leases = false;
  for (auto& file : report.files) {
    try {
      look_into(folder_fd, file, context, report);
    } catch (const std::exception& failure) {
      report.trouble = LookTrouble{false, file.name + ": " + failure.what(), false};
    }
    if (report.trouble) return;
  }
}

std::optional<FolderHindrance> ask_for_hindrance(int folder_fd, const std::string& path) {
  const int code = find_hindrance(folder_fd);
  if (code == 0) return std::nullopt;
  return FolderHindrance{make_sys_error("write into the folder", path, code).message,
                         describe_cure(folder_fd, path, code)};
}

bool is_expected(const StemQuery& query, const std::vector<FileReport>& files) {
  if (!query.expected) return false;
  const auto& prompt = files[0].is_prompt ? files[0] : files[1];
  const auto& image = files[0].is_prompt ? files[1] : files[0];
  return PairIdentity{prompt.identity, image.identity} == *query.expected;
}

}  // namespace

std::optional<SysError> StemInspector::open_folder(const std::string& path) {
  if (folder_path_ == path) return std::nullopt;
  auto opened = open_folder_beneath(root_fd_, path);
  if (const auto* const error = std::get_if<SysError>(&opened)) return *error;
  folder_ = std::move(std::get<UniqueFd>(opened));
  folder_path_ = path;
  neighbours_.reset();
  parameters_.reset();
  return std::nullopt;
}

bool StemInspector::may_be_settled(const StemQuery& query) const {
  return query.may_be_settled && query.search == NameSearch::known && rules_.open_settled;
}

/// A job that was done with costs no more than a look at its files' stamps: neither is opened.
std::shared_ptr<const Recognition> StemInspector::find_settled(const StemReport& report) {
  if (!settled_) settled_ = rules_.open_settled();
  if (!*settled_) return nullptr;
  ReadyPair pair;
  pair.job = report.job;
  for (const auto& file : report.files) {
    (file.is_prompt ? pair.prompt_name : pair.image_name) = file.name;
    (file.is_prompt ? pair.identity.prompt : pair.identity.image) = file.identity;
  }
  return (*settled_)(pair);
}

/// Of folders with more names than this none is told: each such look would read them all.
constexpr std::size_t max_names_for_neighbours = 10'000;

std::string StemInspector::describe_neighbours(const StemReport& report) {
  if (!neighbours_) {
    neighbours_.emplace();
    FolderReader reader(folder_.get());
    reader.rewind();
    std::size_t names = 0;
    while (const auto entry = reader.next()) {
      if (entry->kind != EntryKind::folder) neighbours_->add(entry->name);
      if (++names > max_names_for_neighbours) {
        neighbours_.emplace();
        break;
      }
    }
  }
  return neighbours_->describe(report.job.stem,
                               report.files.front().is_prompt ? MissingHalf::image : MissingHalf::prompt);
}

/// Whether the pair's parameters can be had from its folders; if not, the report says why.
bool StemInspector::read_settings(const StemQuery& query, StemReport& report) {
  static const auto defaults = std::make_shared<const FieldRules>();
  const auto& fields = query.fields ? query.fields : defaults;
  if (!parameters_ || fields_ != fields) {
    parameters_ = resolve_parameters(root_fd_, fields->job, query.job.folder, {}, fields->names);
    fields_ = fields;
  }
  if (const auto* const unreadable = std::get_if<UnreadableSettings>(&*parameters_))
    report.misconfigured = *unreadable;
  if (const auto* const error = std::get_if<SysError>(&*parameters_))
    report.trouble = LookTrouble{false, error->message, false};
  report.has_settings = !report.misconfigured && !report.trouble;
  return report.has_settings;
}

StemReport StemInspector::inspect(const StemQuery& query) {
  StemReport report;
  report.job = query.job;
  report.ticket = query.ticket;
  if (const auto error = open_folder(query.job.folder)) {
    if (!is_absence(error->code)) report.trouble = to_trouble(*error);
    return report;
  }
  const int folder_fd = folder_.get();
  // First: about what is settled nothing else has to be known, and there may be a million of them.
  const bool asks_settled = may_be_settled(query);
  if (asks_settled) {
    find_inputs(folder_fd, query.names, report);
    if (!report.trouble && is_pair(report.files)) report.settled = find_settled(report);
    if (report.settled) return report;
  }
  std::string folder_there;
  report.has_result = has_any_result(folder_fd, report, folder_there);
  if (report.has_result) report.trouble.reset();  // one that is seen is enough
  // A folder that may be read and not searched takes no results either.
  if (report.trouble)
    report.hindrance = ask_for_hindrance(folder_fd, join_path(rules_.spool, query.job.folder));
  if ((report.has_result && !query.is_late) || report.trouble) {
    report.files.clear();  // nobody has asked for what lies beside a result
    return report;
  }
  if (!asks_settled) find_inputs(folder_fd, names_to_ask(query), report);
  if (report.has_result && report.trouble.has_value()) {
    report.trouble.reset();  // a pair that has its result needs nothing
    report.files.clear();
  }
  if (report.trouble || report.has_result) return report;
  const auto prompts = count_prompts(report.files);
  if (query.search != NameSearch::known && (prompts > 1 || report.files.size() - prompts > 1))
    keep_listed(folder_fd, report.files);
  if (query.wants_neighbours && report.files.size() == 1) report.neighbours = describe_neighbours(report);
  if (!is_pair(report.files)) return report;
  if (!folder_there.empty()) {
    report.trouble = explain_folder(join_path(query.job.folder, folder_there));
    return report;
  }
  report.is_unchanged = is_expected(query, report.files);
  if (report.is_unchanged) return report;
  report.hindrance = ask_for_hindrance(folder_fd, join_path(rules_.spool, query.job.folder));
  if (report.hindrance || !read_settings(query, report)) return report;
  // What is valid TOML, and says what it must not, the snapshot refuses.
  static const JobFields none;
  const auto* const folders = std::get_if<JobFields>(&*parameters_);
  look_into_pair(folder_fd, {rules_, folders == nullptr ? none : *folders, fields_->names}, report);
  return report;
}

}  // namespace reeld
