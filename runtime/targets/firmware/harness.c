/* Calls a model as a script says, measures each call, and writes down what comes out.
 *
 * calls.bin, all numbers 32 bits, little-endian:
 *     number of calls, 1 if a state follows, the state;
 *     for each call: method, given sizes, and for each input: bytes, data
 * results.bin:
 *     instructions of the calibration loop (64 bits);
 *     for each call: status, instructions (64 bits), bytes of stack, found sizes, and each output: all of its buffer;
 *         and, in a profiled image, instructions of each step (64 bits)
 *     the state
 */
#include "harness.h"
#include "platform.h"
#ifdef ETC_STEPS
#include "profile.h"
#endif

static uint32_t read_number(int file)
{
    uint32_t number;
    platform_read(file, &number, sizeof number);
    return number;
}

static void write_number(int file, uint32_t number)
{
    platform_write(file, &number, sizeof number);
}

static void write_wide(int file, uint64_t number)
{
    write_number(file, (uint32_t)number);
    write_number(file, (uint32_t)(number >> 32));
}

typedef struct {
    int status;
    uint64_t instructions;
    uint32_t stack;
} measured_t;

__attribute__((noinline)) static void count(int (*call)(void), measured_t *measured)
{
    platform_count_start();
    measured->status = call();
    measured->instructions = platform_count_stop();
}

/* Differs from word to word, so that no register that is saved there looks like it. */
static uint32_t paint(volatile uint32_t *at)
{
    return (uint32_t)(uintptr_t)at * 2654435761u;
}

/* Calls; the stack below here that changes colour was used. */
__attribute__((noinline)) static void measure(int (*call)(void), measured_t *measured)
{
    volatile uint32_t *bottom = platform_stack_bottom();
    volatile uint32_t *top = platform_stack_pointer();
    volatile uint32_t *at;
    for (at = bottom; at < top; at++)
        *at = paint(at);
    count(call, measured);
    for (at = bottom; at < top && *at == paint(at); at++)
        ;
    if (at == bottom && at < top)
        platform_fail("the stack is too small");
    measured->stack = (uint32_t)((top - at) * (ptrdiff_t)sizeof *at);
}

static int nothing(void)
{
    return 0;
}

static int calibrate(void)
{
    platform_calibrate();
    return 0;
}

/* Measures what `call` needs beyond what calling takes. */
static measured_t measure_alone(int (*call)(void))
{
    measured_t calling, all;
    measure(nothing, &calling);
    measure(call, &all);
    all.instructions -= all.instructions > calling.instructions ? calling.instructions : all.instructions;
    all.stack -= all.stack > calling.stack ? calling.stack : all.stack;
    return all;
}

static void run_call(int calls, int results)
{
    const harness_method_t *method = &model.methods[read_number(calls)];
    measured_t measured;
    size_t i;

    for (i = 0; i < method->given_count; i++)
        *method->given[i] = read_number(calls);
    for (i = 0; i < method->input_count; i++) {
        uint32_t bytes = read_number(calls);
        if (bytes > method->inputs[i].bytes)
            platform_fail("an input is larger than its buffer");
        platform_read(calls, method->inputs[i].data, bytes);
    }
#ifdef ETC_STEPS
    profile_start();
#endif
    measured = measure_alone(method->call);
    write_number(results, (uint32_t)measured.status);
    write_wide(results, measured.instructions);
    write_number(results, measured.stack);
    for (i = 0; i < method->found_count; i++)
        write_number(results, (uint32_t)method->found[i]);
    for (i = 0; i < method->output_count; i++)
        platform_write(results, method->outputs[i].data, method->outputs[i].bytes);
#ifdef ETC_STEPS
    profile_write(results);
#endif
}

int main(void)
{
    int calls = platform_open("calls.bin", 0);
    int results = platform_open("results.bin", 1);
    uint32_t left = read_number(calls);
    size_t i, j;

    for (i = 0; i < model.pool_count; i++)
        for (j = 0; j < model.pools[i].bytes; j++)
            model.pools[i].data[j] = 0xFF; /* a program that counts on zeros must fail here, not in the field */
    if (read_number(calls) != 0)
        platform_read(calls, model.state, model.state_bytes);
    else if (model.state_init != NULL)
        model.state_init();
    write_wide(results, measure_alone(calibrate).instructions);
    while (left-- > 0)
        run_call(calls, results);
    platform_write(results, model.state, model.state_bytes);
    platform_close(results);
    return 0;
}
