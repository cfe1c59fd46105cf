#pragma once
// The codings that a body comes in, taken off: gateways compress their answers though a request asks them not
// to, and some say that they do where they do not.
//
// Source: RFC 9110 8.4 (Content-Encoding), RFC 9112 6.1 and 7 (Transfer-Encoding).

#include "core/bytes.hpp"
#include "http/http_message.hpp"

namespace reeld {

/// Takes off `reply.body` what its headers name (but `chunked`, which its reader has taken off), the last
/// first; then gzip that nothing has named. A body that is plain text is left as it is, whatever is said of
/// it. What cannot be taken off stays in `reply.body` as it came, and `coding`, `flaw` and `glimpse` tell of
/// it. `limit`: of what each coding may come to.
void take_codings_off(Reply& reply, Bytes limit);

}  // namespace reeld
