#include "fuzz/seeds.hpp"

#include "support/deflating.hpp"
#include "support/images.hpp"

namespace reeld {

using namespace std::string_literals;

Seeds make_image_seeds() {
  const std::string progressive = "\xFF\xD8" + test::jpeg_frame(0xC2, 64, 48) + test::jpeg_scan_head(3) +
                                  test::jpeg_noise(200) + test::jpeg_segment(0xC4, "table") +
                                  test::jpeg_scan_head(1) + test::jpeg_noise(200) + "\xFF\xD9trailing";
  const std::string extended = test::webp_file(test::webp_chunk("VP8X", "\x10\0\0\0\x40\0\0\x30\0\0"s) +
                                               test::webp_chunk("ALPH", "odd"));
  return {{test::make_png(64, 48, 300), test::make_jpeg(64, 48, 300), test::make_webp(64, 48, 300),
           progressive, extended, "GIF89a", "<html>"},
          {"IHDR", "IDAT", "IEND", "RIFF", "WEBP", "VP8 ", "VP8L", "VP8X", "\xFF\xD8", "\xFF\xD9", "\xFF\xDA",
           "\xFF\xC0", "\xFF\xC2", "\xFF\xFF", "\0\0\0\0"s, "\xFF\0"s, "\x7F\xFF\xFF\xFF"}};
}

Seeds make_http_reply_seeds() {
  const std::string ok = "HTTP/1.1 200 OK\r\n";
  return {
      {ok + "Content-Length: 5\r\n\r\nhello, and more", ok + "\r\nuntil the end",
       ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;a=\"b\"\r\n???\r\n0\r\nX-T: 1\r\n\r\nmore",
       "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.0 503 Busy\r\nRetry-After: 3\r\nConnection: keep-alive\r\n\r\n",
       "HTTP/1.1 204\nA: b\n\n"},
      {"\r\n",
       "\r\n\r\n",
       "\n",
       "\r",
       "0\r\n",
       "0\r\n\r\n",
       "Content-Length: ",
       "Transfer-Encoding: chunked\r\n",
       "Transfer-Encoding: gzip\r\n",
       "Content-Length: x\r\n",
       "{\"id\":1}",
       "Connection: close\r\n",
       "HTTP/1.1 ",
       "HTTP/1.0 ",
       " 101 ",
       "ffffffffffffffff",
       "18446744073709551615",
       ": ",
       ",",
       ";",
       "\t"}};
}

Seeds make_coded_answer_seeds() {
  const std::string answer = R"({"id":"video_1","data":{"task_id":17,"prompt":"\"id\""},"x":NaN})";
  return {{"\0"s + answer, "\1"s + test::gzip(answer), "\2"s + test::zlib(answer),
           "\2"s + test::bare_deflate(answer), "\4"s + test::gzip(test::gzip(answer)),
           "\6"s + test::gzip(std::string(9000, ' ')), "\3<html>"},
          {"\x1F\x8B\x08", "\x78\x9C", "\"id\":", "\"task_id\":", "\"", "\\", "{", "}", "\0\0\xFF\xFF"s}};
}

Seeds make_prompt_seeds() {
  return {{"a cow dances\n", "+++\nseconds = 4\n+++\na cow\r\n",
           "\xEF\xBB\xBF+++\r\nsize = '9x16'\r\n+++\r\n让牛\r\n", "\xFF\xFEh\0i\0"s, "caf\xE9"},
          {"+++", "+++\n", "+++\r\n", "\n", "\r\n", "\xEF\xBB\xBF", "\xFF\xFE", "让", "🐄", "\xED\xA0\x80",
           "\0"s, " = ", "'", "\"\"\"", "[job]"}};
}

Seeds make_job_fields_seeds() {
  return {{"model = 'sora-2'\nseconds = 10\nwatermark = false\nscale = 1.5\n[job]\nsize = \"16x9\"\n",
           "at = 2026-11-22T07:32:00Z\nday = 2026-11-22\nnote = '''\nlong\n'''\n", "job = { model = 'x' }\n",
           "sizes = [1, 2]\n", "[a.b]\nc = 1\n"},
          {"[job]\n", "[[job]]\n",  "[",      "]",   "{",       "}",  "=",           " = ", ".",
           "\"",      "'",          "\"\"\"", "'''", "\\u0000", "\\", "inf",         "nan", "1e400",
           "0x",      "2026-11-22", "prompt", "\n",  "\r\n",    "#",  "\xEF\xBB\xBF"}};
}

Seeds make_job_json_seeds() {
  return {
      {R"({"id":"video_1","status":"queued","progress":0,"error":null})",
       R"({"error":{"message":"no","message_zh":"不","type":"t","param":"size","code":"c","retryAfter":1.5}})",
       R"({"code":"success","message":"","data":{"task_id":"t:1","status":"SUBMITTED"}})",
       R"({"id":"","status":"error","error":"busy"})", "[1,2,{}]"},
      {"{",
       "}",
       "[",
       "]",
       "\"",
       ":",
       ",",
       "null",
       "true",
       "\"id\":",
       "\"data\":{",
       "\"error\":",
       "\"code\":",
       "\"message\":",
       "\"retryAfter\":",
       "\\ud83d",
       "\\u0000",
       "1e308",
       "-0",
       "\xEF\xBB\xBF",
       "\xFF"}};
}

Seeds make_retry_after_seeds() {
  return {
      {"120", "0.25", "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
       "Sun Nov  6 08:49:37 1994", "99999999999999999999"},
      {"0", "9", ".", "-", "e", "inf", "Nov", "Feb", " 29 ", " 31 ", "9999", "0000", ":", ":60", " ", "GMT"}};
}

Seeds make_page_request_seeds() {
  return {{"GET /metrics HTTP/1.1\r\nHost: localhost:9465\r\nAccept: text/plain;version=0.0.4\r\n\r\n",
           "HEAD /healthz?full=1 HTTP/1.0\r\n\r\n", "GET http://a/b HTTP/1.1\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"},
          {"GET ", "HEAD ", " HTTP/1.1\r\n", "\r\n", "\r\n\r\n", "http://", "?", "#",
           "Content-Length: ", "Transfer-Encoding: chunked\r\n", ": ", " "}};
}

Seeds make_settings_seeds() {
  return {
      {"[api]\nurl = \"https://a.example/v1\"\n[spool]\npath = \"/s\"\nsettle = \"500ms\"\nignore = [\"a\", "
       "\"!lost+found\"]\n",
       "[api]\nurl = \"http://127.0.0.1:1\"\nproxy = \"http://u:p@h:1\"\n[job]\nmodel = \"m\"\nseconds = 4\n",
       "[api]\nurl = \"https://a\"\n[submit]\nconcurrency = 3\nbackoff = [\"1s\", "
       "\"5m\"]\n[[verdict]]\nstatus = [500]\n"
       "verdict = \"doubt\"\n[metrics]\nlisten = \"[::1]:1\"\n",
       "[spool]\npaht = \"/s\"\n[ledger]\nkeep = \"90d\"\n[log]\nlevel = \"loud\"\n"},
      {"[api]\n",
       "[spool]\n",
       "[job]\n",
       "[[verdict]]\n",
       "[follow]\n",
       "[log]\n",
       "[",
       "]",
       "=",
       "\"",
       "\"\"\"",
       "'",
       "\n",
       ".",
       "1h30m",
       "KiB",
       "4GiB",
       "-1",
       "1e9",
       "true",
       "nan",
       "\\u0000",
       "http://",
       "https://",
       "@",
       "%00",
       "?x=1",
       "/v1/videos",
       ":0",
       "\xFF",
       "0x7FFFFFFFFFFFFFFF"}};
}

Seeds make_file_names_seeds() {
  return {{"scene.txt\nScene.png\nphoto.heic\nphoto.txt\nclip.png.png\nclip.txt",
           "x.txt.txt\nx.png\nscene .jfif\nscene.txt", "\u00E9t\u00E9.txt\ne\u0301te\u0301.png\nÉTÉ.JPG",
           "a.job.json\na.txt\na.JPE\na.error.json\n.a.txt\nreeld.toml",
           "a.sync-conflict-20260101-1.txt\na (conflicted copy 2026-01-01).png\nb (Case Conflict).txt"},
          {".txt",         ".TXT",      ".png",        ".jpeg", ".jpe", ".jfif", ".webp", ".heic",  ".md",
           ".part",        ".job.json", ".doubt.json", ".",     "..",   " ",     "\n",    "\u0301", "\u00E9",
           "\u1100\u1161", "\uAC00",    "ß",           "İ",     "\xFF", "\xC3",  "\0"s,   "/"}};
}

Seeds make_watch_events_seeds() {
  const auto make = [](std::uint32_t watch, std::uint32_t mask, std::string name, std::size_t room) {
    name.resize(room);
    return test::little_endian(watch, 4) + test::little_endian(mask, 4) + test::little_endian(7, 4) +
           test::little_endian(room, 4) + name;
  };
  return {{make(1, 8, "a.txt", 16) + make(2, 0x40000100, "folder", 16), make(0xFFFFFFFF, 0x4000, "", 0),
           make(1, 0x80, std::string(255, 'n'), 256) + make(3, 0x8000, "", 0), make(1, 2, "a", 1),
           make(1, 2, "", 16)},
          {"\0"s, "\0\0\0\0"s, "\x10\0\0\0"s, "\xFF\xFF\xFF\xFF", "\x01\0\0\0"s, "name"}};
}

Seeds make_video_json_seeds() {
  return {
      {R"({"id":"video_1","status":"completed","progress":100,"expires_at":1761708632,"url":"https://a/v"})",
       R"({"id":"video_1","data":{"status":"SUCCESS","progress":"33%","data":{"video_url":"/v"}}})",
       R"({"id":"video_1","output":["https://a/v",{"url":"http://a/w"}],"content":{"url":"https://a/x"}})",
       R"({"code":"task_not_exist","message":"no","data":null})",
       R"({"id":"video_1","status":"failed","error":{"message":"blocked"},"thumbnail_url":"https://a/t"})"},
      {"\"id\":\"video_1\"",
       "\"status\":",
       "\"completed\"",
       "\"data\":{",
       "\"data\":[",
       "\"output\":",
       "\"url\":",
       "\"video_url\":",
       "\"content\":{",
       "\"progress\":",
       "\"33%\"",
       "\"expires_at\":",
       "https://",
       "//",
       "@",
       "1e308",
       "-1",
       "null",
       "NaN",
       "{",
       "}",
       "[",
       "]",
       ",",
       "\"",
       "\\ud83d",
       "\xFF"}};
}

Seeds make_content_range_seeds() {
  return {{"bytes 0-0/1", "bytes 7-999/1000", "bytes 7-999/*", "bytes */7", "\"v\"", "W/\"v\""},
          {"bytes ", "BYTES ", "*", "/", "-", "0", "7", "999", "1000", "18446744073709551615",
           "18446744073709551616", " ", ",", "\"", "+"}};
}

Seeds make_location_seeds() {
  return {{"https://cdn.example/a.mp4?sig=x#f", "/v1/files/a", "../b/./c?d", "//cdn.example:8443/x",
           "http://[::1]:80/", "https://u:p@a/", "?x", "", "https://192.0.2.1/\xE7\x89\x9B |"},
          {"https://", "http://", "//", "/",    "/../",        "/./",  "..",   ".",  "?",
           "#",        "@",       ":",  "[",    "]",           "::1",  ":443", ":0", "%2e",
           "%",        " ",       "\\", "\r\n", "api.example", "xn--", "\xFF", "\t"}};
}

}  // namespace reeld
