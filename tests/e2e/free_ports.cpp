// Prints as many TCP ports of 127.0.0.1 as asked for, each free a moment ago and none twice.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

int main(int argc, char** argv) {
    const int count = argc > 1 ? std::atoi(argv[1]) : 1;
    for (int i = 0; i < count; ++i) {
        // Held until the end, so that the next one is another.
        const int held = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (bind(held, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
            getsockname(held, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
            return 1;
        }
        std::printf("%d\n", ntohs(address.sin_port));
    }
}
