// SPDX-License-Identifier: MIT
// cli.c: see cli.h.

#include "base/cli.h"

#include "base/interrupt.h"
#include "base/size.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CLI_OPTIONS_MAX 40

static const struct cli_option common[] = {
	{ 'q', "quiet", NULL, "say nothing but errors" },
	{ 'v', "verbose", NULL, "say more" },
	{ 'h', "help", NULL, "show this help and exit" },
	{ 'V', "version", NULL, "show the version and exit" },
	CLI_END,
};

// A closed descriptor would be handed to the next open(). These stand-ins
// fail with EBADF when they are used, as the closed one would.
static void reopen_closed(void)
{
	static const int mode[3] = { O_WRONLY, O_RDONLY, O_RDONLY };

	for (int fd = 0; fd < 3; fd++) {
		if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
			(void)open("/dev/null", mode[fd] | O_NOCTTY);
	}
}

void cli_start(struct cli *cli, const struct cli_spec *spec, int argc, char **argv)
{
	*cli = (struct cli){ .spec = spec, .argc = argc, .argv = argv };
	reopen_closed();
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		(void)setlocale(LC_CTYPE, ""); // libarchive needs some UTF-8 locale
	(void)signal(SIGXFSZ, SIG_IGN);
	(void)signal(SIGCHLD, SIG_DFL); // ignored, the status of a worker would be lost
	interrupt_setup();
}

static void print_option(const struct cli_option *o)
{
	char left[80];
	char letter[8] = "    ";

	if (o->id < 256)
		(void)snprintf(letter, sizeof(letter), "-%c, ", o->id);
	(void)snprintf(left, sizeof(left), "  %s--%s%s%s", letter, o->name, o->arg == NULL ? "" : "=",
		       o->arg == NULL ? "" : o->arg);
	if (strlen(left) > 28)
		(void)printf("%s\n%28s  %s\n", left, "", o->help);
	else
		(void)printf("%-28s  %s\n", left, o->help);
}

static void print_usage(const struct cli_spec *spec)
{
	const char *line = spec->usage;
	const char *lead = "Usage:";

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");

		(void)printf("%s %s %.*s\n", lead, spec->name, (int)len, line);
		lead = "      ";
		line += len + (line[len] == '\n');
	}
}

COMIC_NORETURN static void print_help(struct cli *cli)
{
	const struct cli_spec *spec = cli->spec;

	print_usage(spec);
	(void)printf("%s.\n\nOptions:\n", spec->summary);
	for (const struct cli_option *o = spec->options; o->id != 0; o++)
		print_option(o);
	for (const struct cli_option *o = common; o->id != 0; o++)
		print_option(o);
	if (spec->examples != NULL)
		(void)printf("\nExamples:\n%s", spec->examples);
	(void)printf("\nExit status: 0 done, 1 done but look (--strict), 2 usage, 3 could not finish.\n"
		     "Manual: man %s\n",
		     spec->name);
	exit(cli_finish(cli));
}

COMIC_NORETURN static void print_version(struct cli *cli)
{
	(void)printf("%s %s\n", cli->spec->name, COMIC_VERSION);
	exit(cli_finish(cli));
}

struct getopt_tables {
	char letters[2 * CLI_OPTIONS_MAX + 3];
	struct option longs[CLI_OPTIONS_MAX + 1];
	size_t letter_count;
	size_t long_count;
};

static void add_options(struct getopt_tables *t, const struct cli_option *o)
{
	for (; o->id != 0 && t->long_count < CLI_OPTIONS_MAX; o++) {
		if (o->id < 256) {
			t->letters[t->letter_count++] = (char)o->id;
			if (o->arg != NULL)
				t->letters[t->letter_count++] = ':';
		}
		t->longs[t->long_count++] = (struct option){
			.name = o->name,
			.has_arg = o->arg != NULL ? required_argument : no_argument,
			.val = o->id,
		};
	}
}

// True when the option was one that means the same in every program.
static bool common_option(struct cli *cli, int id)
{
	switch (id) {
	case 'h':
		print_help(cli);
	case 'V':
		print_version(cli);
	case 'q':
		cli->quiet = true;
		return true;
	case 'v':
		cli->verbose = true;
		return true;
	case CLI_STRICT:
		cli->strict = true;
		return true;
	case 'f':
		cli->force = true;
		return true;
	case 'o':
		cli->output = optarg;
		return true;
	default:
		return false;
	}
}

int cli_next(struct cli *cli)
{
	struct getopt_tables t = { .letters = ":", .letter_count = 1 };
	int id = 0;

	add_options(&t, cli->spec->options);
	add_options(&t, common);
	opterr = 0;
	do {
		id = getopt_long(cli->argc, cli->argv, t.letters, t.longs, NULL);
	} while (id > 0 && id != ':' && id != '?' && common_option(cli, id));
	cli->arg = optarg;
	if (id == ':')
		cli_usage_error(cli, "option '%s' needs an argument", cli->argv[optind - 1]);
	if (id == '?' && optopt != 0 && optopt < 256)
		cli_usage_error(cli, "unknown option '-%c'", optopt);
	if (id == '?')
		cli_usage_error(cli, "unknown or ambiguous option '%s'", cli->argv[optind - 1]);
	return id == -1 ? 0 : id;
}

char **cli_operands(const struct cli *cli, size_t *count)
{
	*count = (size_t)(cli->argc - optind);
	return cli->argv + optind;
}

// Prints text with control bytes and bytes that are not UTF-8 as \xHH.
static void print_escaped(FILE *out, const char *text)
{
	size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		size_t used = 0;
		uint32_t c = text_decode(text + at, len - at, &used);
		bool bad = c == 0xFFFD && used == 1;

		if (bad || c < 0x20 || (c >= 0x7F && c < 0xA0)) {
			for (size_t i = 0; i < used; i++)
				(void)fprintf(out, "\\x%02x", (unsigned int)(uint8_t)text[at + i]);
		} else {
			(void)fwrite(text + at, 1, used, out);
		}
		at += used;
	}
}

static void print_line(const struct cli *cli, const char *kind, const char *text)
{
	(void)fprintf(stderr, "%s: %s", cli->spec->name, kind);
	print_escaped(stderr, text);
	(void)fputc('\n', stderr);
}

void cli_print(const char *line)
{
	print_escaped(stdout, line);
	(void)fputc('\n', stdout);
}

COMIC_PRINTF(3, 0)
static void print_formatted(const struct cli *cli, const char *kind, const char *fmt, va_list args)
{
	char text[8192]; // a path and what is said of it

	(void)vsnprintf(text, sizeof(text), fmt, args);
	print_line(cli, kind, text);
}

void cli_usage_error(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_formatted(cli, "", fmt, args);
	va_end(args);
	(void)fprintf(stderr, "Try '%s --help'.\n", cli->spec->name);
	exit(CLI_USAGE);
}

void cli_note(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	if (cli->quiet)
		return;
	va_start(args, fmt);
	print_formatted(cli, "", fmt, args);
	va_end(args);
}

void cli_info(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	if (!cli->verbose)
		return;
	va_start(args, fmt);
	print_formatted(cli, "", fmt, args);
	va_end(args);
}

void cli_warn(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_formatted(cli, "warning: ", fmt, args);
	va_end(args);
}

void cli_message(const struct cli *cli, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	print_formatted(cli, "", fmt, args);
	va_end(args);
}

uint64_t cli_arg_count(const struct cli *cli, uint64_t least, uint64_t most)
{
	uint64_t value = 0;

	if (!size_parse_count(cli->arg, &value) || value < least || value > most)
		cli_usage_error(cli, "'%s': not a number from %" PRIu64 " to %" PRIu64, cli->arg, least,
				most);
	return value;
}

uint64_t cli_arg_bytes(const struct cli *cli)
{
	uint64_t value = 0;

	if (!size_parse_bytes(cli->arg, &value))
		cli_usage_error(cli, "'%s': not a size (try 256M or 4G)", cli->arg);
	return value;
}

int64_t cli_arg_seconds(const struct cli *cli)
{
	int64_t value = 0;

	if (!size_parse_seconds(cli->arg, &value))
		cli_usage_error(cli, "'%s': not a number of seconds", cli->arg);
	return value;
}

double cli_arg_fraction(const struct cli *cli)
{
	double value = 0;

	if (!size_parse_fraction(cli->arg, &value))
		cli_usage_error(cli, "'%s': not a fraction above 0 and up to 1", cli->arg);
	return value;
}

void cli_refuse_terminal(const struct cli *cli, int fd)
{
	if (cli->force || isatty(fd) == 0 || (fd == STDOUT_FILENO && cli->output != NULL))
		return;
	if (fd == STDOUT_FILENO)
		cli_usage_error(cli, "standard output is a terminal: "
				     "pipe it to comic-cat to read it, or use -f to force");
	cli_usage_error(cli, "standard input is a terminal: "
			     "give it a stream (comic-cat --encode makes one), or use -f to force");
}

void cli_escalate(struct cli *cli, enum cli_status status)
{
	if (status > cli->status)
		cli->status = status;
}

void cli_fail(struct cli *cli, const struct comic_err *err)
{
	cli_escalate(cli, CLI_FAIL);
	if (err->code == COMIC_ERR_IO && err->sys == EPIPE)
		cli->reraise = SIGPIPE;
	else if (err->code != COMIC_ERR_INTERRUPTED)
		print_line(cli, "", err->text);
}

static void die_of(int signal_number)
{
	sigset_t only;

	(void)signal(signal_number, SIG_DFL);
	(void)sigemptyset(&only);
	(void)sigaddset(&only, signal_number);
	(void)sigprocmask(SIG_UNBLOCK, &only, NULL);
	(void)raise(signal_number);
}

int cli_finish(struct cli *cli)
{
	if (interrupt_signal() != 0)
		cli->reraise = interrupt_signal();
	if (fflush(stdout) != 0 || ferror(stdout) != 0) {
		struct comic_err err = { 0 };

		(void)err_set_errno(&err, "standard output: write");
		cli_fail(cli, &err);
	}
	if (cli->reraise != 0)
		die_of(cli->reraise);
	return (int)cli->status;
}
