#include "codec/neighbours.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>

#include "core/ascii.hpp"
#include "core/spool_name.hpp"

namespace reeld {
namespace {

constexpr std::size_t max_told = 3;

struct ForeignKind {
  std::string_view extension;
  MissingHalf stands_for;
  std::string_view fault;
};

constexpr std::string_view rename_to_txt = "is not .txt: a prompt is plain text in STEM.txt";
constexpr std::string_view save_as_txt = "is no plain text: save its text as STEM.txt";
constexpr std::string_view unfinished = "has the name of a download or an upload that is not finished";

// What people have beside a pair's files, by the extension.
constexpr auto foreign_kinds = std::to_array<ForeignKind>({
    {"heic", MissingHalf::image, "is HEIC, not PNG, JPEG or WebP"},
    {"heif", MissingHalf::image, "is HEIF, not PNG, JPEG or WebP"},
    {"avif", MissingHalf::image, "is AVIF, not PNG, JPEG or WebP"},
    {"gif", MissingHalf::image, "is GIF, not PNG, JPEG or WebP"},
    {"bmp", MissingHalf::image, "is BMP, not PNG, JPEG or WebP"},
    {"tif", MissingHalf::image, "is TIFF, not PNG, JPEG or WebP"},
    {"tiff", MissingHalf::image, "is TIFF, not PNG, JPEG or WebP"},
    {"jxl", MissingHalf::image, "is JPEG XL, not PNG, JPEG or WebP"},
    {"jp2", MissingHalf::image, "is JPEG 2000, not PNG, JPEG or WebP"},
    {"svg", MissingHalf::image, "is SVG, not PNG, JPEG or WebP"},
    {"ico", MissingHalf::image, "is ICO, not PNG, JPEG or WebP"},
    {"psd", MissingHalf::image, "is a Photoshop file, not PNG, JPEG or WebP"},
    {"dng", MissingHalf::image, "is a camera's raw file, not PNG, JPEG or WebP"},
    {"cr2", MissingHalf::image, "is a camera's raw file, not PNG, JPEG or WebP"},
    {"cr3", MissingHalf::image, "is a camera's raw file, not PNG, JPEG or WebP"},
    {"nef", MissingHalf::image, "is a camera's raw file, not PNG, JPEG or WebP"},
    {"arw", MissingHalf::image, "is a camera's raw file, not PNG, JPEG or WebP"},
    {"pdf", MissingHalf::image, "is PDF, not PNG, JPEG or WebP"},
    {"md", MissingHalf::prompt, rename_to_txt},
    {"markdown", MissingHalf::prompt, rename_to_txt},
    {"text", MissingHalf::prompt, rename_to_txt},
    {"prompt", MissingHalf::prompt, rename_to_txt},
    {"caption", MissingHalf::prompt, rename_to_txt},
    {"asc", MissingHalf::prompt, rename_to_txt},
    {"rtf", MissingHalf::prompt, save_as_txt},
    {"doc", MissingHalf::prompt, save_as_txt},
    {"docx", MissingHalf::prompt, save_as_txt},
    {"odt", MissingHalf::prompt, save_as_txt},
    {"pages", MissingHalf::prompt, save_as_txt},
});
constexpr auto unfinished_extensions =
    std::to_array<std::string_view>({"part", "crdownload", "partial", "filepart", "tmp", "download"});

/// Normalized (NFC), case folded, without blanks at its ends; bytes that are no UTF-8 as they are.
std::string make_key(std::string_view stem) {
  const bool is_ascii =
      std::ranges::all_of(stem, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (is_ascii) return to_lower(trim_blanks(stem));
  utf8proc_uint8_t* folded = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD);
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(stem.data()),
                                   static_cast<utf8proc_ssize_t>(stem.size()), &folded, options);
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owner(folded, std::free);
  if (length < 0) return std::string(stem);
  return std::string(trim_blanks({reinterpret_cast<const char*>(folded), static_cast<std::size_t>(length)}));
}

/// NFC alone, to tell a difference of normalization from one of case.
std::string normalize(std::string_view text) {
  utf8proc_uint8_t* composed = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  const auto length = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                   static_cast<utf8proc_ssize_t>(text.size()), &composed, options);
  const std::unique_ptr<utf8proc_uint8_t, void (*)(void*)> owner(composed, std::free);
  if (length < 0) return std::string(text);
  return {reinterpret_cast<const char*>(composed), static_cast<std::size_t>(length)};
}

struct CutName {
  std::string_view stem;
  std::string_view extension;  // without the dot; "" where there is none
};

CutName cut_extension(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {name, {}};
  return {name.substr(0, dot), name.substr(dot + 1)};
}

template <class Table>
bool holds(const Table& table, std::string_view extension) {
  return std::ranges::find(table, to_lower(extension)) != table.end();
}

const ForeignKind* find_foreign(std::string_view extension) {
  const auto found = std::ranges::find(foreign_kinds, to_lower(extension), &ForeignKind::extension);
  return found == foreign_kinds.end() ? nullptr : &*found;
}

std::optional<MissingHalf> half_of(NameKind kind) {
  if (kind == NameKind::prompt) return MissingHalf::prompt;
  if (kind == NameKind::image) return MissingHalf::image;
  return std::nullopt;
}

/// A name that stands for the missing half, what of it is its stem, and what is wrong with its kind.
struct OtherHalf {
  std::string_view stem;
  std::string fault;  // "" : its kind is right
};

std::optional<OtherHalf> read_other_half(std::string_view name, MissingHalf missing) {
  const CutName cut = cut_extension(name);
  if (cut.extension.empty()) return OtherHalf{name, "has no extension"};
  if (half_of(classify_name(name).kind) == missing) return OtherHalf{cut.stem, ""};
  if (const ForeignKind* const foreign = find_foreign(cut.extension)) {
    if (foreign->stands_for != missing) return std::nullopt;
    return OtherHalf{cut.stem, std::string(foreign->fault)};
  }
  const bool is_unfinished = holds(unfinished_extensions, cut.extension);
  if (is_unfinished && half_of(classify_name(cut.stem).kind) == missing)
    return OtherHalf{cut_extension(cut.stem).stem, std::string(unfinished)};
  return std::nullopt;
}

/// How the stem differs from the one that is wanted; "" where it does not.
std::string describe_difference(std::string_view stem, std::string_view wanted) {
  if (stem == wanted) return "";
  if (normalize(stem) == normalize(wanted))
    return "has the same name in another Unicode normalization (NFC and NFD: macOS and Linux write letters "
           "with marks differently)";
  if (trim_blanks(stem) == trim_blanks(wanted)) return "has a blank at one end of its name";
  return "has the same name in another case";
}

/// "clip.png" -> "clip"; nullopt where no input's extension stands at its end.
std::optional<std::string_view> cut_doubled(std::string_view stem) {
  if (!is_input(classify_name(stem).kind)) return std::nullopt;
  return cut_extension(stem).stem;
}

std::string judge(std::string_view name, std::string_view wanted, MissingHalf missing) {
  const auto half = read_other_half(name, missing);
  if (!half) return "";
  const std::string wanted_key = make_key(wanted);
  std::string faults = half->fault;
  const auto add = [&](const std::string& fault) {
    if (!fault.empty()) faults += (faults.empty() ? "" : ", and ") + fault;
  };
  const auto doubled = cut_doubled(half->stem);
  if (make_key(half->stem) == wanted_key) {
    add(describe_difference(half->stem, wanted));
  } else if (doubled && make_key(*doubled) == wanted_key) {
    add("has two extensions");
    add(describe_difference(*doubled, wanted));
  } else {
    return "";
  }
  return faults.empty() ? "" : std::string(name) + " " + faults;
}

}  // namespace

void NeighbourIndex::add(std::string_view file_name) {
  const NameKind kind = classify_name(file_name).kind;
  if (is_hidden_name(file_name) || is_result(kind) || kind == NameKind::folder_settings) return;
  const CutName once = cut_extension(file_name);
  by_key_[make_key(once.stem)].emplace_back(file_name);
  const CutName twice = cut_extension(once.stem);
  if (!twice.extension.empty()) by_key_[make_key(twice.stem)].emplace_back(file_name);
}

std::string NeighbourIndex::describe(std::string_view stem, MissingHalf missing) const {
  std::vector<std::string> told;
  const auto tell = [&](std::string text) {
    if (!text.empty() && told.size() < max_told) told.push_back(std::move(text));
  };
  const auto look = [&](std::string_view wanted, const auto& judge_one) {
    const auto found = by_key_.find(make_key(wanted));
    if (found == by_key_.end()) return;
    for (const std::string& name : found->second) tell(judge_one(name));
  };
  look(stem, [&](const std::string& name) { return judge(name, stem, missing); });
  // The half that is there may be the one with two extensions: its neighbour is as it should be.
  if (const auto doubled = cut_doubled(stem)) {
    look(*doubled, [&](const std::string& name) {
      const bool is_other =
          half_of(classify_name(name).kind) == missing && classify_name(name).stem == *doubled;
      return is_other
                 ? name + " would be the other half, but this file has two extensions; remove one of them"
                 : std::string();
    });
  }
  std::ranges::sort(told);
  std::string text;
  for (const std::string& one : told) text += (text.empty() ? "" : "; ") + one;
  return text;
}

}  // namespace reeld
