#pragma once
// What an attempt's end means. The words are the contract with logs, results and users.

#include <string_view>

namespace reeld {

enum class Verdict { accepted, refused, throttled, account, unsent, doubt };

constexpr std::string_view word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::accepted:
      return "accepted";
    case Verdict::refused:
      return "refused";
    case Verdict::throttled:
      return "throttled";
    case Verdict::account:
      return "account";
    case Verdict::unsent:
      return "unsent";
    case Verdict::doubt:
      break;
  }
  return "doubt";
}

}  // namespace reeld
