/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * peak.c - run a command; at its end write to a file the most memory (KiB
 * resident) that it, or any process it waited for, ever had.
 *
 *	peak FILE COMMAND [ARGUMENT]...
 *
 * SIGTERM and SIGINT are the command's: they go to its process id, not here.
 */
#include "config.h"

#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int
main(int argc, char *argv[])
{
	struct rusage usage = { 0 };
	int status = 0;
	pid_t pid;
	FILE *f;

	if (argc < 3)
		return 2;
	pid = fork();
	if (pid == 0) {
		(void)execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
		return 2;
	f = fopen(argv[1], "we");
	if (f == NULL || fprintf(f, "%ld\n", usage.ru_maxrss) < 0 ||
	    fclose(f) != 0)
		return 2;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 2;
}
