#pragma once
// The head of a reply as servers get it wrong, made one that a strict parser takes.
//
// Source: RFC 9112 5.1 (no blank before a header's colon), 6.3 (Transfer-Encoding overrides Content-Length).

#include <string>

namespace reeld {

/// `head`: a whole one, with CRLF at each line's end. Takes away: blanks before a header's colon; lines that
/// are no headers; a Transfer-Encoding of identity; each Content-Length beside one whose last coding is
/// chunked; and what is said twice. Whether anything was amiss: such a connection is not used again.
bool mend_head(std::string& head);

}  // namespace reeld
