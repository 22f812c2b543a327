/* What each machine does before `main`, and the addresses that the linker script gives. */
#ifndef ETC_START_H
#define ETC_START_H

#include "platform.h"

extern unsigned char link_data_start[], link_data_end[], link_data_source[];
extern unsigned char link_bss_start[], link_bss_end[];
extern unsigned char link_stack_bottom[], link_stack_top[];

/* Gives the variables their first values, runs `main`, and ends the program. */
void start(void);

#endif
