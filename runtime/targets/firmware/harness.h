/* A model as the harness sees it: `model_table.c`, generated from the description of the model, defines `model`. */
#ifndef ETC_HARNESS_H
#define ETC_HARNESS_H

#include <stddef.h>
#include <stdint.h>

/* Where large buffers of the harness lie. */
#if defined(__ELF__) && defined(ETC_BARE_METAL)
#define HARNESS_BUFFER __attribute__((section(".io"), aligned(16)))
#else
#define HARNESS_BUFFER __attribute__((aligned(16)))
#endif

typedef struct {
    unsigned char *data;
    size_t bytes; /* the largest size */
} harness_buffer_t;

typedef struct {
    int (*call)(void);
    const harness_buffer_t *inputs;
    size_t input_count;
    const harness_buffer_t *outputs;
    size_t output_count;
    size_t *const *given; /* sizes that go in */
    size_t given_count;
    const size_t *found; /* sizes that come out */
    size_t found_count;
} harness_method_t;

typedef struct {
    const harness_method_t *methods;
    void (*state_init)(void);
    const harness_buffer_t *pools; /* working memory */
    size_t pool_count;
    unsigned char *state;
    size_t state_bytes;
} harness_model_t;

extern const harness_model_t model;

#endif
