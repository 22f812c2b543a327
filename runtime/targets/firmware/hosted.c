/* The harness as a program of the machine at hand, for compilers' checks of memory and arithmetic. Nothing is counted. */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>

static FILE *files[2];

int platform_open(const char *name, int writing)
{
    files[writing] = fopen(name, writing ? "wb" : "rb");
    if (files[writing] == NULL)
        platform_fail("a file cannot be opened");
    return writing;
}

void platform_read(int file, void *data, size_t bytes)
{
    if (bytes != 0 && fread(data, 1, bytes, files[file]) != bytes)
        platform_fail("a file is too short");
}

void platform_write(int file, const void *data, size_t bytes)
{
    if (bytes != 0 && fwrite(data, 1, bytes, files[file]) != bytes)
        platform_fail("a file cannot be written");
}

void platform_close(int file)
{
    if (fclose(files[file]) != 0)
        platform_fail("a file cannot be written");
}

void platform_fail(const char *reason)
{
    fprintf(stderr, "%s\n", reason);
    platform_exit(1);
}

void platform_exit(int code)
{
    exit(code);
}

void platform_count_start(void)
{
}

uint64_t platform_count_stop(void)
{
    return 0;
}

void platform_calibrate(void)
{
}

uint32_t *platform_stack_bottom(void)
{
    return NULL;
}

uint32_t *platform_stack_pointer(void)
{
    return NULL;
}
