// SPDX-License-Identifier: MIT
// cli.h: what every program does the same: options, help, messages, exit.
//
// The only code that prints or decides the exit status. A program's options
// are one table, from which parsing, --help and the shell completions come.
//
//	int main(int argc, char **argv)
//	{
//		struct cli cli;
//		...
//		cli_start(&cli, &spec, argc, argv);
//		while ((id = cli_next(&cli)) != 0)
//			switch (id) { case 'n': ... cli.arg ... }
//		if (run(&cli, ...) < 0) cli_fail(&cli, &err);
//		return cli_finish(&cli);
//	}
#ifndef COMIC_CLI_H
#define COMIC_CLI_H

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

// The exit status of every program; a signal that stopped it is raised again instead.
enum cli_status {
	CLI_OK = 0, // done, recorded failures included
	CLI_LOOK = 1, // done, but look: --strict and a failure was recorded
	CLI_USAGE = 2, // wrong options, or a stream to or from a terminal
	CLI_FAIL = 3, // could not finish, or refused
};

struct cli_option {
	int id; // the short option's letter, or from 256 for a long option only; 0 ends the table
	const char *name; // the long option
	const char *arg; // what its argument is called, NULL if it takes none
	const char *help; // one line, lower case, no period
};

// Options with one meaning everywhere; put the ones a program has in its table.
// cli_next() handles them itself.
#define CLI_OPTION_FORCE { 'f', "force", NULL, "write or read the binary stream even if it is a terminal" }
#define CLI_OPTION_OUTPUT { 'o', "output", "FILE", "write to FILE, which appears whole or not at all" }
#define CLI_OPTION_STRICT { CLI_STRICT, "strict", NULL, "exit 1 when a failure was recorded" }
enum { CLI_STRICT = 1000 };
#define CLI_END { 0, NULL, NULL, NULL }

struct cli_spec {
	const char *name; // "comic-scan"
	const char *usage; // "[options] ROOT..." (lines after the first are further forms)
	const char *summary; // one line
	const struct cli_option *options; // the program's own, ended by CLI_END; -h -V -q -v are added
	const char *examples; // lines, indented as they shall appear; may be NULL
};

struct cli {
	const struct cli_spec *spec;
	int argc;
	char **argv;
	const char *arg; // of the option cli_next() returned
	const char *output; // -o
	bool quiet; // -q: no notes, no progress
	bool verbose; // -v: more notes
	bool strict;
	bool force;
	enum cli_status status;
	int reraise; // a signal to die of in cli_finish, 0 if none
};

// First thing in main: gives closed standard descriptors a stand-in that fails
// when used, sets the locale (LC_CTYPE C.UTF-8), the signal handlers, and
// ignores SIGXFSZ so that a file size limit is an error and not a death. SIGCHLD
// gets its default back, as the status of children is wanted.
void cli_start(struct cli *cli, const struct cli_spec *spec, int argc, char **argv);
// The next option's id, 0 after the last. --help and --version print and exit;
// an unknown option exits CLI_USAGE.
COMIC_MUST_CHECK int cli_next(struct cli *cli);
// The operands, after cli_next() returned 0.
char **cli_operands(const struct cli *cli, size_t *count);
// Reports "comic-x: ..." with a hint to --help and exits CLI_USAGE.
COMIC_NORETURN COMIC_PRINTF(2, 3) void cli_usage_error(const struct cli *cli, const char *fmt, ...);

// The argument of the current option in its type; a usage error if it is not one.
uint64_t cli_arg_count(const struct cli *cli, uint64_t least, uint64_t most);
uint64_t cli_arg_bytes(const struct cli *cli);
int64_t cli_arg_seconds(const struct cli *cli); // nanoseconds
double cli_arg_fraction(const struct cli *cli);

// A binary stream is not read from (fd 0) or written to (fd 1) a terminal: a usage
// error unless -f; fd 1 is not looked at with -o.
void cli_refuse_terminal(const struct cli *cli, int fd);

// One line on standard error each, "comic-x: text"; control bytes and invalid UTF-8 are escaped.
COMIC_PRINTF(2, 3) void cli_note(const struct cli *cli, const char *fmt, ...); // not with -q
COMIC_PRINTF(2, 3) void cli_info(const struct cli *cli, const char *fmt, ...); // only with -v
COMIC_PRINTF(2, 3) void cli_warn(const struct cli *cli, const char *fmt, ...); // "comic-x: warning: ..."
COMIC_PRINTF(2, 3) void cli_message(const struct cli *cli, const char *fmt, ...); // always
// One line on standard output, escaped like the messages.
void cli_print(const char *line);
// Reports err and makes the exit status at least CLI_FAIL. Silent for INTERRUPTED and a
// broken pipe: those end the program by their signal.
void cli_fail(struct cli *cli, const struct comic_err *err);
// Makes the exit status at least this.
void cli_escalate(struct cli *cli, enum cli_status status);
// Checks stdout, raises a signal that arrived, returns the exit status for main to return.
COMIC_MUST_CHECK int cli_finish(struct cli *cli);

#endif
