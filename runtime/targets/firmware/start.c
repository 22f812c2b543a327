#include "start.h"

void start(void)
{
    const unsigned char *from = link_data_source;
    unsigned char *to;
    for (to = link_data_start; to < link_data_end; to++)
        *to = *from++;
    for (to = link_bss_start; to < link_bss_end; to++)
        *to = 0;
    platform_exit(main());
}

uint32_t *platform_stack_bottom(void)
{
    return (uint32_t *)(void *)link_stack_bottom;
}
