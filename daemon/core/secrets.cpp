#include "core/secrets.hpp"

#include <algorithm>
#include <array>

#include "core/ascii.hpp"
#include "core/key_mask.hpp"

namespace reeld {
namespace {

// The last words of a name that say so, also where they are written together ("authtoken").
constexpr std::array<std::string_view, 9> secret_endings{
    "key", "token", "secret", "password", "passphrase", "signature", "credential", "credentials", "cookie"};

constexpr std::array<std::string_view, 20> secret_words{
    "ak",  "auth", "authorization", "bearer", "code", "cred", "hmac", "jwt",    "pass", "passwd",
    "pat", "pwd",  "session",       "creds",  "sid",  "sig",  "sign", "ticket", "sk",   "sessionid"};

bool is_secret_word(std::string_view word) {
  return std::ranges::find(secret_words, word) != secret_words.end() ||
         std::ranges::any_of(secret_endings, [word](std::string_view end) { return word.ends_with(end); });
}

}  // namespace

void Secrets::add(std::string_view secret) {
  if (secret.size() < least) return;
  if (std::ranges::find(others_, secret) == others_.end()) {
    const auto shorter = std::ranges::find_if(
        others_, [secret](const std::string& other) { return other.size() < secret.size(); });
    others_.emplace(shorter, secret);
  }
  if (const auto blank = secret.find(' '); blank != std::string_view::npos) add(secret.substr(blank + 1));
}

std::string Secrets::take_out(std::string text) const {
  const auto is_longer = [this](const std::string& other) { return other.size() > key_.size(); };
  const auto end_of_longer = std::ranges::find_if_not(others_, is_longer);
  for (auto other = others_.begin(); other != end_of_longer; ++other)
    text = take_out_key(std::move(text), *other, secret_mark);
  text = take_out_key(std::move(text), key_);
  for (auto other = end_of_longer; other != others_.end(); ++other)
    text = take_out_key(std::move(text), *other, secret_mark);
  return text;
}

bool names_secret(std::string_view name) {
  const std::string lower = to_lower(name);
  const auto is_part_of_word = [](char c) { return is_letter(c) || is_digit(c); };
  for (auto at = lower.begin(); at != lower.end();) {
    const auto begin = std::find_if(at, lower.end(), is_part_of_word);
    at = std::find_if_not(begin, lower.end(), is_part_of_word);
    if (is_secret_word(std::string_view(begin, at))) return true;
  }
  return false;
}

}  // namespace reeld
