#include "net/tls_reasons.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <algorithm>
#include <array>
#include <vector>

#include "net/reasons.hpp"

namespace reeld {
namespace {

constexpr std::string_view name_a_certificate =
    "name the one that its operator has given you, and its key, as [api] client_cert_file and "
    "client_key_file";

bool is_trust_missing(long verdict) {
  return verdict == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT ||
         verdict == X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN || verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT ||
         verdict == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY ||
         verdict == X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE;
}

std::string explain_missing_issuer(const std::string& text, const TlsNotes& notes) {
  const std::string issuer = "\"" + notes.issuer + "\"";
  if (notes.certificates > 1)
    return text + ": " + issuer + " is not known here; put its certificate into [api] ca_file";
  return text + ": the server sent its own certificate alone, and " + issuer +
         ", which has issued it, is not known here. Have the server send its intermediate certificates too, "
         "or "
         "put the certificate of " +
         issuer + " into [api] ca_file";
}

std::string explain_verdict(long verdict, const std::string& host, const TlsNotes& notes) {
  const std::string text = X509_verify_cert_error_string(verdict);
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH)
    return "the certificate is not for " + host + ": " + text;
  const bool is_self_signed = verdict == X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT;
  if (is_trust_missing(verdict) && !is_self_signed && !notes.issuer.empty())
    return "the certificate is not trusted: " + explain_missing_issuer(text, notes);
  if (is_trust_missing(verdict))
    return "the certificate is not trusted: " + text + "; put the CA's certificate into [api] ca_file";
  return "the certificate is not valid: " + text;
}

/// The first cause first.
std::vector<unsigned long> take_errors() {
  std::vector<unsigned long> errors;
  while (const unsigned long error = ERR_get_error()) errors.push_back(error);
  return errors;
}

/// "" where it is none of those that are known.
std::string explain_reason(int reason, const std::string& text, const TlsContext& context,
                           const TlsNotes& notes) {
  if (reason == SSL_R_WRONG_VERSION_NUMBER)
    return "the server does not speak TLS on this port (" + text +
           "); put the port of its https into [api] url";
  if (reason == SSL_R_TLSV1_ALERT_NO_APPLICATION_PROTOCOL)
    return "the server does not speak HTTP/1.1 on this port, but HTTP/2 alone (" + text +
           "), and reeld speaks HTTP/1.1; have it offer HTTP/1.1 too, or put another port into [api] url";
  const bool is_asked = notes.was_asked_for_certificate || reason == SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED;
  if (!is_asked || !refuses_certificate(reason - SSL_AD_REASON_OFFSET)) return "";
  if (context.certificate_file().empty())
    return "the server asks for a client certificate, and there is none to show (" + text + "); " +
           std::string(name_a_certificate);
  return "the server does not accept the client certificate in " + context.certificate_file() + " (" + text +
         "); " + std::string(name_a_certificate);
}

std::string tell_error(unsigned long error) {
  const char* const text = ERR_reason_error_string(error);
  return text == nullptr ? "OpenSSL's error " + std::to_string(error) : text;
}

}  // namespace

bool refuses_certificate(int alert) {
  constexpr std::array alerts{
      SSL_AD_HANDSHAKE_FAILURE,   SSL_AD_BAD_CERTIFICATE,     SSL_AD_UNSUPPORTED_CERTIFICATE,
      SSL_AD_CERTIFICATE_REVOKED, SSL_AD_CERTIFICATE_EXPIRED, SSL_AD_CERTIFICATE_UNKNOWN,
      SSL_AD_UNKNOWN_CA,          SSL_AD_ACCESS_DENIED,       SSL_AD_DECRYPT_ERROR,
      SSL_AD_CERTIFICATE_REQUIRED};
  return std::ranges::find(alerts, alert) != alerts.end();
}

std::string explain_tls_failure(const TlsContext& context, const TlsNotes& notes, const SSL* ssl,
                                int system_error) {
  const std::vector<unsigned long> errors = take_errors();
  const long verdict = SSL_get_verify_result(ssl);
  if (verdict != X509_V_OK) return explain_verdict(verdict, context.host(), notes);
  if (system_error != 0) {
    const std::string text = errno_text(system_error);
    const bool may_be_refusal = notes.was_asked_for_certificate && context.certificate_file().empty();
    if (!may_be_refusal) return text;
    return text + "; the server had asked for a client certificate, and there was none to show: " +
           std::string(name_a_certificate);
  }
  for (const unsigned long error : errors) {
    if (ERR_GET_LIB(error) != ERR_LIB_SSL) continue;
    std::string explained = explain_reason(ERR_GET_REASON(error), tell_error(error), context, notes);
    if (!explained.empty()) return explained;
  }
  return errors.empty() ? "the connection was closed" : tell_error(errors.back());
}

}  // namespace reeld
