#include "net/tls_context.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <system_error>

#include "net/client_certificate.hpp"
#include "net/reasons.hpp"
#include "net/tls_notes.hpp"
#include "sys/unique_fd.hpp"

namespace reeld {
namespace {

// A lane widens one connection at a time, and a server sends a ticket or two with each.
constexpr std::size_t max_sessions = 16;

// AES-128 first: as good for this purpose as AES-256, and measurably cheaper.
constexpr const char* tls13_suites =
    "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256";

// With it a ClientHello takes more than one packet. Where large packets get lost on the way, it gets lost
// too, and the connection fails before a request has begun, even if a proxy acknowledges all that it is
// given.
constexpr std::array<unsigned char, 1500> padding{};
// A server ignores an extension of this type (RFC 8701).
constexpr unsigned padding_type = 0x2a2a;

constexpr std::array<unsigned char, 9> http_1_1 = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

bool is_address(const std::string& host) {
  std::array<unsigned char, 16> address{};
  return inet_pton(AF_INET, host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, host.c_str(), address.data()) == 1;
}

std::string take_library_reason() {
  const unsigned long error = ERR_peek_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(error)) return errno_text(ERR_GET_REASON(error));
  const char* reason = ERR_reason_error_string(error);
  return reason != nullptr ? reason : "unknown error";
}

/// Errors of the system keep their number: some of them pass.
void require(bool good, const std::string& doing) {
  if (good) return;
  const unsigned long error = ERR_peek_error();
  const int code = ERR_SYSTEM_ERROR(error) ? ERR_GET_REASON(error) : 0;
  const bool is_out_of_memory = !ERR_SYSTEM_ERROR(error) && ERR_GET_REASON(error) == ERR_R_MALLOC_FAILURE;
  const std::string reason = take_library_reason();
  if (code != 0) throw std::system_error(code, std::generic_category(), doing);
  if (is_out_of_memory) throw std::system_error(ENOMEM, std::generic_category(), doing);
  throw std::runtime_error(doing + ": " + reason);
}

/// To OpenSSL a file that cannot be read to its end is one without certificates.
void require_readable(const std::string& path) {
  const auto fail = [&path] {
    throw std::system_error(errno, std::generic_category(),
                            "api.ca_file: read the CA certificates in " + path);
  };
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!fd) fail();
  struct ::stat status {};
  // What comes out of a pipe comes once.
  if (::fstat(fd.get(), &status) == 0 && !S_ISREG(status.st_mode)) return;
  std::array<char, 4096> buffer{};
  ssize_t got = 0;
  do {
    got = ::read(fd.get(), buffer.data(), buffer.size());
  } while (got > 0 || (got < 0 && errno == EINTR));
  if (got < 0) fail();
}

// OpenSSL looks into a hashed folder only when it needs a certificate; the bundle beside it, which holds the
// same, would cost a megabyte and 45 ms.
bool is_hashed_folder(const char* path) {
  const auto is_hash_name = [](const std::filesystem::directory_entry& entry) {
    const std::string name = entry.path().filename();
    return name.size() == 10 && name.ends_with(".0");
  };
  std::error_code error;
  const std::filesystem::directory_iterator folder(path, error);
  return !error && std::any_of(begin(folder), end(folder), is_hash_name);
}

bool load_system_cas(SSL_CTX* context) {
  const bool is_overridden = std::getenv(X509_get_default_cert_file_env()) != nullptr ||
                             std::getenv(X509_get_default_cert_dir_env()) != nullptr;
  if (!is_overridden && is_hashed_folder(X509_get_default_cert_dir()))
    return SSL_CTX_set_default_verify_dir(context) == 1;
  return SSL_CTX_set_default_verify_paths(context) == 1;
}

void expect_name(SSL* ssl, const std::string& host) {
  X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
  if (is_address(host)) {
    require(X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1, "set up TLS with " + host);
    return;
  }
  X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  require(SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1,
          "set up TLS with " + host);
}

int add_padding(SSL*, unsigned, unsigned, const unsigned char** out, std::size_t* size, X509*, std::size_t,
                int*, void*) {
  *out = padding.data();
  *size = padding.size();
  return 1;
}

SslContextPtr make_context() {
  SslContextPtr context(SSL_CTX_new(TLS_client_method()));
  require(context != nullptr, "set up TLS");
  SSL_CTX* raw = context.get();
  require(SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION) == 1, "set up TLS");
  require(SSL_CTX_set_ciphersuites(raw, tls13_suites) == 1, "set up TLS");
  require(SSL_CTX_set_alpn_protos(raw, http_1_1.data(), http_1_1.size()) == 0, "set up TLS");
  require(SSL_CTX_add_custom_ext(raw, padding_type, SSL_EXT_CLIENT_HELLO, &add_padding, nullptr, nullptr,
                                 nullptr, nullptr) == 1,
          "set up TLS");
  // Whether a body is whole is told by its own framing, so an end without close_notify is an ordinary end.
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(
      raw, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_read_ahead(raw, 1);
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, &note_verification);
  SSL_CTX_set_cert_cb(raw, &note_certificate_request, nullptr);
  SSL_CTX_set_info_callback(raw, &note_alert);
  // Whoever puts an intermediate certificate into ca_file trusts it, whether or not its root is known.
  require(X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(raw), X509_V_FLAG_PARTIAL_CHAIN) == 1, "set up TLS");
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  return context;
}

}  // namespace

TlsContext::TlsContext(std::string host, const std::string& ca_file,
                       const std::optional<ClientCertificate>& certificate)
    : host_(std::move(host)), context_(make_context()) {
  ERR_clear_error();
  SSL_CTX_set_app_data(context_.get(), this);
  SSL_CTX_sess_set_new_cb(context_.get(), &TlsContext::take_new_session);
  require(load_system_cas(context_.get()), "load the system's CA certificates");
  if (!ca_file.empty()) require_readable(ca_file);
  if (!ca_file.empty())
    require(SSL_CTX_load_verify_locations(context_.get(), ca_file.c_str(), nullptr) == 1,
            "api.ca_file: read the CA certificates in " + ca_file);
  if (certificate) {
    use_client_certificate(context_.get(), *certificate);
    certificate_file_ = certificate->certificate.path;
  }
  ERR_clear_error();
}

SslPtr TlsContext::make_client() {
  SslPtr ssl(SSL_new(context_.get()));
  require(ssl != nullptr, "set up TLS with " + host_);
  expect_name(ssl.get(), host_);
  SSL_set_connect_state(ssl.get());
  offer_session(ssl.get());
  return ssl;
}

void TlsContext::offer_session(SSL* ssl) {
  if (sessions_.empty()) return;
  SSL_SESSION* newest = sessions_.back().get();
  SSL_set_session(ssl, newest);
  // A ticket of TLS 1.3 offered twice would let an onlooker link the two connections.
  if (SSL_SESSION_get_protocol_version(newest) >= TLS1_3_VERSION) sessions_.pop_back();
}

int TlsContext::take_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* self = static_cast<TlsContext*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  note_ticket(ssl);
  self->sessions_.emplace_back(session);
  if (self->sessions_.size() > max_sessions) self->sessions_.pop_front();
  return 1;  // the reference is ours now
}

}  // namespace reeld
