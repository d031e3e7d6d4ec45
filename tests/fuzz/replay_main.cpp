// Runs a fuzz target without libFuzzer: every file of a corpus, every prefix of it, and seeded mutations.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using Input = std::vector<std::uint8_t>;

std::vector<Input> read_corpus(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> paths;
    for (const auto& entry : std::filesystem::directory_iterator{folder}) {
        paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    std::vector<Input> out;
    for (const auto& path : paths) {
        std::ifstream in{path, std::ios::binary};
        out.emplace_back(std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{});
    }
    return out;
}

void run(const Input& input) {
    // An exact copy on the heap, so that a sanitizer sees a read one byte beyond it.
    const std::vector<std::uint8_t> exact{input.begin(), input.end()};
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

class Mutator {
public:
    explicit Mutator(std::uint64_t seed) : random_{seed} {}

    Input mutate(const std::vector<Input>& corpus) {
        Input out = corpus[below(corpus.size())];
        for (std::size_t times = 1 + below(4); times > 0; --times) {
            change(out, corpus);
        }
        return out;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : static_cast<std::size_t>(random_() % bound); }
    std::uint8_t byte() { return static_cast<std::uint8_t>(random_()); }
    static Input::difference_type at(std::size_t index) { return static_cast<Input::difference_type>(index); }

    void change(Input& out, const std::vector<Input>& corpus) {
        const std::size_t where = below(out.size());
        switch (below(6)) {
            case 0:
                if (!out.empty()) {
                    out[where] = static_cast<std::uint8_t>(out[where] ^ 1U << below(8));
                }
                break;
            case 1:
                if (!out.empty()) {
                    out[where] = byte();
                }
                break;
            case 2:
                out.insert(out.begin() + at(where), byte());
                break;
            case 3:
                if (!out.empty()) {
                    out.erase(out.begin() + at(where));
                }
                break;
            case 4:
                out.resize(where);
                break;
            default: {
                const Input& other = corpus[below(corpus.size())];
                const std::size_t from = below(other.size());
                out.resize(where);
                out.insert(out.end(), other.begin() + at(from), other.end());
            }
        }
    }

    std::mt19937_64 random_;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fprintf(stderr, "usage: %s CORPUS_FOLDER MUTATIONS [PROBATUM_SEED in the environment]\n", argv[0]);
        return 2;
    }
    const std::vector<Input> corpus = read_corpus(argv[1]);
    if (corpus.empty()) {
        std::fprintf(stderr, "the corpus %s is empty\n", argv[1]);
        return 1;
    }
    std::size_t runs = 0;
    for (const Input& input : corpus) {
        run(input);
        for (std::size_t size = 0; size < std::min<std::size_t>(input.size(), 512); ++size, ++runs) {
            run(Input(input.begin(), input.begin() + static_cast<Input::difference_type>(size)));
        }
    }
    const char* const named_seed = std::getenv("PROBATUM_SEED");
    const std::uint64_t seed = named_seed != nullptr ? std::strtoull(named_seed, nullptr, 10) : 20261121U;
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    std::fflush(stdout);
    Mutator mutator{seed};
    const long mutations = std::strtol(argv[2], nullptr, 10);
    for (long i = 0; i < mutations; ++i, ++runs) {
        run(mutator.mutate(corpus));
    }
    std::printf("%zu files and %zu variations\n", corpus.size(), runs);
    return 0;
}
