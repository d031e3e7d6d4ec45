// Everything that a person does. The commands are in the library beside this file, so that tests run them in process.

#include <unistd.h>

#include <iostream>

#include "tools/cli.h"

int main(int argc, char** argv) {
    const bool interactive = isatty(STDIN_FILENO) != 0 && isatty(STDERR_FILENO) != 0;
    return probatum::tools::run({argv + 1, argv + argc}, {std::cout, std::cerr, interactive});
}
