/* RV32 on QEMU's `virt`: entry, traps, the counter of retired instructions. */
#include "start.h"

__attribute__((naked, aligned(4))) static void trap(void)
{
    __asm__ volatile("la sp, link_stack_top\n\tj rv32_fault");
}

__attribute__((used)) void rv32_fault(void)
{
    platform_fail("the processor met a trap");
}

__attribute__((naked, used, section(".vectors"))) void rv32_reset(void)
{
    __asm__ volatile(".option push\n\t"
                     ".option norelax\n\t"
                     "la gp, __global_pointer$\n\t"
                     ".option pop\n\t"
                     "la sp, link_stack_top\n\t"
                     "la tp, link_tls\n\t" /* picolibc keeps errno there */
                     "la t0, %0\n\t"
                     "csrw mtvec, t0\n\t"
                     "j start" ::"i"(trap));
}

static uint64_t retired(void)
{
    uint32_t high, low, again;
    do {
        __asm__ volatile("csrr %0, minstreth\n\t"
                         "csrr %1, minstret\n\t"
                         "csrr %2, minstreth"
                         : "=r"(high), "=r"(low), "=r"(again));
    } while (high != again);
    return (uint64_t)high << 32 | low;
}

static uint64_t started;

void platform_count_start(void)
{
    started = retired();
}

uint64_t platform_count_stop(void)
{
    return retired() - started;
}

__attribute__((naked)) void platform_calibrate(void)
{
    /* 2 + 2 * 999999 + 2 = 2000002 with the return */
    __asm__ volatile("lui t0, 0xF4\n\t"
                     "addi t0, t0, 0x23F\n"
                     "1:\n\t"
                     "addi t0, t0, -1\n\t"
                     "bnez t0, 1b\n\t"
                     "nop\n\t"
                     "ret");
}

__attribute__((naked)) uint32_t *platform_stack_pointer(void)
{
    __asm__ volatile("mv a0, sp\n\tret");
}
