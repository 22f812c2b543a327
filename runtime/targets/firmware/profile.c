#include "profile.h"

#include "platform.h"

static uint64_t counts[ETC_STEPS];
static uint64_t counting; /* what is counted when there is nothing between begin and end */

void profile_begin(unsigned step)
{
    (void)step;
    platform_count_start();
}

void profile_end(unsigned step)
{
    uint64_t counted = platform_count_stop();
    counts[step] += counted > counting ? counted - counting : 0;
}

void profile_start(void)
{
    unsigned step;
    counting = 0;
    counts[0] = 0;
    profile_begin(0);
    profile_end(0);
    counting = counts[0];
    for (step = 0; step < ETC_STEPS; step++)
        counts[step] = 0;
}

void profile_write(int file)
{
    platform_write(file, counts, sizeof counts);
}
