// SPDX-License-Identifier: MIT
// usage.c: usage FILE COMMAND ARG...: runs the command and writes to FILE, as JSON, what it used.
//
// A large program like the harness cannot measure a small one itself: Linux takes the resident
// memory of the process that forked for the child's own peak.

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int report(const char *path, double wall)
{
	struct rusage used;
	FILE *out = fopen(path, "w");

	if (out == NULL || getrusage(RUSAGE_CHILDREN, &used) < 0)
		return -1;
	(void)fprintf(out,
		      "{\"wall\": %.6f, \"cpu\": %.6f, \"system\": %.6f, \"rss_kib\": %ld, "
		      "\"faults\": %ld}\n",
		      wall, seconds(used.ru_utime) + seconds(used.ru_stime), seconds(used.ru_stime),
		      used.ru_maxrss, used.ru_minflt + used.ru_majflt);
	return fclose(out) == 0 ? 0 : -1;
}

int main(int argc, char **argv)
{
	double start = now();
	int status = 0;
	pid_t child = 0;

	if (argc < 3)
		return 2;
	child = fork();
	if (child == 0) {
		(void)execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) < 0 || report(argv[1], now() - start) < 0) {
		perror("usage");
		return 3;
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
