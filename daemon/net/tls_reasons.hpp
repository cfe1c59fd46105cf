#pragma once
// What a failure of TLS is, and what to do about it, for people.
//
// Threads: the loop's.

#include <string>

#include "net/tls_context.hpp"
#include "net/tls_notes.hpp"

namespace reeld {

/// Of the call that has just failed: OpenSSL's queue of errors has not been touched since, and is emptied
/// here. `system_error`: the socket's errno, 0 where it was not the socket.
std::string explain_tls_failure(const TlsContext& context, const TlsNotes& notes, const SSL* ssl,
                                int system_error);

/// With that alert (RFC 8446, 6.2) a server that has asked for a client certificate ends the handshake
/// because of what it was shown, or was not.
bool refuses_certificate(int alert);

}  // namespace reeld
