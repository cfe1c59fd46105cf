#pragma once
// Whether any process has a file open for writing: asked of the kernel with a read lease, which is taken,
// read and given back at once. While it is held (microseconds) a writer's open would wait and the holder gets
// SIGIO, which every program that calls this must ignore.
//
// Source: fcntl(2), F_SETLEASE. It needs the file's owner or CAP_LEASE, and is of no use on network file
// systems.

namespace reeld {

enum class LeaseAnswer {
  nobody_writes,
  being_written,
  cannot_tell,  // not the owner, or the file system has no leases
};

/// `fd` is open for reading only.
LeaseAnswer probe_writers(int fd);

}  // namespace reeld
