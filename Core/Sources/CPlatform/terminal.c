#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

static int failure(void) { return errno > 0 ? -errno : -EIO; }

int fairlead_terminal_size(int descriptor, int *columns, int *rows) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return failure();
    if (size.ws_col == 0 || size.ws_row == 0) return -ENODATA;
    *columns = size.ws_col;
    *rows = size.ws_row;
    return 0;
}

// The screen: one of the process, since the terminal is.

// Alternate screen, no cursor, no wrapping at the last column; and back, colours and half a drawing undone too.
static const char enter_text[] = "\033[?1049h\033[?25l\033[?7l\033[0m\033[2J";
static const char leave_text[] = "\033[?2026l\033[0m\033[?7h\033[?25h\033[?1049l";
static const int fatal_signals[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
enum { fatal_count = sizeof fatal_signals / sizeof *fatal_signals };

static struct termios saved;
static struct sigaction former[fatal_count];
static int screen_input = -1, screen_output = -1;
static volatile sig_atomic_t is_open = 0;

static int tell(int output, const char *text) {
    size_t count = strlen(text);
    while (count > 0) {
        ssize_t written = write(output, text, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return failure();
        text += written;
        count -= (size_t)written;
    }
    return 0;
}

// Only what a signal handler may call.
void fairlead_screen_close(void) {
    if (!is_open) return;
    is_open = 0;
    int error = errno;
    tell(screen_output, leave_text);
    tcsetattr(screen_input, TCSANOW, &saved);
    errno = error;
}

static void died(int number) {
    fairlead_screen_close();
    for (int index = 0; index < fatal_count; index++) {
        if (fatal_signals[index] == number) sigaction(number, &former[index], NULL);
    }
    raise(number); // waits for the end of this handler, then meets what was there before
}

static int make_raw(void) {
    struct termios raw = saved;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK | ISTRIP | IXON);
    raw.c_oflag &= ~(tcflag_t)OPOST;
    raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
    raw.c_cflag |= CS8;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    return tcsetattr(screen_input, TCSANOW, &raw) == 0 ? 0 : failure();
}

int fairlead_screen_open(int input, int output) {
    if (is_open) {
        int error = make_raw();
        return error != 0 ? error : tell(screen_output, enter_text);
    }
    if (tcgetattr(input, &saved) != 0) return failure();
    screen_input = input;
    screen_output = output;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = died;
    sigemptyset(&action.sa_mask);
    for (int index = 0; index < fatal_count; index++) sigaction(fatal_signals[index], &action, &former[index]);
    is_open = 1;
    int error = make_raw();
    if (error == 0) error = tell(output, enter_text);
    if (error != 0) fairlead_screen_close();
    return error;
}

int fairlead_screen_signals(void) {
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGCONT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < sizeof watched / sizeof *watched; index++) sigaddset(&set, watched[index]);
    int error = pthread_sigmask(SIG_BLOCK, &set, NULL);
    if (error != 0) return -error;
    int descriptor = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    return descriptor >= 0 ? descriptor : failure();
}

int fairlead_screen_take_signal(int signals) {
    struct signalfd_siginfo found;
    ssize_t count = read(signals, &found, sizeof found);
    return count == (ssize_t)sizeof found ? (int)found.ssi_signo : 0;
}

int fairlead_screen_wait(int keys, int signals, int news, int timeout_ms) {
    struct pollfd watched[] = {
        {.fd = keys, .events = POLLIN}, {.fd = signals, .events = POLLIN}, {.fd = news, .events = POLLIN}};
    int ready = poll(watched, 3, timeout_ms);
    if (ready < 0) return errno == EINTR ? 0 : failure();
    int found = 0;
    for (int index = 0; index < 3; index++) {
        // A terminal that is gone is readable: its read then says so.
        if (watched[index].revents != 0) found |= 1 << index;
    }
    return found;
}

// Pseudo-terminals

int fairlead_pseudo_terminal_open(int columns, int rows, char *name, size_t capacity) {
    int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return failure();
    int error = grantpt(master) != 0 || unlockpt(master) != 0 ? failure() : 0;
    if (error == 0) error = -ptsname_r(master, name, capacity);
    if (error == 0) error = fairlead_pseudo_terminal_resize(master, columns, rows);
    if (error != 0) {
        close(master);
        return error;
    }
    return master;
}

int fairlead_pseudo_terminal_resize(int master, int columns, int rows) {
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    return ioctl(master, TIOCSWINSZ, &size) == 0 ? 0 : failure();
}

int fairlead_pseudo_terminal_spawn(
    const char *name, const char *path, char *const arguments[], char *const environment[]) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, ordinary;
    sigemptyset(&none);
    sigfillset(&ordinary);
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    // A leader of a session that opens a terminal is controlled by it: it hears of a new size and of its end.
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    posix_spawn_file_actions_adddup2(&actions, 0, 2);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ordinary);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    pid_t child = 0;
    int error = posix_spawn(&child, path, &actions, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error == 0 ? (int)child : -error;
}

int fairlead_terminal_is_raw(int descriptor) {
    struct termios now;
    if (tcgetattr(descriptor, &now) != 0) return failure();
    return (now.c_lflag & (ICANON | ECHO)) == 0;
}
