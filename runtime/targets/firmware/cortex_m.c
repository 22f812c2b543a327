/* Cortex-M on Arm's MPS2 and MPS3 boards: vectors, floating-point unit, the board's counter. */
#include "start.h"

typedef void (*handler_t)(void);

void cortex_m_reset(void);
static void fault(void);

__attribute__((used, section(".vectors"))) static const handler_t vectors[16] = {
    (handler_t)(void *)link_stack_top, cortex_m_reset, fault, fault, fault, fault, fault, fault,
    0, 0, 0, fault, fault, 0, fault, fault,
};

#define REGISTER(address) (*(volatile uint32_t *)(address))

#define CPACR REGISTER(0xE000ED88u) /* coprocessor access control */
#define CP10_CP11_FULL (0xFu << 20) /* floating point and MVE */

/* The counter of the FPGA's I/O block: application notes AN385, AN386 and AN547, "FPGA system control and I/O". */
#define COUNTER REGISTER(ETC_FPGAIO + 0x18u)
#define PRESCALE REGISTER(ETC_FPGAIO + 0x1Cu)

void cortex_m_reset(void)
{
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    CPACR |= CP10_CP11_FULL;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
    PRESCALE = 0;
    start();
}

#define CFSR REGISTER(0xE000ED28u) /* configurable fault status */
#define STACK_OVERFLOW (1u << 20)  /* UsageFault of Armv8-M */

static void fault(void)
{
    platform_fail((CFSR & STACK_OVERFLOW) != 0 ? "the stack is too small" : "the processor met a fault");
}

/* Waits for the next tick, in turns of TURN instructions; returns their number.
 * A tick is ETC_TICK instructions long: with the turns left to its end, a single instruction would be TURN off at most.
 */
#define TURN 4u
__attribute__((naked, noinline)) static uint32_t turns_to_tick(volatile uint32_t *counter)
{
    (void)counter;
    __asm__ volatile("ldr r1, [r0]\n\t"
                     "movs r2, #0\n"
                     "1:\n\t"
                     "adds r2, r2, #1\n\t"
                     "ldr r3, [r0]\n\t"
                     "cmp r3, r1\n\t"
                     "beq 1b\n\t"
                     "mov r0, r2\n\t"
                     "bx lr");
}

static uint32_t started;

void platform_count_start(void)
{
    turns_to_tick(&COUNTER);
    started = COUNTER;
}

uint64_t platform_count_stop(void)
{
    uint32_t turns = turns_to_tick(&COUNTER);
    return (uint64_t)(COUNTER - started) * ETC_TICK - turns * TURN;
}

__attribute__((naked)) void platform_calibrate(void)
{
    /* 2 + 2 * 999999 + 2 = 2000002 with the return */
    __asm__ volatile("movw r0, #16959\n\t"
                     "movt r0, #15\n"
                     "1:\n\t"
                     "subs r0, r0, #1\n\t"
                     "bne 1b\n\t"
                     "nop\n\t"
                     "bx lr");
}

__attribute__((naked)) uint32_t *platform_stack_pointer(void)
{
    __asm__ volatile("mov r0, sp\n\tbx lr");
}
