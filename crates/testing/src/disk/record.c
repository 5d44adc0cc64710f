/* Loaded into a program: writes down, in order, what the program writes to the files of one folder and
 * what it makes durable, and lets either fail for as long as a file called "write" or "sync" lies in
 * another folder. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum kind { WRITTEN = 1, CUT = 2, SYNCED = 3, LOST = 4 };

/* Followed by the file's name and, of what was written, the bytes. */
struct entry {
    uint32_t kind;
    uint32_t name_bytes;
    uint64_t at; /* where it was written, to what length it was cut, what was in the journal when the sync began */
    uint64_t bytes;
};

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static int journal = -1;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* The name of the folder's file that is open here, if it is one that has to last. */
static const char *lasting(int fd, char *path)
{
    const char *folder = getenv("WATCHED_DISK");
    char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = folder ? readlink(link, path, PATH_MAX - 1) : -1;
    if (length < 0)
        return NULL;
    path[length] = 0;
    size_t start = strlen(folder);
    if (strncmp(path, folder, start) || path[start] != '/')
        return NULL;
    const char *name = path + start + 1;
    return strstr(name, ".db") && !strstr(name, "-shm") && !strstr(name, ".lock") ? name : NULL;
}

static int fails(const char *what)
{
    char path[PATH_MAX];
    const char *faults = getenv("WATCHED_DISK_FAULTS");
    if (!faults)
        return 0;
    snprintf(path, sizeof path, "%s/%s", faults, what);
    return access(path, F_OK) == 0;
}

static void all(const void *data, size_t bytes)
{
    if (REAL(write)(journal, data, bytes) != (ssize_t)bytes)
        abort();
}

static void note(enum kind kind, const char *name, uint64_t at, const void *data, uint64_t bytes)
{
    struct entry entry = {kind, strlen(name), at, bytes};
    pthread_mutex_lock(&turn);
    if (journal < 0)
        journal = open(getenv("WATCHED_DISK_JOURNAL"), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    all(&entry, sizeof entry);
    all(name, entry.name_bytes);
    all(data, bytes);
    pthread_mutex_unlock(&turn);
}

static uint64_t noted(void)
{
    pthread_mutex_lock(&turn);
    off_t length = journal < 0 ? 0 : lseek(journal, 0, SEEK_END);
    pthread_mutex_unlock(&turn);
    return length;
}

static ssize_t wrote(ssize_t done, const char *name, off_t at, const void *data)
{
    int kept = errno;
    if (name && done > 0)
        note(WRITTEN, name, at, data, done);
    errno = kept;
    return done;
}

static int refused(const char *name, const char *what)
{
    if (!name || !fails(what))
        return 0;
    errno = EIO;
    return 1;
}

ssize_t write(int fd, const void *data, size_t bytes)
{
    char path[PATH_MAX];
    const char *name = lasting(fd, path);
    if (refused(name, "write"))
        return -1;
    off_t at = name ? lseek(fd, 0, SEEK_CUR) : 0;
    return wrote(REAL(write)(fd, data, bytes), name, at, data);
}

ssize_t pwrite(int fd, const void *data, size_t bytes, off_t at)
{
    char path[PATH_MAX];
    const char *name = lasting(fd, path);
    if (refused(name, "write"))
        return -1;
    return wrote(REAL(pwrite)(fd, data, bytes, at), name, at, data);
}

ssize_t pwrite64(int fd, const void *data, size_t bytes, off64_t at)
{
    return pwrite(fd, data, bytes, at);
}

int ftruncate(int fd, off_t length)
{
    char path[PATH_MAX];
    const char *name = lasting(fd, path);
    if (refused(name, "write"))
        return -1;
    int done = REAL(ftruncate)(fd, length);
    if (name && done == 0)
        note(CUT, name, length, NULL, 0);
    return done;
}

int ftruncate64(int fd, off64_t length)
{
    return ftruncate(fd, length);
}

static int synced(int fd, int (*real)(int))
{
    char path[PATH_MAX];
    const char *name = lasting(fd, path);
    uint64_t before = noted();
    if (refused(name, "sync")) {
        note(LOST, name, before, NULL, 0);
        errno = EIO;
        return -1;
    }
    int done = real(fd);
    if (name && done == 0)
        note(SYNCED, name, before, NULL, 0);
    return done;
}

int fsync(int fd)
{
    return synced(fd, REAL(fsync));
}

int fdatasync(int fd)
{
    return synced(fd, REAL(fdatasync));
}
