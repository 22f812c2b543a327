/* Files and the end of the program, by semihosting: the machine stops, and the emulator does what is asked.
 *
 * Arm's "Semihosting for AArch32 and AArch64"; RISC-V uses the same calls.
 */
#include "platform.h"

enum {
    SYS_OPEN = 0x01,
    SYS_CLOSE = 0x02,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_EXIT_EXTENDED = 0x20
};

enum { MODE_READ_BINARY = 1, MODE_WRITE_BINARY = 5 };

#define STOPPED_APPLICATION_EXIT 0x20026u

#if defined(__riscv)
/* The three instructions must be uncompressed and lie in one page. */
__attribute__((naked, noinline, aligned(16))) static uintptr_t semihost(uintptr_t operation, const void *argument)
{
    (void)operation;
    (void)argument;
    __asm__ volatile(".option push\n\t"
                     ".option norvc\n\t"
                     "slli zero, zero, 0x1f\n\t"
                     "ebreak\n\t"
                     "srai zero, zero, 7\n\t"
                     "ret\n\t"
                     ".option pop");
}
#else
__attribute__((naked, noinline)) static uintptr_t semihost(uintptr_t operation, const void *argument)
{
    (void)operation;
    (void)argument;
    __asm__ volatile("bkpt 0xab\n\tbx lr");
}
#endif

static size_t length(const char *text)
{
    size_t count = 0;
    while (text[count] != '\0')
        count++;
    return count;
}

int platform_open(const char *name, int writing)
{
    uintptr_t arguments[3];
    intptr_t file;
    arguments[0] = (uintptr_t)name;
    arguments[1] = writing ? MODE_WRITE_BINARY : MODE_READ_BINARY;
    arguments[2] = length(name);
    file = (intptr_t)semihost(SYS_OPEN, arguments);
    if (file < 0)
        platform_fail("a file cannot be opened");
    return (int)file;
}

/* Reading and writing return the number of bytes that were not moved. */
static void move(uintptr_t operation, int file, const void *data, size_t bytes)
{
    uintptr_t arguments[3];
    arguments[0] = (uintptr_t)file;
    arguments[1] = (uintptr_t)data;
    arguments[2] = bytes;
    if (bytes != 0 && semihost(operation, arguments) != 0)
        platform_fail("a file is too short, or cannot be written");
}

void platform_read(int file, void *data, size_t bytes)
{
    move(SYS_READ, file, data, bytes);
}

void platform_write(int file, const void *data, size_t bytes)
{
    move(SYS_WRITE, file, data, bytes);
}

void platform_close(int file)
{
    uintptr_t argument = (uintptr_t)file;
    semihost(SYS_CLOSE, &argument);
}

void platform_fail(const char *reason)
{
    semihost(SYS_WRITE0, reason);
    semihost(SYS_WRITE0, "\n");
    platform_exit(1);
}

void platform_exit(int code)
{
    uintptr_t arguments[2];
    arguments[0] = STOPPED_APPLICATION_EXIT;
    arguments[1] = (uintptr_t)code;
    for (;;)
        semihost(SYS_EXIT_EXTENDED, arguments);
}
