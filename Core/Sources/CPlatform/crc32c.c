#include "CPlatform.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

static uint32_t table[256];

__attribute__((constructor)) static void fill_table(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t value = byte;
        for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0x82F63B78u : 0);
        table[byte] = value;
    }
}

uint32_t fairlead_crc32c_table(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint32_t crc = ~seed;
    while (count-- > 0) crc = crc >> 8 ^ table[(crc ^ *next++) & 0xFF];
    return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t hardware(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint64_t crc = ~seed;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        crc = _mm_crc32_u64(crc, word);
    }
    uint32_t low = (uint32_t)crc;
    while (count-- > 0) low = _mm_crc32_u8(low, *next++);
    return ~low;
}

static int has_hardware(void) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2") != 0;
}

#elif defined(__aarch64__)

__attribute__((target("+crc"))) static uint32_t hardware(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *next = bytes;
    uint32_t crc = ~seed;
    for (; count >= 8; count -= 8, next += 8) {
        uint64_t word;
        memcpy(&word, next, 8);
        crc = __crc32cd(crc, word);
    }
    while (count-- > 0) crc = __crc32cb(crc, *next++);
    return ~crc;
}

static int has_hardware(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

#else

static uint32_t hardware(uint32_t seed, const void *bytes, size_t count) {
    return fairlead_crc32c_table(seed, bytes, count);
}
static int has_hardware(void) { return 0; }

#endif

static int use_hardware;

__attribute__((constructor)) static void choose(void) { use_hardware = has_hardware(); }

uint32_t fairlead_crc32c(uint32_t seed, const void *bytes, size_t count) {
    return use_hardware ? hardware(seed, bytes, count) : fairlead_crc32c_table(seed, bytes, count);
}

uint32_t fairlead_crc32c_record(uint32_t seed, const void *bytes, size_t count) {
    const uint8_t *start = bytes;
    uint8_t word[8] = {0};
    memcpy(word, start + 24, 4);
    uint32_t crc = fairlead_crc32c(seed, start, 24);
    crc = fairlead_crc32c(crc, word, 8);
    return fairlead_crc32c(crc, start + 32, count - 32);
}
