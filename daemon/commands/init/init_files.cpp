#include "commands/init/init_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <variant>

#include "commands/command_failure.hpp"
#include "core/verify.hpp"
#include "http/url.hpp"
#include "settings/exit_code.hpp"
#include "sys/durable_file.hpp"
#include "sys/passing_trouble.hpp"
#include "sys/sys_error.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

/// Source: TOML 1.0.0, basic strings.
std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

void set_line(std::string& text, std::string_view commented, const std::string& line) {
  const std::size_t at = text.find("\n" + std::string(commented) + "\n");
  verify(at != std::string::npos, "the installed configuration has the lines that init fills in");
  text.replace(at + 1, commented.size(), line);
}

[[noreturn]] void fail(std::string_view action, const std::string& path, int code) {
  const std::string hint = code == EEXIST ? "; it is there already, and nothing is overwritten" : "";
  throw CommandFailure(exit_code::of_failure(may_pass(code)),
                       make_sys_error(action, path, code).message + hint);
}

void make_folders(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) fail("make the folder", folder.string(), error.value());
}

/// What is made for nobody else to write in is not, whatever the shell's umask is.
struct OwnUmask {
  mode_t former = ::umask(022);
  ~OwnUmask() { ::umask(former); }
};

/// Never through a link, and never over what is there.
void write_new(const std::string& path, mode_t mode, std::string_view text) {
  const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file) fail("write", path, errno);
  const auto give_up = [&](int code) {
    ::unlink(path.c_str());
    fail("write", path, code);
  };
  if (::fchmod(file.get(), mode) != 0) give_up(errno);
  if (const int code = write_all(file.get(), text)) give_up(code);
  if (::fsync(file.get()) != 0) give_up(errno);
}

}  // namespace

std::string write_config(std::string_view installed, const InitAnswers& answers,
                         const std::string& key_file) {
  std::string text(installed);
  set_line(text, "#path = \"/var/spool/reeld\"", "path = " + quote(answers.spool));
  set_line(text, "#url = \"https://api.jxincm.cn\"", "url = " + quote(answers.url));
  if (!key_file.empty()) set_line(text, "#key_file = \"\"", "key_file = " + quote(key_file));
  set_line(text, "#ask_above = 0", "ask_above = 100");
  return text;
}

bool has_secret(const InitAnswers& answers) {
  const auto parsed = parse_api_url(answers.url);
  const auto* const url = std::get_if<ApiUrl>(&parsed);
  return url == nullptr || !url->query_secrets().empty();
}

void write_files(const InitPlaces& places, const InitAnswers& answers) {
  const OwnUmask mask;
  const std::string config = write_config(installed_config(), answers, places.is_units ? "" : places.key);
  make_folders(std::filesystem::path(places.config).parent_path());
  std::error_code error;
  std::filesystem::create_directory(answers.spool, error);
  if (error) fail("make the folder", answers.spool, error.value());
  write_new(places.key, 0600, answers.key + "\n");
  try {
    write_new(places.config, has_secret(answers) ? 0600 : 0644, config);
  } catch (const CommandFailure&) {
    ::unlink(places.key.c_str());
    throw;
  }
}

}  // namespace reeld
