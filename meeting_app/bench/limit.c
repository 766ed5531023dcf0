/* What the kernel itself costs: a bare epoll loop that writes one frame, made once, to every connection.
 *
 *   limit PORT
 *
 * No rows, no rooms, no rights, and of RFC 6455 only what a tablet of the measurement notices: the answer to the
 * handshake is always the same, and whatever text arrives is sent to all. A client that does not read is not waited for.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { MOST = 65536, GREETING = 2000, LARGEST = 65535, EVENTS = 1024 };

static const char ANSWER[] =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static int everybody[MOST], count;
static unsigned char here[MOST]; /* by descriptor: 1 before its handshake, 2 after it */
static unsigned char received[LARGEST + 16], framed[LARGEST + 16];

static size_t header(unsigned char *to, size_t length) {
    to[0] = 0x81; /* a whole text (RFC 6455, 5.2) */
    if (length < 126) {
        to[1] = (unsigned char)length;
        return 2;
    }
    to[1] = 126;
    to[2] = (unsigned char)(length >> 8);
    to[3] = (unsigned char)length;
    return 4;
}

static void leave(int fd) {
    for (int place = 0; place < count; place++)
        if (everybody[place] == fd) {
            everybody[place] = everybody[--count];
            break;
        }
    here[fd] = 0;
    close(fd);
}

static void greet(int fd, ssize_t got) {
    if (got < 4 || memcmp(received + got - 4, "\r\n\r\n", 4) != 0)
        return; /* the rest of the request is on its way */
    unsigned char greeting[4 + GREETING];
    size_t begun = header(greeting, GREETING);
    memset(greeting + begun, 'x', GREETING);
    if (send(fd, ANSWER, sizeof ANSWER - 1, 0) > 0 && send(fd, greeting, begun + GREETING, 0) > 0) {
        here[fd] = 2;
        everybody[count++] = fd;
    }
}

static void pass_on(size_t got) {
    size_t length = received[1] & 0x7f, at = 2;
    if (length == 126) {
        length = (size_t)received[2] << 8 | received[3];
        at = 4;
    }
    if (got < at + 4 + length)
        return;
    const unsigned char *mask = received + at;
    size_t begun = header(framed, length);
    for (size_t place = 0; place < length; place++)
        framed[begun + place] = received[at + 4 + place] ^ mask[place & 3];
    for (int place = 0; place < count; place++)
        (void)!write(everybody[place], framed, begun + length);
}

int main(int argc, char **argv) {
    if (argc != 2)
        return 2;
    signal(SIGPIPE, SIG_IGN);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int door = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), yes = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1]))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(door, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(door, (struct sockaddr *)&address, sizeof address) || listen(door, 4096))
        return 1;
    int poll = epoll_create1(0);
    struct epoll_event wanted = {.events = EPOLLIN, .data.fd = door}, events[EVENTS];
    epoll_ctl(poll, EPOLL_CTL_ADD, door, &wanted);
    fprintf(stderr, "ready\n");
    for (;;) {
        int ready = epoll_wait(poll, events, EVENTS, -1);
        for (int number = 0; number < ready; number++) {
            int fd = events[number].data.fd;
            if (fd == door) {
                while ((fd = accept4(door, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
                    if (fd >= MOST || count + 1 >= MOST) {
                        close(fd);
                        continue;
                    }
                    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
                    here[fd] = 1;
                    wanted.data.fd = fd;
                    epoll_ctl(poll, EPOLL_CTL_ADD, fd, &wanted);
                }
                continue;
            }
            ssize_t got = read(fd, received, sizeof received);
            if (got <= 0)
                leave(fd);
            else if (here[fd] == 1)
                greet(fd, got);
            else if (here[fd] == 2)
                pass_on((size_t)got);
        }
    }
}
