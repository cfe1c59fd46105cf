#pragma once
// The head of a reply as servers get it wrong, made one that a strict parser takes.
//
// Source: RFC 9112 5.1 (no blank before a header's colon), 6.3 (Transfer-Encoding overrides Content-Length).

#include <string>

namespace reeld {

/// `head`: a whole one, with CRLF at each line's end. Takes blanks away before a header's colon, and each
/// Content-Length beside a Transfer-Encoding whose last coding is chunked. Whether anything was amiss: such a
/// connection is not used again.
bool mend_head(std::string& head);

}  // namespace reeld
