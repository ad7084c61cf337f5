// What Swift on Linux can't reach or can't do as fast: CRC32C, prefaulted segments, clocks, eventfd, affinity,
// terminals.
//
// A function that can fail returns -errno (never 0 or above on failure) and leaves nothing half open.
#ifndef FAIRLEAD_CPLATFORM_H
#define FAIRLEAD_CPLATFORM_H

#include <stddef.h>
#include <stdint.h>

/// CRC32C (Castagnoli) of `count` bytes, continued from `seed`; 0 starts anew. By SSE4.2 or ARMv8 where there is one.
uint32_t fairlead_crc32c(uint32_t seed, const void *bytes, size_t count);
/// The same by table, on any processor: what the hardware is tested against.
uint32_t fairlead_crc32c_table(uint32_t seed, const void *bytes, size_t count);
/// The same over a journal record of `count` bytes (a multiple of 8, at least 32), with bytes 28 to 31 taken as zero.
uint32_t fairlead_crc32c_record(uint32_t seed, const void *bytes, size_t count);

/// Opens a directory for the `*at` calls below; makes it (0700) when missing. Returns a descriptor.
int fairlead_directory_open(const char *path, int make);
/// Takes an exclusive advisory lock without waiting on a file (made 0600). Returns its descriptor; -EWOULDBLOCK if
/// held.
int fairlead_lock_exclusive(int directory, const char *name);
/// Makes a file (0600) of `byte_count` zeros that are written, not only reserved, synced and mapped shared; `prefaulted`
/// also stores into each page, so that no first store faults before the next sync. Returns its descriptor and the
/// mapping; removes the file again when anything fails.
int fairlead_segment_create(int directory, const char *name, size_t byte_count, int prefaulted, void **mapping);
/// Maps an existing file of exactly `*byte_count` bytes, which it tells. The pages from `blank_from` on, zeros by
/// contract, are written anew as zeros, so that a sync writes single pages; `SIZE_MAX` leaves all as it is.
int fairlead_segment_open(int directory, const char *name, size_t blank_from, size_t *byte_count, void **mapping);
/// Takes the write faults of a page-aligned range now. A hint: its failure costs the next store a fault, no more.
void fairlead_segment_prefault(void *start, size_t byte_count);
/// Ends a mapping and closes its descriptor.
void fairlead_segment_close(int descriptor, void *mapping, size_t byte_count);

/// Reads up to `count` bytes from `offset`; fewer only at the end of the file. Returns how many.
int64_t fairlead_file_read(int directory, const char *name, uint64_t offset, void *bytes, size_t count);
/// Makes or overwrites a file (0600) with these bytes and fsyncs it.
int fairlead_file_write(int directory, const char *name, const void *bytes, size_t count);
/// Cuts a file to `offset` bytes, writes these after them and syncs its data. Makes the file where `offset` is 0; one
/// that is shorter than `offset` is refused with ESPIPE.
int fairlead_file_extend(int directory, const char *name, uint64_t offset, const void *bytes, size_t count);
int64_t fairlead_file_size(int directory, const char *name);
int fairlead_file_rename(int directory, const char *from, const char *to);
int fairlead_file_remove(int directory, const char *name);
/// Writes the names of the directory's regular files, each ended by NUL. Returns the bytes needed, which may be more
/// than `capacity`: then call again with room.
int64_t fairlead_directory_list(int directory, char *names, size_t capacity);
int fairlead_sync_data(int descriptor);
int fairlead_sync(int descriptor);
void fairlead_close(int descriptor);

/// Nanoseconds since 1970, UTC.
int64_t fairlead_clock_wall_ns(void);
/// Nanoseconds of a clock that never steps back.
int64_t fairlead_clock_monotonic_ns(void);
/// Processor time of the calling thread.
int64_t fairlead_clock_thread_cpu_ns(void);

/// A counter that one thread signals and another sleeps on or polls.
int fairlead_eventfd_create(void);
int fairlead_eventfd_signal(int descriptor);
/// Waits at most `timeout_ms` (-1: for ever). Returns 1 when signalled, 0 when the time is over.
int fairlead_eventfd_wait(int descriptor, int timeout_ms);
/// Keeps the calling thread on one processor.
int fairlead_pin_thread(int processor);

/// The width and height of the terminal behind a descriptor, in cells; -ENOTTY where there is none, -ENODATA where it
/// doesn't know.
int fairlead_terminal_size(int descriptor, int *columns, int *rows);
/// 1 while the terminal gives each key at once and shows none of them.
int fairlead_terminal_is_raw(int descriptor);

/// Takes the terminal for a screen: raw keys, alternate screen, no cursor. Undone by `fairlead_screen_close`, also when
/// the process dies of a fault. Called again (after a stop of the process), it does so anew.
int fairlead_screen_open(int input, int output);
/// Gives the terminal back as it was. Harmless where nothing was taken; a signal handler may call it.
void fairlead_screen_close(void);
/// Blocks the signals that a screen lives with (end, new size, going on after a stop) in this thread and those that it
/// makes, and returns a descriptor that they are read from.
int fairlead_screen_signals(void);
/// The number of a signal that came; 0 where none has.
int fairlead_screen_take_signal(int signals);
/// Waits at most `timeout_ms` for any of three descriptors. Returns a bit for each that has something: 1, 2, 4.
int fairlead_screen_wait(int keys, int signals, int news, int timeout_ms);

/// Makes a pseudo-terminal of this size. Returns the side that stands for the person; writes the other's path.
int fairlead_pseudo_terminal_open(int columns, int rows, char *name, size_t capacity);
/// Gives it another size; the processes on it are told.
int fairlead_pseudo_terminal_resize(int master, int columns, int rows);
/// Starts a program in a session of its own, on the terminal of this path. Returns its process id.
int fairlead_pseudo_terminal_spawn(
    const char *name, const char *path, char *const arguments[], char *const environment[]);

/* 1 when all `count` bytes are zero. */
int fairlead_is_zero(const void *bytes, size_t count);

#endif
