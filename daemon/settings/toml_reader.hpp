#pragma once
// A strict reader of the configuration's TOML. It remembers lines and which keys were asked for; everything
// else in the file is a mistake, and is complained of with the nearest key that is known.
//
// Keys are written with dots, and with an index where tables repeat: "spool.settle", "verdict[0].code". A key
// that the file does not have leaves the value as it was. So does a key with a wrong value, and the complaint
// is kept for `complaints`.
//
// Threads: one at a time. Errors: each complaint is one line, "FILE:LINE: key: reason".

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/bytes.hpp"
#include "core/clock.hpp"

namespace reeld {

/// Why the settings cannot be used: one line, for people, that names file, line and key, and what to write
/// instead.
struct SettingsComplaint {
  std::string message;
  std::vector<std::string> others{};  // what else is wrong, a line each
};

template <class T>
struct Range {
  T least;
  T most;
  bool holds(T value) const { return least <= value && value <= most; }
};

/// A key of a table whose keys are the user's own.
struct TomlEntry {
  std::string name;
  unsigned line = 0;
  std::optional<std::string> text;  // where it is one
  std::vector<std::pair<std::string, std::string>>
      settings;  // where it is a table of texts: { file = "..." }
};

class TomlReader {
 public:
  /// Errors: the text is not TOML.
  static std::variant<TomlReader, SettingsComplaint> parse(std::string_view text, std::string_view file_name);
  ~TomlReader();
  TomlReader(TomlReader&&) noexcept;
  TomlReader& operator=(TomlReader&&) noexcept;

  bool has(std::string_view key) const;
  /// How many tables `[[key]]` there are.
  std::size_t count_tables(std::string_view key);

  void read_bool(std::string_view key, bool& into);
  void read_text(std::string_view key, std::string& into);
  void read_integer(std::string_view key, std::uint32_t& into, Range<std::uint32_t> range);
  void read_duration(std::string_view key, milliseconds& into, Range<milliseconds> range);
  void read_size(std::string_view key, Bytes& into, Range<Bytes> range);
  /// A list of texts. Returns whether there was one.
  bool read_texts(std::string_view key, std::vector<std::string>& into);
  /// One integer, or a list of them.
  void read_integers(std::string_view key, std::vector<int>& into, Range<int> range);

  /// One of a few words.
  template <class Word>
  void read_word(std::string_view key, Word& into, std::span<const std::pair<std::string_view, Word>> words) {
    std::vector<std::string_view> names;
    for (const auto& [name, word] : words) names.push_back(name);
    if (const auto index = read_one_of(key, names)) into = (words.begin() + *index)->second;
  }
  template <class Word>
  void read_word(std::string_view key, Word& into,
                 std::initializer_list<std::pair<std::string_view, Word>> words) {
    read_word<Word>(key, into, std::span(words.begin(), words.size()));
  }

  /// The table as TOML text of its own, its keys in the file's order and all of them accepted. "" where there
  /// is none.
  std::string read_table(std::string_view key);

  /// The table's keys in the file's order, all of them accepted. What is neither a text nor a table of texts
  /// has neither.
  std::vector<TomlEntry> read_entries(std::string_view key);

  /// Keeps a complaint about a key of `read_entries`.
  void complain_at(unsigned line, std::string_view key, std::string_view reason);
  /// Keeps a complaint about a key, at its line (or at its table's, where the key is missing).
  void complain(std::string_view key, std::string_view reason);

  /// All complaints in the order of the file, keys that nobody asked for included; what is missing comes
  /// after all that is there. nullopt: there is none.
  std::optional<SettingsComplaint> complaints() const;

 private:
  struct Impl;
  explicit TomlReader(std::unique_ptr<Impl> impl);
  std::optional<std::ptrdiff_t> read_one_of(std::string_view key, std::span<const std::string_view> words);
  std::unique_ptr<Impl> impl_;
};

}  // namespace reeld
