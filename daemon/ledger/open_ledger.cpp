#include "ledger/open_ledger.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <filesystem>

#include "ledger/spool_marker.hpp"
#include "sys/durable_file.hpp"
#include "sys/file_status.hpp"
#include "sys/file_system_kind.hpp"
#include "sys/passing_trouble.hpp"
#include "sys/time_stamp.hpp"

namespace reeld {
namespace {

namespace fs = std::filesystem;

constexpr const char* ledger_name = "ledger.db";
constexpr const char* hidden_folder = ".reeld";
constexpr mode_t ledger_folder_mode = 0755;
constexpr mode_t lock_mode = 0644;
constexpr std::uintmax_t most_checked = 256U << 20U;  // a larger one is not read through at every start

bool is_corrupt(const SqliteError& error) {
  const int code = error.code & 0xff;
  return code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
}

LedgerRefusal refuse(const SysError& error) {
  return {error.message, false, may_pass(error.code)};
}

LedgerRefusal refuse(const SqliteError& error) {
  const int code = error.code & 0xff;
  const bool is_disk =
      code == SQLITE_FULL || code == SQLITE_IOERR || code == SQLITE_BUSY || code == SQLITE_READONLY;
  return {error.what(), false, is_disk || may_pass(error.system_code)};
}

/// The spool's own path, free of links: the marker may be read by anyone from anywhere.
fs::path real_path(const LedgerPlace& place) {
  std::error_code error;
  const fs::path path = fs::canonical(place.spool_path, error);
  return error ? fs::path(place.spool_path) : path;
}

fs::path default_path(const LedgerPlace& place) {
  if (!place.asked_path.empty()) return fs::absolute(place.asked_path);
  if (!place.state_dir.empty())
    return fs::path(place.state_dir.substr(0, place.state_dir.find(':'))) / ledger_name;
  return real_path(place) / hidden_folder / ledger_name;
}

fs::path marked_path(const LedgerPlace& place, const SpoolMarker& marker) {
  const fs::path path(marker.ledger);
  return path.is_absolute() ? path : real_path(place) / path;
}

std::string path_to_mark(const LedgerPlace& place, const fs::path& ledger) {
  const fs::path within = ledger.lexically_relative(real_path(place));
  const bool is_within = !within.empty() && *within.begin() != "..";
  return is_within ? within.string() : ledger.string();
}

bool is_same_place(const fs::path& one, const fs::path& other) {
  std::error_code error;
  return fs::weakly_canonical(one, error) == fs::weakly_canonical(other, error);
}

std::string set_aside(const fs::path& path) {
  const std::string aside = path.string() + ".corrupt-" + make_time_stamp(std::chrono::system_clock::now());
  for (const char* const suffix : {"", "-wal", "-shm"}) {
    std::error_code error;
    fs::rename(path.string() + suffix, aside + suffix, error);
    if (error && *suffix == '\0') return {};
  }
  return aside;
}

std::variant<std::optional<LedgerIdentity>, LedgerRefusal> look_into(const fs::path& path) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (status.type() == fs::file_type::not_found) return std::nullopt;
  if (error) return refuse(make_sys_error("open the ledger", path.string(), error.value()));
  try {
    Database database(path.string(), Database::Access::read_write);
    if (fs::file_size(path, error) <= most_checked) {
      Statement check = database.prepare("PRAGMA quick_check(1)");
      if (check.step() && check.bytes(0) != "ok")
        throw SqliteError("read it through: " + check.bytes(0), SQLITE_CORRUPT);
    }
    if (database.read_number("PRAGMA user_version") == 0) return LedgerIdentity{};
    return LedgerReader(database).read_identity();
  } catch (const SqliteError& failure) {
    if (!is_corrupt(failure)) return refuse(failure);
    const std::string aside = set_aside(path);
    return LedgerRefusal{
        "the ledger " + path.string() + " is corrupt (" + failure.what() + ")" +
        (aside.empty() ? "; it could not be set aside" : "; it was set aside as " + aside) +
        ". What only it knew might be bought again: restore a backup of it, or look at the spool and say "
        "`reeld "
        "adopt` to begin with an empty one"};
  }
}

std::string how_to_go_on(const LedgerFindings& found, const LedgerPlace& place) {
  return describe(found.match) + " (spool " + place.spool_path + ", ledger " + found.path +
         "). Nothing is sent. Put back what belongs there, or, after looking, say `reeld adopt`";
}

std::string how_to_find_it(const LedgerFindings& found, const LedgerPlace& place) {
  return "the spool " + place.spool_path + " has its ledger at " + found.marked_elsewhere +
         ", and [ledger] path says " + found.path +
         ", where there is none. Nothing is sent. Set [ledger] path to the former, or move the ledger (with "
         "reeld "
         "stopped)";
}

std::variant<UniqueFd, LedgerRefusal> lock_ledger(const std::string& path) {
  const std::string lock_path = path + ".lock";
  UniqueFd fd(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, lock_mode));
  if (!fd) return refuse(make_sys_error("open", lock_path, errno));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  return LedgerRefusal{"the ledger " + path + " is in use by another reeld", true};
}

/// Its name is durable before anything in it is relied on.
std::optional<SysError> make_folder(const LedgerPlace& place, const fs::path& folder) {
  if (::mkdir(folder.c_str(), ledger_folder_mode) != 0)
    return errno == EEXIST ? std::nullopt : std::optional(make_sys_error("create", folder.string(), errno));
  const bool is_within = folder.parent_path() == real_path(place);
  return is_within ? sync_folder(place.spool_fd, place.spool_path) : std::nullopt;
}

std::variant<OpenLedger, LedgerRefusal> tie(const LedgerPlace& place, const LedgerFindings& found) {
  OpenLedger out;
  out.path = found.path;
  auto lock = lock_ledger(found.path);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&lock)) return std::move(*refusal);
  out.lock = std::move(std::get<UniqueFd>(lock));
  try {
    out.store = std::make_unique<LedgerStore>(found.path);
    LedgerIdentity identity = out.store->reader().read_identity();
    if (identity.uuid.empty()) identity.uuid = found.marker ? found.marker->uuid : make_uuid();
    const std::uint64_t old_device = identity.root.device;
    const bool is_renumbered = found.match == LedgerMatch::renumbered;
    identity.root = found.root;
    out.store->begin();
    if (is_renumbered) out.store->renumber_device(old_device, found.root.device);
    out.store->write_identity(identity);
    do {
      out.marker.generation = out.store->raise_generation();
    } while (found.marker && out.marker.generation <= found.marker->generation && !may_serve(found.match));
    out.store->commit();
    out.marker.uuid = identity.uuid;
    out.marker.ledger = path_to_mark(place, found.path);
    if (auto error = write_marker(place.spool_fd, place.spool_path, out.marker)) return refuse(*error);
    identity.marked_generation = out.marker.generation;
    identity.root.hidden_born_ns =
        read_birth(place.spool_fd, hidden_folder);  // it may have been made just now
    out.store->begin();
    out.store->write_identity(identity);
    out.store->commit();
  } catch (const SqliteError& error) {
    return refuse(error);
  }
  return out;
}

}  // namespace

std::variant<LedgerSite, LedgerRefusal> locate_ledger(const LedgerPlace& place) {
  LedgerSite out;
  struct ::stat status {};
  if (::fstat(place.spool_fd, &status) != 0)
    return refuse(make_sys_error("look at", place.spool_path, errno));
  out.root = {status.st_dev, status.st_ino, read_birth(place.spool_fd, hidden_folder)};
  auto marker = read_marker(place.spool_fd, place.spool_path);
  if (auto* const error = std::get_if<SysError>(&marker)) {
    out.is_damaged = error->code == EBADMSG;
    if (!out.is_damaged) return refuse(*error);
    if (!place.adopts)
      return LedgerRefusal{
          error->message +
          ". Nothing is sent. Put it back from a backup, or, after looking, say `reeld adopt`"};
  } else {
    out.marker = std::move(std::get<std::optional<SpoolMarker>>(marker));
  }
  if (out.marker) out.marked_path = marked_path(place, *out.marker).string();
  out.path = out.marker && place.asked_path.empty() ? out.marked_path : default_path(place).string();
  return out;
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

std::variant<LedgerFindings, LedgerRefusal> find_ledger(const LedgerPlace& place) {
  auto located = locate_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&located)) return std::move(*refusal);
  auto& site = std::get<LedgerSite>(located);
  auto identity = look_into(site.path);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&identity)) return std::move(*refusal);
  LedgerFindings out;
  out.path = std::move(site.path);
  out.marker = std::move(site.marker);
  out.identity = std::move(std::get<std::optional<LedgerIdentity>>(identity));
  out.root = site.root;
  if (out.marker && !is_same_place(out.path, site.marked_path))
    out.marked_elsewhere = std::move(site.marked_path);
  out.match = site.is_damaged ? LedgerMatch::damaged : match(out.marker, out.identity, out.root);
  return out;
}

std::variant<OpenLedger, LedgerRefusal> open_ledger(const LedgerPlace& place) {
  auto found = find_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&found)) return std::move(*refusal);
  const auto& findings = std::get<LedgerFindings>(found);
  if (!findings.marked_elsewhere.empty() && findings.match == LedgerMatch::no_ledger)
    return LedgerRefusal{how_to_find_it(findings, place)};
  if (!may_serve(findings.match)) return LedgerRefusal{how_to_go_on(findings, place)};
  if (auto fault = find_network_fault(findings.path)) return LedgerRefusal{std::move(*fault)};
  const fs::path folder = fs::path(findings.path).parent_path();
  if (findings.match == LedgerMatch::fresh && folder == real_path(place) / hidden_folder) {
    if (const auto error = make_folder(place, folder)) return refuse(*error);
  }
  return tie(place, findings);
}

std::variant<OpenLedger, LedgerRefusal> adopt_ledger(const LedgerPlace& place) {
  auto found = find_ledger(place);
  if (auto* const refusal = std::get_if<LedgerRefusal>(&found)) return std::move(*refusal);
  const auto& findings = std::get<LedgerFindings>(found);
  const fs::path folder = fs::path(findings.path).parent_path();
  if (const auto error = make_folder(place, folder)) return refuse(*error);
  return tie(place, findings);
}

}  // namespace reeld
