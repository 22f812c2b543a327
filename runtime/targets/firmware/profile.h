/* Counts the instructions of each step of a model: what the hooks <M>_PROFILE_BEGIN and _END call in a profiled image. */
#ifndef ETC_PROFILE_H
#define ETC_PROFILE_H
#ifndef __ASSEMBLER__

void profile_begin(unsigned step);
void profile_end(unsigned step);

/* Forgets what was counted; writes it, 64 bits for each step. */
void profile_start(void);
void profile_write(int file);

#endif
#endif
