#include "settings/toml_reader.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>

#include "codec/job_fields.hpp"
#include "core/nearest_word.hpp"
#include "settings/units.hpp"
#include "settings/unknown_keys.hpp"

namespace reeld {
namespace {

struct Complaint {
  unsigned line;  // 0: the file as a whole
  std::string text;
  bool is_of_absence = false;
};

unsigned line_of(const toml::node& node) {
  return node.source().begin.line;
}

// One line, short, and nothing that a terminal would act upon.
std::string make_plain(std::string_view text, std::size_t longest) {
  std::string plain;
  for (const char c : text.substr(0, longest))
    plain += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? ' ' : c;
  if (text.size() > longest) plain += "...";
  return plain;
}

std::string quote(std::string_view text) {
  return "\"" + make_plain(text, 40) + "\"";
}

std::string describe(const toml::node& node) {
  if (const auto* text = node.as_string()) return "the text " + quote(text->get());
  if (const auto* integer = node.as_integer()) return "the number " + std::to_string(integer->get());
  if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
  if (node.is_floating_point()) return "a number with a fraction";
  if (node.is_array()) return "a list";
  if (node.is_table()) return "a table";
  return "a date or time";
}

bool has_control_character(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

std::string join(std::span<const std::string_view> words) {
  std::string list;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) list += i + 1 == words.size() ? " or " : ", ";
    list += "\"" + std::string(words[i]) + "\"";
  }
  return list;
}

// Names with these would be mistaken for paths; none of ours has them.
bool is_plain_name(std::string_view name) {
  return name.find_first_of(".[]") == std::string_view::npos;
}

using Entries = std::vector<std::pair<const toml::key*, const toml::node*>>;

// In the file's order: toml++ keeps them by name.
Entries list_entries(const toml::table& table) {
  Entries entries;
  for (const auto& [name, value] : table) entries.emplace_back(&name, &value);
  std::sort(entries.begin(), entries.end(), [](const auto& one, const auto& other) {
    const auto a = one.first->source().begin;
    const auto b = other.first->source().begin;
    return a.line != b.line ? a.line < b.line : a.column < b.column;
  });
  return entries;
}

TomlEntry make_entry(const toml::key& name, const toml::node& node) {
  TomlEntry entry;
  entry.name = name.str();
  entry.line = name.source().begin.line;
  if (const auto* text = node.as_string()) entry.text = text->get();
  const auto* table = node.as_table();
  if (table == nullptr) return entry;
  for (const auto& [inner, value] : list_entries(*table)) {
    const auto* text = value->as_string();
    if (text == nullptr) {
      entry.settings.clear();
      break;
    }
    entry.settings.emplace_back(inner->str(), text->get());
  }
  return entry;
}

}  // namespace

struct TomlReader::Impl {
  toml::table root;
  std::string file;
  KnownKeys known;
  std::vector<Complaint> complaints;

  const toml::node* find(std::string_view key) const { return toml::at_path(root, key).node(); }

  const toml::node* ask(std::string_view key) {
    known.emplace(key);
    return find(key);
  }

  const toml::table* ask_table(std::string_view key) {
    const auto* node = ask(key);
    const auto* table = node == nullptr ? nullptr : node->as_table();
    if (node != nullptr && table == nullptr)
      complain_of_value(key, *node,
                        "a table: [" + std::string(key) + "] on a line of its own, its keys below it");
    return table;
  }

  std::string describe_place(unsigned line, std::string_view key) const {
    std::string place = line == 0 ? file : file + ":" + std::to_string(line);
    return key.empty() ? place : place + ": " + make_plain(drop_indexes(key), 80);
  }

  void complain_at(unsigned line, std::string_view key, std::string_view reason) {
    complaints.push_back({line, describe_place(line, key) + ": " + std::string(reason)});
  }

  void complain_of_value(std::string_view key, const toml::node& found, std::string_view wanted) {
    complain_at(line_of(found), key,
                "must be " + std::string(wanted) + "; " + describe(found) + " was given");
  }

  // The line of the key, or of the innermost table on the way to it that the file has.
  unsigned find_line(std::string_view key) const {
    for (std::string_view path = key; !path.empty();) {
      if (const auto* node = find(path)) return line_of(*node);
      const auto dot = path.rfind('.');
      path = dot == std::string_view::npos ? std::string_view{} : path.substr(0, dot);
    }
    return 0;
  }

  void read_one_integer(std::string_view key, const toml::node& node, Range<int> range,
                        std::vector<int>& into) {
    const std::string wanted =
        "a whole number from " + std::to_string(range.least) + " to " + std::to_string(range.most);
    const auto* integer = node.as_integer();
    if (integer == nullptr) return complain_of_value(key, node, wanted + ", or a list of them");
    if (integer->get() < range.least || integer->get() > range.most)
      return complain_of_value(key, node, wanted);
    into.push_back(static_cast<int>(integer->get()));
  }

  void find_unknown(const toml::table& table, const std::string& prefix, std::vector<Complaint>& into) const;
  void find_unknown(const toml::node& node, const std::string& path, std::string_view name,
                    std::vector<Complaint>& into) const;
};

void TomlReader::Impl::find_unknown(const toml::table& table, const std::string& prefix,
                                    std::vector<Complaint>& into) const {
  for (const auto& [key, node] : table) {
    const std::string_view name = key.str();
    find_unknown(node, prefix.empty() ? std::string(name) : prefix + "." + std::string(name), name, into);
  }
}

void TomlReader::Impl::find_unknown(const toml::node& node, const std::string& path, std::string_view name,
                                    std::vector<Complaint>& into) const {
  if (is_plain_name(name) && known.contains(path)) return;
  const auto* table = node.as_table();
  const auto* list = node.as_array();
  const bool is_table = table != nullptr || node.is_array_of_tables();
  const bool should_be_table = is_plain_name(name) && is_known_table(path, known);
  if (should_be_table && table != nullptr) return find_unknown(*table, path, into);
  if (should_be_table && is_table) {
    for (std::size_t i = 0; i < list->size(); ++i) {
      find_unknown(*list->get(i)->as_table(), path + "[" + std::to_string(i) + "]", into);
    }
    return;
  }
  const std::string reason =
      should_be_table ? "must be a table: write [" + path + "] on a line of its own, its keys below it"
                      : explain_unknown_key(path, is_table, known);
  into.push_back({line_of(node), describe_place(line_of(node), path) + ": " + reason});
}

TomlReader::TomlReader(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
TomlReader::~TomlReader() = default;
TomlReader::TomlReader(TomlReader&&) noexcept = default;
TomlReader& TomlReader::operator=(TomlReader&&) noexcept = default;

std::variant<TomlReader, SettingsComplaint> TomlReader::parse(std::string_view text,
                                                              std::string_view file_name) {
  auto impl = std::make_unique<Impl>();
  impl->file = file_name;
  try {
    impl->root = toml::parse(text, file_name);
  } catch (const toml::parse_error& error) {
    const std::string place = impl->describe_place(error.source().begin.line, "");
    return SettingsComplaint{place + ": this is not TOML: " + make_plain(error.description(), 200) +
                             std::string(toml_advice)};
  }
  return TomlReader(std::move(impl));
}

bool TomlReader::has(std::string_view key) const {
  return impl_->find(key) != nullptr;
}

std::size_t TomlReader::count_tables(std::string_view key) {
  const auto* node = impl_->find(key);
  if (node == nullptr) {
    impl_->known.emplace(key);
    return 0;
  }
  const auto* list = node->as_array();
  if (list != nullptr && list->empty()) impl_->known.emplace(key);
  if (list != nullptr && (list->empty() || node->is_array_of_tables())) return list->size();
  impl_->known.emplace(key);
  impl_->complain_at(line_of(*node), key,
                     "must be written [[" + std::string(key) + "]], in two brackets, once for each");
  return 0;
}

void TomlReader::read_bool(std::string_view key, bool& into) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return;
  if (const auto* flag = node->as_boolean()) {
    into = flag->get();
  } else {
    impl_->complain_of_value(key, *node, "true or false, without quotes");
  }
}

void TomlReader::read_text(std::string_view key, std::string& into) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return;
  const auto* text = node->as_string();
  if (text == nullptr) return impl_->complain_of_value(key, *node, "a text in quotes");
  if (has_control_character(text->get())) {
    return impl_->complain_at(line_of(*node), key,
                              "has a newline or another control character in it; remove it");
  }
  into = text->get();
}

void TomlReader::read_integer(std::string_view key, std::uint32_t& into, Range<std::uint32_t> range) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return;
  const std::string limits = std::to_string(range.least) + " to " + std::to_string(range.most);
  const auto* integer = node->as_integer();
  if (integer == nullptr)
    return impl_->complain_of_value(key, *node, "a whole number from " + limits + ", without quotes");
  const std::int64_t value = integer->get();
  if (value < range.least || value > range.most) {
    return impl_->complain_at(line_of(*node), key,
                              "must be " + limits + "; " + std::to_string(value) + " was given");
  }
  into = static_cast<std::uint32_t>(value);
}

void TomlReader::read_duration(std::string_view key, milliseconds& into, Range<milliseconds> range) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return;
  const auto* text = node->as_string();
  if (text == nullptr) {
    return impl_->complain_of_value(key, *node, "a duration in quotes, such as \"500ms\", \"10s\" or \"5m\"");
  }
  const auto parsed = parse_duration(text->get());
  if (const auto* complaint = std::get_if<UnitComplaint>(&parsed)) {
    return impl_->complain_at(line_of(*node), key, complaint->reason);
  }
  const auto duration = std::get<milliseconds>(parsed);
  if (!range.holds(duration)) {
    return impl_->complain_at(line_of(*node), key,
                              "must be " + format_duration(range.least) + " to " +
                                  format_duration(range.most) + "; " + quote(text->get()) + " was given");
  }
  into = duration;
}

void TomlReader::read_size(std::string_view key, Bytes& into, Range<Bytes> range) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return;
  const auto* text = node->as_string();
  if (text == nullptr) {
    return impl_->complain_of_value(key, *node, "a size in quotes, such as \"128KiB\" or \"32MiB\"");
  }
  const auto parsed = parse_size(text->get());
  if (const auto* complaint = std::get_if<UnitComplaint>(&parsed)) {
    return impl_->complain_at(line_of(*node), key, complaint->reason);
  }
  const auto size = std::get<Bytes>(parsed);
  if (!range.holds(size)) {
    return impl_->complain_at(line_of(*node), key,
                              "must be " + format_size(range.least) + " to " + format_size(range.most) +
                                  "; " + quote(text->get()) + " was given");
  }
  into = size;
}

bool TomlReader::read_texts(std::string_view key, std::vector<std::string>& into) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return false;
  const auto* list = node->as_array();
  if (list == nullptr) {
    impl_->complain_of_value(key, *node, "a list of texts, such as [\"one\", \"two\"]");
    return false;
  }
  std::vector<std::string> texts;
  for (const toml::node& element : *list) {
    const auto* text = element.as_string();
    if (text == nullptr) {
      impl_->complain_of_value(key, element, "a list of texts in quotes");
      return false;
    }
    texts.push_back(text->get());
  }
  into = std::move(texts);
  return true;
}

void TomlReader::read_integers(std::string_view key, std::vector<int>& into, Range<int> range) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return;
  std::vector<int> integers;
  if (const auto* list = node->as_array()) {
    for (const toml::node& element : *list) impl_->read_one_integer(key, element, range, integers);
    if (list->empty())
      impl_->complain_at(line_of(*node), key, "is an empty list; leave the key out, or write a number");
  } else {
    impl_->read_one_integer(key, *node, range, integers);
  }
  into = std::move(integers);
}

std::optional<std::ptrdiff_t> TomlReader::read_one_of(std::string_view key,
                                                      std::span<const std::string_view> words) {
  const auto* node = impl_->ask(key);
  if (node == nullptr) return std::nullopt;
  const auto* text = node->as_string();
  if (text == nullptr) {
    impl_->complain_of_value(key, *node, join(words) + ", in quotes");
    return std::nullopt;
  }
  const auto found = std::find(words.begin(), words.end(), text->get());
  if (found != words.end()) return found - words.begin();
  const auto nearest = find_nearest(text->get(), words);
  const std::string hint = nearest ? "; did you mean \"" + std::string(*nearest) + "\"?" : " was given";
  impl_->complain_at(line_of(*node), key,
                     "must be " + join(words) + (nearest ? "" : "; " + quote(text->get())) + hint);
  return std::nullopt;
}

std::vector<TomlEntry> TomlReader::read_entries(std::string_view key) {
  std::vector<TomlEntry> out;
  const auto* table = impl_->ask_table(key);
  if (table == nullptr) return out;
  for (const auto& [name, value] : list_entries(*table)) out.push_back(make_entry(*name, *value));
  return out;
}

void TomlReader::complain_at(unsigned line, std::string_view key, std::string_view reason) {
  impl_->complain_at(line, key, reason);
}

std::string TomlReader::read_table(std::string_view key) {
  const auto* table = impl_->ask_table(key);
  if (table == nullptr) return "";
  const auto entries = list_entries(*table);
  std::ostringstream text;
  for (const auto& [name, value] : entries) {
    toml::table single;
    single.insert(*name, *value);
    text << single << '\n';
  }
  return text.str();
}

void TomlReader::complain(std::string_view key, std::string_view reason) {
  impl_->complain_at(impl_->find_line(key), key, reason);
  const auto* node = impl_->find(key);
  impl_->complaints.back().is_of_absence = node == nullptr || node->is_table();
}

std::optional<SettingsComplaint> TomlReader::complaints() const {
  std::vector<Complaint> all = impl_->complaints;
  impl_->find_unknown(impl_->root, "", all);
  if (all.empty()) return std::nullopt;
  // What is missing is said last: it may well be there under a mistyped name.
  std::ranges::stable_sort(all, {},
                           [](const Complaint& one) { return std::pair(one.is_of_absence, one.line); });
  SettingsComplaint out{std::move(all.front().text)};
  for (auto other = all.begin() + 1; other != all.end(); ++other)
    out.others.push_back(std::move(other->text));
  return out;
}

}  // namespace reeld
