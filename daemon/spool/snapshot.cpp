#include "spool/snapshot.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <optional>
#include <span>
#include <system_error>

#include "codec/prompt.hpp"
#include "codec/text_encoding.hpp"
#include "image/fd_reader.hpp"
#include "spool/parameters.hpp"
#include "sys/content_hash.hpp"
#include "sys/folder_access.hpp"
#include "sys/read_file.hpp"

namespace reeld {
namespace {

/// What only a person can change: a link, not a file. All else may pass by itself (a lease of Samba's, too
/// many open files, a server that is away), and must not cost the pair its turn.
bool is_lasting(int code) {
  constexpr std::array lasting{ELOOP, EXDEV, EINVAL, EISDIR, ENXIO, ENAMETOOLONG};
  return std::ranges::find(lasting, code) != lasting.end();
}

/// What a file that cannot be opened means for its pair.
SnapshotResult explain(const SysError& error) {
  if (error.code == ENOENT || error.code == ENOTDIR) return SnapshotStale{error.message};
  // A mode that is changed for a moment. Intake says so, and has patience.
  if (error.code == EACCES || error.code == EPERM) return SnapshotStale{error.message};
  if (is_lasting(error.code)) return SnapshotRefusal{error.message};
  return SnapshotFailure{error.message};
}

std::string in_kib(std::uint64_t count) {
  return std::to_string((count + 1023) / 1024) + " KiB";
}

/// "1280x720" as pixels; nullopt for ratios such as "16x9" and words.
std::optional<std::pair<std::uint32_t, std::uint32_t>> read_pixels(const std::string& size) {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  const char* const end = size.data() + size.size();
  const auto first = std::from_chars(size.data(), end, width);
  if (first.ec != std::errc() || first.ptr == end || (*first.ptr != 'x' && *first.ptr != 'X'))
    return std::nullopt;
  const auto second = std::from_chars(first.ptr + 1, end, height);
  constexpr std::uint32_t min_pixels = 64;
  if (second.ec != std::errc() || second.ptr != end || width < min_pixels || height < min_pixels)
    return std::nullopt;
  return std::pair{width, height};
}

std::string compare_size(const ImageReport& image, const JobFields& fields) {
  const std::string* const size = find_field(fields, "size");
  if (size == nullptr || image.width == 0 || image.height == 0) return {};
  const auto wanted = read_pixels(*size);
  if (!wanted || *wanted == std::pair{image.width, image.height}) return {};
  return "the image is " + std::to_string(image.width) + "x" + std::to_string(image.height) +
         " pixels, size asks for " + *size;
}

/// Fills the prompt and `parameters`; a result says why there is no snapshot.
std::optional<SnapshotResult> read_texts(int spool_fd, const ReadyPair& pair, const JobFields& base,
                                         const FieldNames& names, std::string_view bytes, Snapshot& out,
                                         JobFields& parameters) {
  PromptResult parsed = read_prompt(bytes, names);
  if (const auto* const refusal = std::get_if<PromptRefusal>(&parsed))
    return SnapshotRefusal{pair.prompt_name + ": " + refusal->reason};
  auto& file = std::get<PromptFile>(parsed);
  Parameters fields = resolve_parameters(spool_fd, base, pair.job.folder, file.fields, names);
  if (auto* const complaint = std::get_if<std::string>(&fields))
    return SnapshotRefusal{std::move(*complaint)};
  // Intake says so, and waits until it is mended.
  if (auto* const unreadable = std::get_if<UnreadableSettings>(&fields))
    return SnapshotStale{std::move(unreadable->reason), true};
  if (const auto* const error = std::get_if<SysError>(&fields)) return SnapshotFailure{error->message};
  out.prompt = std::move(file.prompt);
  parameters = std::move(std::get<JobFields>(fields));
  return std::nullopt;
}

SnapshotResult read_pair(int spool_fd, const ReadyPair& pair, const JobFields& base,
                         const SpoolSettings& spool, const FieldNames& names, std::uint64_t digest_seed,
                         Snapshot out) {
  const std::uint64_t prompt_size = out.prompt_file.identity.size;
  const std::uint64_t image_size = out.image_file.identity.size;
  if (prompt_size > spool.max_prompt.count) {
    return SnapshotRefusal{pair.prompt_name + " is " + in_kib(prompt_size) + ", over max_prompt (" +
                           in_kib(spool.max_prompt.count) + ")"};
  }
  if (image_size > spool.max_image.count) {
    return SnapshotRefusal{pair.image_name + " is " + in_kib(image_size) + ", over max_image (" +
                           in_kib(spool.max_image.count) + ")"};
  }
  const auto bytes = read_bytes(out.prompt_file.fd.get(), prompt_size);
  if (!bytes) return SnapshotStale{pair.prompt_name + " changed while it was read"};
  if (const std::string why = describe_unwritten(*bytes); !why.empty())
    return SnapshotStale{pair.prompt_name + ": " + why};
  out.prompt_digest = digest_bytes(std::as_bytes(std::span(*bytes)), digest_seed);
  JobFields parameters;
  if (auto reason = read_texts(spool_fd, pair, base, names, *bytes, out, parameters))
    return std::move(*reason);
  out.set_form(arrange_form(parameters, names));
  FdReader reader(out.image_file.fd.get(), image_size);
  out.image = inspect_image(reader);
  if (out.image.state == ImageState::truncated)
    return SnapshotStale{pair.image_name + ": " + out.image.reason};
  if (out.image.state == ImageState::unknown)
    return SnapshotRefusal{pair.image_name + ": " + out.image.reason};
  if (spool.image_size == ImageSizePolicy::off) return out;
  out.size_note = compare_size(out.image, parameters);
  if (spool.image_size == ImageSizePolicy::refuse && !out.size_note.empty()) {
    return SnapshotRefusal{pair.image_name + ": " + out.size_note + " (image_size = \"refuse\")"};
  }
  return out;
}

}  // namespace

SnapshotResult take_snapshot(int spool_fd, const ReadyPair& pair, const JobFields& base,
                             const SpoolSettings& spool, const FieldNames& names, std::uint64_t digest_seed) {
  Snapshot out;
  out.looked_at = std::chrono::system_clock::now();
  auto folder = open_folder_beneath(spool_fd, pair.job.folder);
  if (const auto* const error = std::get_if<SysError>(&folder)) return explain(*error);
  out.folder = std::move(std::get<UniqueFd>(folder));
  // What is paid for must have a place to go. Intake says so, and waits until it has.
  if (const int hindrance = find_hindrance(out.folder.get()))
    return SnapshotStale{make_sys_error("write into the folder", pair.job.folder, hindrance).message};
  auto prompt = open_file_beneath(out.folder.get(), pair.prompt_name);
  if (const auto* const error = std::get_if<SysError>(&prompt)) return explain(*error);
  out.prompt_file = std::move(std::get<OpenFile>(prompt));
  auto image = open_file_beneath(out.folder.get(), pair.image_name);
  if (const auto* const error = std::get_if<SysError>(&image)) return explain(*error);
  out.image_file = std::move(std::get<OpenFile>(image));
  // Touched since: the transaction of the intent asks again whether the content is known.
  if (!may_be_touched_only(out.prompt_file.identity, pair.identity.prompt) ||
      !may_be_touched_only(out.image_file.identity, pair.identity.image)) {
    return SnapshotStale{"a file has changed since the pair was found ready"};
  }
  try {
    return read_pair(spool_fd, pair, base, spool, names, digest_seed, std::move(out));
  } catch (const std::system_error& error) {
    return SnapshotFailure{pair.image_name + ": " + error.what()};
  }
}

}  // namespace reeld
