#include "ledger/open_ledger.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "ledger/ledger_lock.hpp"
#include "ledger/spool_marker.hpp"
#include "sys/durable_file.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/passing_trouble.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

constexpr const char* hidden_folder = ".reeld";
constexpr mode_t ledger_folder_mode = 0755;
constexpr std::uintmax_t max_checked = 256U << 20U;  // a larger one is not read through at every start

LedgerRefusal refuse_text(std::string reason) {
  LedgerRefusal out;
  out.reason = std::move(reason);
  return out;
}

bool is_corrupt(const SqliteError& error) {
  const int code = error.code & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

fs::path hidden_folder_of(const LedgerPlace& place) {
  return fs::path(real_spool_path(place)) / hidden_folder;
}

/// Relative where it lies within the spool, and free of links.
std::string path_to_mark(const LedgerPlace& place, const fs::path& ledger) {
  const fs::path within = ledger.lexically_relative(real_spool_path(place));
  const bool is_within = !within.empty() && *within.begin() != "..";
  return is_within ? within.string() : ledger.string();
}

bool is_same_place(const fs::path& one, const fs::path& other) {
  std::error_code error;
  return fs::weakly_canonical(one, error) == fs::weakly_canonical(other, error);
}

/// Returns its new name.
std::variant<std::string, SysError> set_aside(const std::string& path) {
  std::string aside = path + ".corrupt-" + make_time_stamp(std::chrono::system_clock::now());
  for (const char* const suffix : {"", "-wal", "-shm"}) {
    if (::rename((path + suffix).c_str(), (aside + suffix).c_str()) != 0 && *suffix == '\0')
      return make_sys_error("set aside", path, errno);
  }
  return aside;
}

LedgerIdentity read_identity(Database& database) {
  if (database.read_number("PRAGMA user_version") == 0) return {};
  return read_ledger_identity(database);
}

/// A ledger by its header and tables may be broken further in.
LedgerIdentity read_through(Database& database, const std::string& path, LedgerDepth depth) {
  std::error_code error;
  if (depth == LedgerDepth::whole && fs::file_size(path, error) <= max_checked) {
    Statement check = database.prepare("PRAGMA quick_check(1)");
    if (check.step() && check.bytes(0) != "ok")
      throw SqliteError("read it through: " + check.bytes(0), SQLITE_CORRUPT);
  }
  return read_identity(database);
}

/// Read only. What is found broken is noted in `file`.
std::variant<std::optional<LedgerIdentity>, LedgerRefusal> look_into(const LedgerSite& site, LedgerFile& file,
                                                                     LedgerDepth depth) {
  if (file.kind == LedgerFile::Kind::missing || file.kind == LedgerFile::Kind::corrupt) return std::nullopt;
  if (file.kind == LedgerFile::Kind::unused) return LedgerIdentity{};
  try {
    Database database(site.path, Database::Access::read_only);
    require_same_file(database, file);
    return read_through(database, site.path, depth);
  } catch (const SqliteError& failure) {
    if (!is_corrupt(failure)) return refuse(failure);
    file.kind = LedgerFile::Kind::corrupt;
    file.damage = failure.what();
    return std::nullopt;
  }
}

std::string how_to_go_on(const LedgerFindings& found, const LedgerPlace& place) {
  return describe(found.match) + " (spool " + place.spool_path + ", ledger " + found.path +
         "). Nothing is sent. Put back what belongs there, or, after looking, say `reeld adopt`";
}

std::string how_to_mend(const LedgerFindings& found) {
  return "the ledger " + found.path + " is corrupt (" + found.file.damage +
         "). What only it knew might be bought again: restore a backup of it, or look at the spool and say "
         "`reeld adopt`, which sets it aside and begins with an empty one";
}

std::string how_to_find_it(const LedgerFindings& found, const LedgerPlace& place) {
  const std::string who = place.asked_path.empty() ? "$STATE_DIRECTORY" : "[ledger] path";
  return "the spool " + place.spool_path + " has its ledger at " + found.marked_elsewhere + ", and " + who +
         " says " + found.path +
         (found.match == LedgerMatch::strangers ? ", which belongs to another spool"
                                                : ", where there is none") +
         ". Nothing is sent. Set [ledger] path to the former, or move the ledger (with reeld stopped)";
}

/// Its name is durable before anything in it is relied on.
std::optional<SysError> make_folder(const LedgerPlace& place, const fs::path& folder) {
  if (::mkdir(folder.c_str(), ledger_folder_mode) != 0)
    return errno == EEXIST ? std::nullopt : std::optional(make_sys_error("create", folder.string(), errno));
  const bool is_within = folder.parent_path() == real_spool_path(place);
  return is_within ? sync_folder(place.spool_fd, place.spool_path) : std::nullopt;
}

/// The file that was looked at, or one that is made now and was not there.
std::unique_ptr<LedgerStore> open_store(const LedgerFindings& found) {
  LedgerFile file = found.file;
  if (file.kind == LedgerFile::Kind::missing) file = make_ledger_file(found.path);
  make_private(found.path);
  return std::make_unique<LedgerStore>(found.path, Database::Access::existing,
                                       [&file](Database& database) { require_same_file(database, file); });
}

LedgerIdentity tie_identity(LedgerStore& store, const LedgerFindings& found) {
  LedgerIdentity identity = store.reader().read_identity();
  if (identity.uuid.empty()) identity.uuid = found.marker ? found.marker->uuid : make_uuid();
  if (found.match == LedgerMatch::renumbered) store.renumber_device(identity.root.device, found.root.device);
  identity.root = found.root;
  store.write_identity(identity);
  return identity;
}

void tie(const LedgerPlace& place, const LedgerFindings& found, OpenLedger& out) {
  LedgerStore& store = *out.store;
  store.begin();
  LedgerIdentity identity = tie_identity(store, found);
  const bool is_adopted = found.marker && !may_serve(found.match);
  out.marker.generation = store.raise_generation(is_adopted ? found.marker->generation + 1 : 1);
  store.commit();
  out.marker.uuid = identity.uuid;
  out.marker.ledger = path_to_mark(place, found.path);
  if (auto error = write_marker(place.spool_fd, place.spool_path, out.marker))
    throw SqliteError(error->message, SQLITE_IOERR, error->code);
  identity.marked_generation = out.marker.generation;
  identity.root.hidden_born_ns = read_birth(place.spool_fd, hidden_folder);  // it may have been made just now
  store.begin();
  store.write_identity(identity);
  store.commit();
}

std::variant<OpenLedger, LedgerRefusal> open_and_tie(const LedgerPlace& place, const LedgerFindings& found,
                                                     UniqueFd lock) {
  OpenLedger out;
  out.path = found.path;
  out.lock = std::move(lock);
  if (!out.lock) {
    auto locked = lock_ledger(found.path);
    if (auto* const refusal = std::get_if<LedgerRefusal>(&locked)) return std::move(*refusal);
    out.lock = std::move(std::get<UniqueFd>(locked));
  }
  try {
    out.store = open_store(found);
    tie(place, found, out);
  } catch (const SqliteError& error) {
    return refuse(error);
  }
  return out;
}

std::optional<LedgerRefusal> find_fault(const LedgerPlace& place, const LedgerFindings& found) {
  if (found.match == LedgerMatch::corrupt) return refuse_text(how_to_mend(found));
  const bool is_misnamed = found.match == LedgerMatch::no_ledger || found.match == LedgerMatch::strangers;
  if (!found.marked_elsewhere.empty() && is_misnamed) return refuse_text(how_to_find_it(found, place));
  if (!may_serve(found.match)) return refuse_text(how_to_go_on(found, place));
  if (auto fault = find_network_fault(found.path)) return refuse_text(std::move(*fault));
  const fs::path folder = fs::path(found.path).parent_path();
  std::error_code error;
  if (folder != hidden_folder_of(place) && !fs::is_directory(folder, error))
    return refuse(make_sys_error("create the ledger", found.path, ENOENT));
  return std::nullopt;
}

/// The lock, where one is there to be taken: the ledger of a daemon that runs is not even looked at, for it
/// may be this process's own.
std::variant<UniqueFd, LedgerRefusal> lock_if_used(const LedgerPlace& place) {
  auto located = locate_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&located)) return std::move(*refusal);
  return lock_used_ledger(std::get<LedgerSite>(located));
}

}  // namespace

LedgerMatch match_again(const LedgerPlace& place, const LedgerSite& site,
                        const std::optional<LedgerIdentity>& identity) {
  MarkerLooks looks{site.marker, site.marker};
  auto again = read_marker(place.spool_fd, place.spool_path);
  if (auto* const marker = std::get_if<std::optional<SpoolMarker>>(&again)) looks.after = std::move(*marker);
  return match(looks, identity, site.root);
}

std::optional<std::string> find_network_fault(const std::string& ledger) {
  fs::path folder = fs::path(ledger).parent_path();
  if (folder.filename() == hidden_folder) folder = folder.parent_path();  // it may not be there yet
  const UniqueFd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return std::nullopt;  // opening the ledger will say so
  const auto kind = find_file_system_kind(fd.get(), folder.string());
  const auto* const found = std::get_if<FileSystemKind>(&kind);
  if (found == nullptr || !found->hides_remote_writers) return std::nullopt;
  return "the ledger's folder " + folder.string() + " is on " + std::string(found->name) +
         ", a network file system, where it cannot be kept safe; set [ledger] path to a local disk";
}

std::variant<LedgerFindings, LedgerRefusal> find_ledger(const LedgerPlace& place, LedgerDepth depth) {
  auto located = locate_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&located)) return std::move(*refusal);
  auto& site = std::get<LedgerSite>(located);
  auto inspected = inspect_ledger(site);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&inspected)) return std::move(*refusal);
  LedgerFindings out;
  out.file = std::move(std::get<LedgerFile>(inspected));
  auto identity = look_into(site, out.file, depth);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&identity)) return std::move(*refusal);
  out.identity = std::move(std::get<std::optional<LedgerIdentity>>(identity));
  out.match = out.file.kind == LedgerFile::Kind::corrupt ? LedgerMatch::corrupt
              : site.is_damaged                          ? LedgerMatch::damaged
                                                         : match_again(place, site, out.identity);
  out.path = std::move(site.path);
  out.marker = std::move(site.marker);
  out.root = site.root;
  if (out.marker && !is_same_place(out.path, site.marked_path))
    out.marked_elsewhere = std::move(site.marked_path);
  return out;
}

std::optional<LedgerRefusal> find_fault_with(const LedgerPlace& place) {
  auto found = find_ledger(place, LedgerDepth::identity);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&found)) return std::move(*refusal);
  return find_fault(place, std::get<LedgerFindings>(found));
}

std::variant<OpenLedger, LedgerRefusal> open_ledger(const LedgerPlace& place) {
  auto lock = lock_if_used(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&lock)) return std::move(*refusal);
  auto found = find_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&found)) return std::move(*refusal);
  const auto& findings = std::get<LedgerFindings>(found);
  if (auto fault = find_fault(place, findings)) return std::move(*fault);
  const fs::path folder = fs::path(findings.path).parent_path();
  if (findings.match == LedgerMatch::fresh && folder == hidden_folder_of(place)) {
    if (const auto error = make_folder(place, folder)) return refuse(*error);
  }
  return open_and_tie(place, findings, std::move(std::get<UniqueFd>(lock)));
}

std::variant<OpenLedger, LedgerRefusal> adopt_ledger(const LedgerPlace& place) {
  auto lock = lock_if_used(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&lock)) return std::move(*refusal);
  auto found = find_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&found)) return std::move(*refusal);
  auto& findings = std::get<LedgerFindings>(found);
  const fs::path folder = fs::path(findings.path).parent_path();
  if (const auto error = make_folder(place, folder)) return refuse(*error);
  std::string set_aside_as;
  if (findings.match == LedgerMatch::corrupt) {
    const auto aside = set_aside(findings.path);
    if (const auto* const error = std::get_if<SysError>(&aside)) return refuse(*error);
    findings.file = {};
    set_aside_as = std::get<std::string>(aside);
  }
  auto adopted = open_and_tie(place, findings, std::move(std::get<UniqueFd>(lock)));
  if (auto* const ledger = std::get_if<OpenLedger>(&adopted)) ledger->set_aside = std::move(set_aside_as);
  return adopted;
}

}  // namespace reeld
