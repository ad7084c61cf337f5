#define _GNU_SOURCE
#include "CPlatform.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static int failure(void) { return errno > 0 ? -errno : -EIO; }

// Directory and lock

int fairlead_directory_open(const char *path, int make) {
    if (make && mkdir(path, 0700) != 0 && errno != EEXIST) return failure();
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return directory >= 0 ? directory : failure();
}

int fairlead_lock_exclusive(int directory, const char *name) {
    int lock = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (lock < 0) return failure();
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        int error = failure();
        close(lock);
        return error;
    }
    return lock;
}

int64_t fairlead_directory_list(int directory, char *names, size_t capacity) {
    int copy = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (copy < 0) return failure();
    DIR *stream = fdopendir(copy);
    if (!stream) {
        int error = failure();
        close(copy);
        return error;
    }
    size_t used = 0;
    for (;;) {
        errno = 0;
        struct dirent *entry = readdir(stream);
        if (!entry) break;
        struct stat status;
        if (fstatat(directory, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) continue; // removed meanwhile
        if (!S_ISREG(status.st_mode)) continue;
        size_t count = strlen(entry->d_name) + 1;
        if (used + count <= capacity) memcpy(names + used, entry->d_name, count);
        used += count;
    }
    int error = errno;
    closedir(stream);
    return error ? -(int64_t)error : (int64_t)used;
}

// Segments

static int write_all(int descriptor, const char *bytes, size_t count) {
    while (count > 0) {
        ssize_t written = write(descriptor, bytes, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure();
        if (written == 0) return -EIO;
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

// A page a write. A larger write makes a larger folio of the page cache (1 MiB a folio, where a write has 1 MiB), and a
// store through a mapping dirties its whole folio: each sync would write 1 MiB for one record.
static int write_zeros(int descriptor, size_t offset, size_t end) {
    enum { page = 4096 };
    static const char zeros[page];
    while (offset < end) {
        size_t now = end - offset < page ? end - offset : page;
        ssize_t written = pwrite(descriptor, zeros, now, (off_t)offset);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return failure();
        if (written == 0) return -EIO;
        offset += (size_t)written;
    }
    return 0;
}

int fairlead_segment_create(int directory, const char *name, size_t byte_count, int prefaulted, void **mapping) {
    int file = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return failure();
    int error = -posix_fallocate(file, 0, (off_t)byte_count);
    // Zeros are written, not only reserved: a later fdatasync then has no metadata to write.
    if (error == 0) error = write_zeros(file, 0, byte_count);
    if (error == 0 && fsync(file) != 0) error = failure();
    void *address = MAP_FAILED;
    if (error == 0) {
        address = mmap(NULL, byte_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
        if (address == MAP_FAILED) error = failure();
    }
    if (error != 0) {
        close(file);
        unlinkat(directory, name, 0);
        return error;
    }
    if (prefaulted) {
        volatile char *pages = address;
        for (size_t offset = 0; offset < byte_count; offset += 4096) pages[offset] = 0;
    }
    *mapping = address;
    return file;
}

int fairlead_segment_open(int directory, const char *name, size_t blank_from, size_t *byte_count, void **mapping) {
    int file = openat(directory, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return failure();
    struct stat status;
    int error = fstat(file, &status) != 0 ? failure() : status.st_size <= 0 ? -ENODATA : 0;
    if (error == 0 && blank_from < (size_t)status.st_size) {
        // What was read on the way here lies in large folios: dropped (only what is clean can be), then made again page
        // by page.
        if (fdatasync(file) != 0) error = failure();
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        if (error == 0) error = write_zeros(file, (blank_from + 4095) & ~(size_t)4095, (size_t)status.st_size);
    }
    if (error != 0) {
        close(file);
        return error;
    }
    *byte_count = (size_t)status.st_size;
    void *address = mmap(NULL, *byte_count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
    if (address == MAP_FAILED) {
        error = failure();
        close(file);
        return error;
    }
    *mapping = address;
    return file;
}

void fairlead_segment_prefault(void *start, size_t byte_count) {
#ifdef MADV_POPULATE_WRITE
    madvise(start, byte_count, MADV_POPULATE_WRITE);
#else
    (void)start;
    (void)byte_count;
#endif
}

void fairlead_segment_close(int descriptor, void *mapping, size_t byte_count) {
    munmap(mapping, byte_count);
    close(descriptor);
}

// Files

int64_t fairlead_file_read(int directory, const char *name, uint64_t offset, void *bytes, size_t count) {
    int file = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return failure();
    size_t done = 0;
    while (done < count) {
        ssize_t got = pread(file, (char *)bytes + done, count - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) {
            int error = failure();
            close(file);
            return error;
        }
        if (got == 0) break;
        done += (size_t)got;
    }
    close(file);
    return (int64_t)done;
}

int fairlead_file_write(int directory, const char *name, const void *bytes, size_t count) {
    int file = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return failure();
    int error = write_all(file, bytes, count);
    if (error == 0 && fsync(file) != 0) error = failure();
    if (close(file) != 0 && error == 0) error = failure();
    return error;
}

int fairlead_file_extend(int directory, const char *name, uint64_t offset, const void *bytes, size_t count) {
    int make = offset == 0 ? O_CREAT : 0;
    int file = openat(directory, name, O_WRONLY | make | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return failure();
    struct stat status;
    int error = fstat(file, &status) == 0 ? 0 : failure();
    if (error == 0 && (uint64_t)status.st_size < offset) error = -ESPIPE;
    if (error == 0 && (uint64_t)status.st_size > offset && ftruncate(file, (off_t)offset) != 0) error = failure();
    if (error == 0 && lseek(file, (off_t)offset, SEEK_SET) < 0) error = failure();
    if (error == 0) error = write_all(file, bytes, count);
    if (error == 0 && fdatasync(file) != 0) error = failure();
    if (close(file) != 0 && error == 0) error = failure();
    return error;
}

int64_t fairlead_file_size(int directory, const char *name) {
    struct stat status;
    if (fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) != 0) return failure();
    return (int64_t)status.st_size;
}

int fairlead_file_rename(int directory, const char *from, const char *to) {
    return renameat(directory, from, directory, to) == 0 ? 0 : failure();
}

int fairlead_file_remove(int directory, const char *name) {
    return unlinkat(directory, name, 0) == 0 ? 0 : failure();
}

int fairlead_sync_data(int descriptor) { return fdatasync(descriptor) == 0 ? 0 : failure(); }
int fairlead_sync(int descriptor) { return fsync(descriptor) == 0 ? 0 : failure(); }
void fairlead_close(int descriptor) { close(descriptor); }

// Clocks and threads

static int64_t clock_ns(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t fairlead_clock_wall_ns(void) { return clock_ns(CLOCK_REALTIME); }
int64_t fairlead_clock_monotonic_ns(void) { return clock_ns(CLOCK_MONOTONIC); }
int64_t fairlead_clock_thread_cpu_ns(void) { return clock_ns(CLOCK_THREAD_CPUTIME_ID); }

int fairlead_eventfd_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor >= 0 ? descriptor : failure();
}

int fairlead_eventfd_signal(int descriptor) {
    return eventfd_write(descriptor, 1) == 0 || errno == EAGAIN ? 0 : failure();
}

int fairlead_eventfd_wait(int descriptor, int timeout_ms) {
    struct pollfd watched = {.fd = descriptor, .events = POLLIN};
    int ready = poll(&watched, 1, timeout_ms);
    if (ready < 0) return errno == EINTR ? 0 : failure();
    if (ready == 0) return 0;
    eventfd_t count;
    return eventfd_read(descriptor, &count) == 0 ? 1 : errno == EAGAIN ? 0 : failure();
}

int fairlead_pin_thread(int processor) {
    if (processor < 0 || processor >= CPU_SETSIZE) return -EINVAL;
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(processor, &set);
    return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : failure();
}

int fairlead_is_zero(const void *bytes, size_t count) {
    const unsigned char *first = bytes;
    /* Each byte equals its neighbour, and the first is zero: memcmp does the walking, also in a debug build. */
    return count == 0 || (first[0] == 0 && memcmp(first, first + 1, count - 1) == 0);
}
