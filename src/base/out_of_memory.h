/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_OUT_OF_MEMORY_H
#define BASE_OUT_OF_MEMORY_H

/* STATUS_OUT_OF_MEMORY - the exit status of out_of_memory(), which is STATUS_UNREADABLE of cli */
#define STATUS_OUT_OF_MEMORY 3

/*
 * out_of_memory() - print "efimapctl: out of memory" on standard error, and end the program
 *
 * The program ends as by a signal. No temporary file remains, because no memory is allocated while
 * one exists (replace_file() in src/cli).
 */
_Noreturn void out_of_memory(void);

#endif
