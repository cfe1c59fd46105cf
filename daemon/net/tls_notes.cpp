#include "net/tls_notes.hpp"

#include <openssl/bio.h>
#include <openssl/x509.h>

#include <memory>

namespace reeld {
namespace {

constexpr std::size_t max_shown_name = 200;

struct BioFree {
  void operator()(BIO* bio) const { BIO_free(bio); }
};

/// What a peer has written there is escaped: it is for a log.
std::string tell_name(const X509_NAME* name) {
  const std::unique_ptr<BIO, BioFree> memory(BIO_new(BIO_s_mem()));
  if (!memory || X509_NAME_print_ex(memory.get(), name, 0, XN_FLAG_ONELINE) < 0) return "";
  char* text = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &text);
  std::string out(text, static_cast<std::size_t>(size));
  if (out.size() > max_shown_name) out = out.substr(0, max_shown_name) + "...";
  return out;
}

TlsNotes* find_notes(const SSL* ssl) {
  return static_cast<TlsNotes*>(SSL_get_app_data(ssl));
}

}  // namespace

void keep_notes(SSL* ssl, TlsNotes& notes) {
  SSL_set_app_data(ssl, &notes);
}

int note_verification(int is_good, X509_STORE_CTX* context) {
  if (is_good == 1) return is_good;
  auto* const ssl =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
  TlsNotes* const notes = ssl == nullptr ? nullptr : find_notes(ssl);
  X509* const certificate = X509_STORE_CTX_get_current_cert(context);
  if (notes == nullptr || certificate == nullptr) return is_good;
  notes->issuer = tell_name(X509_get_issuer_name(certificate));
  notes->certificates = sk_X509_num(X509_STORE_CTX_get0_untrusted(context));
  return is_good;
}

int note_certificate_request(SSL* ssl, void*) {
  if (TlsNotes* const notes = find_notes(ssl)) notes->was_asked_for_certificate = true;
  return 1;
}

void note_alert(const SSL* ssl, int where, int value) {
  if (where != SSL_CB_READ_ALERT || (value >> 8) != SSL3_AL_FATAL) return;
  if (TlsNotes* const notes = find_notes(ssl)) notes->alert = value & 0xFF;
}

void note_ticket(const SSL* ssl) {
  if (TlsNotes* const notes = find_notes(ssl)) notes->has_ticket = true;
}

}  // namespace reeld
