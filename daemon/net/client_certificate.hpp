#pragma once
// What reeld shows to a server that asks for a certificate: its own, those that have issued it, and its key.
//
// Errors: std::runtime_error, naming the setting and the file, with what to do. Threads: any.

#include <openssl/ssl.h>

#include "settings/api_credentials.hpp"

namespace reeld {

/// From now on connections of that context have it. The key must be the certificate's, and not be encrypted.
void use_client_certificate(SSL_CTX* context, const ClientCertificate& certificate);

}  // namespace reeld
