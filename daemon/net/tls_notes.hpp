#pragma once
// What OpenSSL tells of a connection while it is being made, and nowhere else afterwards: kept so that a
// failure can be explained, and what it proves be known.
//
// Lifetime: the stream's, whose SSL holds a pointer to it. Threads: the loop's.

#include <openssl/ssl.h>

#include <string>

namespace reeld {

struct TlsNotes {
  bool was_asked_for_certificate = false;
  std::string issuer;       // of the first certificate that was not verified
  int certificates = 0;     // as many as the server sent
  bool has_ticket = false;  // to resume with; in TLS 1.3 it comes once the server has accepted the handshake
  int alert = -1;           // the fatal one that the server has sent (RFC 8446, 6.2); -1 where there was none
};

/// From now on what comes of that connection is noted there.
void keep_notes(SSL* ssl, TlsNotes& notes);

/// For SSL_CTX_set_verify: decides nothing.
int note_verification(int is_good, X509_STORE_CTX* context);
/// For SSL_CTX_set_cert_cb: changes nothing.
int note_certificate_request(SSL* ssl, void* unused);
/// For SSL_CTX_set_info_callback.
void note_alert(const SSL* ssl, int where, int value);
/// To be called for each session that can be resumed.
void note_ticket(const SSL* ssl);

}  // namespace reeld
