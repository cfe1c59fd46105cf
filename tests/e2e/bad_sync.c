/* Loaded before libc: calls that write fail as the file $REELD_TEST_FAULTS orders, which may change at any time.
 * A line of it is "CALL ERRNO PATH-PREFIX", CALL being sync, write or statfs; an ERRNO of -1 is no failure: the call
 * hangs for as long as the order stands. Each is noted in that file's name with ".hits" after it, one byte a call. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static long read_orders(const char *path, char *text, size_t size) {
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return 0;
  const long got = syscall(SYS_read, fd, text, size - 1);
  syscall(SYS_close, fd);
  return got > 0 ? got : 0;
}

static void note_hit(const char *orders) {
  char path[4096];
  snprintf(path, sizeof path, "%s.hits", orders);
  const int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return;
  syscall(SYS_write, fd, "x", 1);
  syscall(SYS_close, fd);
}

/* What is ordered for this call on that file, 0 for nothing. */
static int look_up_order(const char *call, int fd) {
  const char *const orders = getenv("REELD_TEST_FAULTS");
  char text[4096], link[64], path[4096];
  if (orders == NULL) return 0;
  const long size = read_orders(orders, text, sizeof text);
  if (size == 0) return 0;
  text[size] = '\0';
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = '\0';
  char *rest = NULL;
  for (char *line = strtok_r(text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
    char name[16], prefix[4096];
    int code = 0;
    if (sscanf(line, "%15s %d %4095s", name, &code, prefix) != 3) continue;
    if (strcmp(name, call) != 0 || strncmp(path, prefix, strlen(prefix)) != 0) continue;
    return code;
  }
  return 0;
}

/* The error that is ordered, 0 for none. */
static int find_order(const char *call, int fd) {
  int code = look_up_order(call, fd);
  if (code != 0) note_hit(getenv("REELD_TEST_FAULTS"));
  while (code < 0) {
    usleep(2000);
    code = look_up_order(call, fd);
  }
  return code;
}

#define FAIL_IF_ORDERED(call, fd)             \
  do {                                        \
    const int saved = errno;                  \
    const int ordered = find_order(call, fd); \
    errno = ordered != 0 ? ordered : saved;   \
    if (ordered != 0) return -1;              \
  } while (0)

int fsync(int fd) {
  FAIL_IF_ORDERED("sync", fd);
  return (int)syscall(SYS_fsync, fd);
}

int fdatasync(int fd) {
  FAIL_IF_ORDERED("sync", fd);
  return (int)syscall(SYS_fdatasync, fd);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t at) {
  FAIL_IF_ORDERED("write", fd);
  return syscall(SYS_pwrite64, fd, data, size, at);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) {
  return pwrite(fd, data, size, at);
}

/* Not a failure: CALL is statfs, and ERRNO what kind of file system is told of. */
int fstatfs(int fd, struct statfs *found) {
  const int done = (int)syscall(SYS_fstatfs, fd, found);
  const int kind = done == 0 ? find_order("statfs", fd) : 0;
  if (kind != 0) found->f_type = kind;
  return done;
}

ssize_t write(int fd, const void *data, size_t size) {
  FAIL_IF_ORDERED("write", fd);
  return syscall(SYS_write, fd, data, size);
}
