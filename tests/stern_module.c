/* A PKCS#11 module around another one (STERN_MODULE) that does what SoftHSM2 never does: it locks the user's PIN
   after three wrong ones, as cards do, and misbehaves while certain files lie in STERN_FOLDER. */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef unsigned long number;

enum { OK = 0, PIN_INCORRECT = 0xA0, PIN_LOCKED = 0xA4, TRIES = 3 };
/* Places in CK_FUNCTION_LIST, version 2.40. */
enum { LOGIN = 18, LOGOUT = 19, SIGN = 43, FUNCTIONS = 68 };

struct list {
    unsigned char version[2];
    void *functions[FUNCTIONS];
};

static struct list ours;
static number (*real_login)(number, number, char *, number);
static number (*real_logout)(number);
static number (*real_sign)(number, unsigned char *, number, unsigned char *, number *);

static const char *file(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("STERN_FOLDER"), name);
    return path;
}

static int told_to(const char *name) { return access(file(name), F_OK) == 0; }

/* One byte for each wrong PIN: it outlives the process, as in a card. */
static long tries(void) {
    struct stat found;
    return stat(file("tries"), &found) == 0 ? (long)found.st_size : 0;
}

static void count_try(void) {
    int written = open(file("tries"), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (written < 0 || write(written, "x", 1) != 1) abort();
    close(written);
}

static number login(number session, number user, char *pin, number size) {
    if (told_to("chat")) {
        printf("{\"end\": \"\"}\n");
        fflush(stdout);
    }
    while (told_to("hang")) pause();
    if (tries() >= TRIES) return PIN_LOCKED;
    number answer = real_login(session, user, pin, size);
    if (answer == PIN_INCORRECT) count_try();
    if (answer == OK) unlink(file("tries"));
    return answer;
}

static number logout(number session) { return told_to("linger") ? OK : real_logout(session); }

static number sign(number session, unsigned char *data, number size, unsigned char *value, number *length) {
    number answer = real_sign(session, data, size, value, length);
    if (answer == OK && value != NULL && told_to("lie")) value[*length - 1] ^= 1;
    return answer;
}

number C_GetFunctionList(void **functions) {
    void *module = dlopen(getenv("STERN_MODULE"), RTLD_NOW);
    number (*get)(void **) = module ? dlsym(module, "C_GetFunctionList") : NULL;
    void *real;
    if (get == NULL || get(&real) != OK) abort();
    memcpy(&ours, real, sizeof ours);
    real_login = ours.functions[LOGIN];
    real_logout = ours.functions[LOGOUT];
    real_sign = ours.functions[SIGN];
    ours.functions[LOGIN] = login;
    ours.functions[LOGOUT] = logout;
    ours.functions[SIGN] = sign;
    *functions = &ours;
    return OK;
}
