#pragma once
// Requests as they come over a connection: heads, then as many body bytes as Content-Length says.

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "stub_api/stream.hpp"

namespace reeld::stub {

struct RequestHead {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
  std::optional<std::uint64_t> content_length;

  std::string_view header(const std::string& name) const;
};

/// The head from its first byte up to the empty line; nullopt when it is not HTTP/1.1 or a length is not a
/// number.
std::optional<RequestHead> parse_head(std::string_view text);

class HttpReader {
 public:
  explicit HttpReader(Stream& stream) : stream_(stream) {}

  /// nullopt when the connection ended or what came is not a request.
  std::optional<RequestHead> read_head();
  /// Hands up to `size` bytes of body to `take`, in pieces; returns how many came.
  std::uint64_t read_body(std::uint64_t size, const std::function<void(std::string_view)>& take);
  /// Bytes of the next request have been read already.
  bool has_leftover() const { return !leftover_.empty(); }

 private:
  Stream& stream_;
  std::string leftover_;
  std::array<char, 65536> buffer_;
};

}  // namespace reeld::stub
