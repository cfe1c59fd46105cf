#pragma once
// Whether the bytes of a text file are UTF-8, and if not, what they look like: files come from other systems'
// editors.

#include <optional>
#include <string>
#include <string_view>

namespace reeld {

struct EncodingComplaint {
  int line = 0;        // from 1; 0 where the file as a whole is meant
  std::string reason;  // for people: what it looks like, what to do
};

/// nullopt where `text` is valid UTF-8 without NULs. What another encoding is, is certain where a mark or the
/// zeros say it, and where a text in UTF-8 is only cut; else it is a guess (codec/encoding_guess), and called
/// one.
std::optional<EncodingComplaint> check_encoding(std::string_view text);

/// Why the text cannot be all that will be there: zeros at its end, or many in a row, are space that was laid
/// out for what is still to be written (a preallocated or sparse file). "" : it may be whole. UTF-16 and
/// UTF-32 have zeros of their own: `check_encoding` tells of those.
std::string describe_unwritten(std::string_view text);

/// `text` without a UTF-8 byte-order mark at its head.
std::string_view skip_byte_order_mark(std::string_view text);

}  // namespace reeld
