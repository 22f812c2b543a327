/* What the harness needs of the machine below it. */
#ifndef ETC_PLATFORM_H
#define ETC_PLATFORM_H

#include <stddef.h>
#include <stdint.h>

/* Opens a file of the machine that runs the emulator, for reading or for writing. Ends the program if it cannot. */
int platform_open(const char *name, int writing);

/* Reads or writes exactly `bytes` bytes. Ends the program if it cannot. */
void platform_read(int file, void *data, size_t bytes);
void platform_write(int file, const void *data, size_t bytes);

void platform_close(int file);

/* Says why on the console and ends the program with a non-zero code. */
void platform_fail(const char *reason);

void platform_exit(int code);

/* Instructions executed between the two calls, up to a constant; always 0 where they cannot be counted. */
void platform_count_start(void);
uint64_t platform_count_stop(void);

/* A loop of exactly 2,000,002 instructions, to see that the count is right. */
void platform_calibrate(void);

/* The lowest address of the stack, and the stack pointer of the caller; both NULL where the stack is not ours. */
uint32_t *platform_stack_bottom(void);
uint32_t *platform_stack_pointer(void);

int main(void);

#endif
