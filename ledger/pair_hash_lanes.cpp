#include "ledger/pair_hash_lanes.h"

namespace probatum::ledger::lanes {

namespace {

using Word = std::uint32_t;
using Vector [[gnu::vector_size(kCount * sizeof(Word))]] = Word;

constexpr Word kRound[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
constexpr Word kInitial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                              0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// Vectors never cross a call: their calling convention differs between processors.
#define ROTR(x, n) (((x) >> (n)) | ((x) << (32 - (n))))

void compress(Vector* state, Vector* w) {
    Vector a = state[0], b = state[1], c = state[2], d = state[3];
    Vector e = state[4], f = state[5], g = state[6], h = state[7];
#pragma GCC unroll 64
    for (int t = 0; t < 64; ++t) {
        if (t >= 16) {
            const Vector early = w[(t + 1) % 16];
            const Vector late = w[(t + 14) % 16];
            w[t % 16] += (ROTR(early, 7) ^ ROTR(early, 18) ^ (early >> 3)) + w[(t + 9) % 16] +
                         (ROTR(late, 17) ^ ROTR(late, 19) ^ (late >> 10));
        }
        const Vector t1 = h + (ROTR(e, 6) ^ ROTR(e, 11) ^ ROTR(e, 25)) + (g ^ (e & (f ^ g))) + kRound[t] + w[t % 16];
        const Vector t2 = (ROTR(a, 2) ^ ROTR(a, 13) ^ ROTR(a, 22)) + ((a & b) | (c & (a | b)));
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + t2;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
}

#undef ROTR

Word big_endian(const std::uint8_t* from) {
    Word word = 0;
    __builtin_memcpy(&word, from, sizeof word);
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap32(word) : word;
}

}  // namespace

bool supported() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") != 0;
#else
    return true;
#endif
}

void hash(std::uint8_t prefix, const Pairs& pairs) {
    Vector first_block[16];
    Vector second_block[16] = {};
    for (std::size_t lane = 0; lane < kCount; ++lane) {
        // The prefix shifts every word by one byte.
        const std::uint8_t* const first = pairs.first[lane];
        const std::uint8_t* const second = pairs.second[lane];
        first_block[0][lane] = Word{prefix} << 24U | big_endian(first) >> 8U;
        first_block[8][lane] = Word{first[31]} << 24U | big_endian(second) >> 8U;
        for (std::size_t i = 1; i < 8; ++i) {
            first_block[i][lane] = big_endian(first + 4 * i - 1);
            first_block[8 + i][lane] = big_endian(second + 4 * i - 1);
        }
        second_block[0][lane] = Word{second[31]} << 24U | Word{0x80} << 16U;
        second_block[15][lane] = 65 * 8;
    }
    Vector state[8];
    for (std::size_t i = 0; i < 8; ++i) {
        state[i] = Vector{} + kInitial[i];
    }
    compress(state, first_block);
    compress(state, second_block);
    for (std::size_t lane = 0; lane < kCount; ++lane) {
        for (std::size_t i = 0; i < 8; ++i) {
            const Word word = state[i][lane];
            const Word bytes = big_endian(reinterpret_cast<const std::uint8_t*>(&word));
            __builtin_memcpy(pairs.out[lane] + 4 * i, &bytes, sizeof bytes);
        }
    }
}

}  // namespace probatum::ledger::lanes
