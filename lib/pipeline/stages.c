// SPDX-License-Identifier: MIT
// stages.c: see stages.h.

#define _GNU_SOURCE // pipe2, environ

#include "pipeline/stages.h"

#include "base/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PIPE_ROOM (256 << 10)     // bytes
#define UNKNOWN_STATUS (255 << 8) // as if it had ended with 255

enum end { READ_END, WRITE_END };

void stages_find(const char *name, char *out)
{
	ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);
	char *slash = NULL;

	if (len > 0) {
		out[len] = '\0';
		slash = strrchr(out, '/');
	}
	if (slash != NULL && (size_t)(slash - out) + strlen(name) + 2 <= PATH_MAX) {
		(void)memcpy(slash + 1, name, strlen(name) + 1);
		if (access(out, X_OK) == 0)
			return;
	}
	(void)snprintf(out, PATH_MAX, "%s", name);
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

// A pipe of which `ours` (one end, or neither: -1) does not block.
static int make_pipe(int ends[2], int ours, struct comic_err *err)
{
	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set_errno(err, "pipe");
	(void)fcntl(ends[READ_END], F_SETPIPE_SZ, PIPE_ROOM); // else it is smaller
	if (ours >= 0 && fcntl(ends[ours], F_SETFL, O_NONBLOCK) < 0)
		return err_set_errno(err, "pipe: set non-blocking");
	return 0;
}

// ---- starting -----------------------------------------------------------------------------

// What a child gets as its descriptors 0, 1 and 2; closed here when it runs.
struct child_fds {
	int fd[3];
};

static int set_signals(posix_spawnattr_t *attr, const sigset_t *mask)
{
	sigset_t defaults;
	int code = 0;

	(void)sigemptyset(&defaults);
	(void)sigaddset(&defaults, SIGPIPE);
	code = posix_spawnattr_setsigdefault(attr, &defaults);
	if (code == 0)
		code = posix_spawnattr_setsigmask(attr, mask);
	if (code == 0)
		code = posix_spawnattr_setflags(attr,
						POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	return code;
}

static int spawn(struct stage *s, const struct child_fds *fds, const sigset_t *mask,
		 struct comic_err *err)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	char path[PATH_MAX];
	char *const *argv = NULL;
	int code = posix_spawn_file_actions_init(&actions);

	if (code != 0) {
		errno = code;
		return err_set_errno(err, "%s: start", s->name);
	}
	code = posix_spawnattr_init(&attr);
	if (code == 0) {
		code = set_signals(&attr, mask);
		for (int fd = 0; fd < 3 && code == 0; fd++)
			code = posix_spawn_file_actions_adddup2(&actions, fds->fd[fd], fd);
		stages_find(s->name, path);
		memcpy(&argv, &s->argv, sizeof(argv)); // it only reads them
		if (code == 0)
			code = posix_spawnp(&s->pid, path, &actions, &attr, argv, environ);
		(void)posix_spawnattr_destroy(&attr);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	if (code == 0)
		return 0;
	s->pid = 0;
	errno = code;
	return err_set_errno(err, "%s: start", s->name);
}

// Makes the pipes of stage s. *next_input is its standard input on entry, the next one's on return.
static int make_fds(struct stage *s, const struct stage *next, struct child_fds *fds,
		    int *next_input, struct comic_err *err)
{
	bool ours = s->carried || next == NULL;
	int ends[2] = { -1, -1 };
	int status = make_pipe(ends, ours ? READ_END : -1, err);

	fds->fd[0] = *next_input;
	fds->fd[1] = ends[WRITE_END];
	*(ours ? &s->out : next_input) = ends[READ_END];
	if (ours)
		*next_input = -1;
	if (status < 0)
		return -1;
	ends[READ_END] = ends[WRITE_END] = -1;
	status = make_pipe(ends, READ_END, err);
	fds->fd[2] = ends[WRITE_END];
	s->messages = ends[READ_END];
	return status;
}

// The pipe from this process into the stage after a carried one.
static int make_input(struct stage *next, int *next_input, struct comic_err *err)
{
	int ends[2] = { -1, -1 };
	int status = make_pipe(ends, WRITE_END, err);

	*next_input = ends[READ_END];
	next->in = ends[WRITE_END];
	return status;
}

static int start_one(struct stage *s, struct stage *next, int *next_input, const sigset_t *mask,
		     struct comic_err *err)
{
	struct child_fds fds = { { -1, -1, -1 } };
	int status = make_fds(s, next, &fds, next_input, err);

	if (status == 0)
		status = spawn(s, &fds, mask, err);
	for (int fd = 0; fd < 3; fd++)
		close_fd(&fds.fd[fd]);
	if (status == 0 && next != NULL && s->carried)
		status = make_input(next, next_input, err);
	return status;
}

int stages_start(struct stage *stages, size_t count, const sigset_t *mask, struct comic_err *err)
{
	int input = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int status = input < 0 ? err_set_errno(err, "/dev/null: open") : 0;

	for (size_t i = 0; i < count; i++) {
		stages[i].pid = 0;
		stages[i].ended = false;
		stages[i].wait_status = UNKNOWN_STATUS;
		stages[i].in = stages[i].out = stages[i].messages = -1;
	}
	for (size_t i = 0; i < count && status == 0; i++)
		status = start_one(&stages[i], i + 1 < count ? &stages[i + 1] : NULL, &input, mask,
				   err);
	close_fd(&input);
	if (status < 0) {
		stages_signal(stages, count, SIGTERM);
		stages_finish(stages, count);
	}
	return status;
}

// ---- ending -------------------------------------------------------------------------------

size_t stages_reap(struct stage *stages, size_t count)
{
	size_t running = 0;

	for (size_t i = 0; i < count; i++) {
		struct stage *s = &stages[i];

		if (s->pid > 0 && !s->ended)
			s->ended = waitpid(s->pid, &s->wait_status, WNOHANG) == s->pid;
		running += s->pid > 0 && !s->ended;
	}
	return running;
}

void stages_signal(const struct stage *stages, size_t count, int signal_number)
{
	for (size_t i = 0; i < count; i++) {
		if (stages[i].pid > 0 && !stages[i].ended)
			(void)kill(stages[i].pid, signal_number);
	}
}

void stages_finish(struct stage *stages, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		close_fd(&stages[i].in);
		close_fd(&stages[i].out);
		close_fd(&stages[i].messages);
	}
	for (size_t i = 0; i < count; i++) {
		struct stage *s = &stages[i];

		while (s->pid > 0 && !s->ended) {
			pid_t got = waitpid(s->pid, &s->wait_status, 0);

			s->ended = got == s->pid || (got < 0 && errno != EINTR);
		}
	}
}

// ---- the verdict --------------------------------------------------------------------------

static int status_of(const struct stage *s)
{
	int status = 0;

	if (!WIFEXITED(s->wait_status))
		return CLI_FAIL;
	status = WEXITSTATUS(s->wait_status);
	return status > CLI_FAIL ? CLI_FAIL : status;
}

int stages_status(const struct stage *stages, size_t count, const struct stage **culprit)
{
	const struct stage *look = NULL;
	const struct stage *piped = NULL;

	*culprit = NULL;
	for (size_t i = 0; i < count && *culprit == NULL; i++) {
		const struct stage *s = &stages[i];

		if (WIFSIGNALED(s->wait_status) && WTERMSIG(s->wait_status) == SIGPIPE)
			piped = piped != NULL ? piped : s;
		else if (status_of(s) == CLI_LOOK)
			look = look != NULL ? look : s;
		else if (status_of(s) != CLI_OK)
			*culprit = s;
	}
	if (*culprit == NULL)
		*culprit = piped != NULL ? piped : look;
	return *culprit == NULL ? CLI_OK : status_of(*culprit);
}

bool stages_describe(const struct stage *stage, char *out, size_t room)
{
	int status = stage->wait_status;

	if (WIFSIGNALED(status))
		(void)snprintf(out, room, "%s: killed by signal %d (%s)", stage->name,
			       WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status) > CLI_FAIL)
		(void)snprintf(out, room, "%s: ended with status %d", stage->name,
			       WEXITSTATUS(status));
	else
		return false;
	return true;
}
