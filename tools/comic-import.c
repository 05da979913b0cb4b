// SPDX-License-Identifier: MIT
// comic-import: the whole pipeline as one command.

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/mem.h"
#include "pipeline/pipeline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	OPTION_DB = 256,
	OPTION_MEMORY,
	OPTION_FRACTION,
	OPTION_SETTLE,
	OPTION_ALL,
	OPTION_EXCLUDE,
	OPTION_RETRY_FAILED,
	OPTION_ALLOW_EMPTY,
	OPTION_FORGET,
	OPTION_MAX_GONE,
	OPTION_KEEP_MISSING,
	OPTION_REPORT,
};

static const struct cli_option options[] = {
	{ OPTION_DB, "db", "FILE", "the database (library.db)" },
	{ OPTION_ALL, "all", NULL, "read every comic again, changed or not" },
	{ OPTION_ALLOW_EMPTY, "allow-empty", NULL, "believe a root that has become empty" },
	{ OPTION_EXCLUDE, "exclude", "GLOB", "skip what matches, as a line of .comicignore would" },
	{ OPTION_FORGET, "forget", "DIR", "remove what is indexed below DIR, which is missing or empty" },
	{ OPTION_FRACTION, "fraction", "F", "budget this part of the memory limit (0.25)" },
	{ 'j', "jobs", "N", "read with N worker processes" },
	{ OPTION_KEEP_MISSING, "keep-missing", NULL, "keep fields that a file no longer has" },
	{ OPTION_MAX_GONE, "max-gone", "PERCENT", "refuse to remove more than this of a root (50)" },
	{ OPTION_MEMORY, "memory", "SIZE", "take SIZE as the memory limit instead of finding it" },
	{ 'n', "comics", "N", "put N comics into a batch" },
	{ OPTION_REPORT, "report", "HOW", "how to report: text, json or none (text)" },
	{ OPTION_RETRY_FAILED, "retry-failed", NULL, "read again what failed for good" },
	{ OPTION_SETTLE, "settle", "S", "leave files changed in the last S seconds to the next run (2)" },
	CLI_OPTION_STRICT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-import",
	.usage = "[options] ROOT...",
	.summary = "Bring a comic database up to date with folders of comics",
	.options = options,
	.examples = "  comic-import ~/Comics\n"
		    "  comic-import --db=/srv/library.db --memory=512M /srv/comics /srv/manga\n"
		    "  comic-import --report=json ~/Comics | jq .comics_created\n",
};

enum { SCAN, EXTRACT, CHUNK, LOAD, STAGES };
static const char *const names[STAGES] = { "comic-scan", "comic-extract", "comic-chunk",
					   "comic-load" };

struct args {
	const char **items;
	size_t count;
	size_t room;
};

struct import {
	struct cli cli;
	const char *db;
	struct args args[STAGES]; // what each stage is started with
	bool draws; // progress, on the terminal that is standard error
	int drawn; // characters of it that stand there now
};

static void parse_options(struct import *im);
static int run(struct import *im, struct comic_err *err);

int main(int argc, char **argv)
{
	struct import im = { .db = "library.db" };
	struct comic_err err = { 0 };

	cli_start(&im.cli, &spec, argc, argv);
	parse_options(&im);
	if (run(&im, &err) < 0)
		cli_fail(&im.cli, &err);
	for (size_t i = 0; i < STAGES; i++)
		free(im.args[i].items);
	return cli_finish(&im.cli);
}

// ---- what the terminal shows ----------------------------------------------------------------

static void erase_progress(struct import *im)
{
	if (im->drawn > 0)
		(void)fprintf(stderr, "\r%*s\r", im->drawn, "");
	im->drawn = 0;
}

static void show_message(void *data, struct text line)
{
	erase_progress(data);
	(void)fprintf(stderr, "%.*s\n", (int)line.len, line.data);
}

static void copy_output(void *data, struct text bytes)
{
	erase_progress(data);
	(void)fwrite(bytes.data, 1, bytes.len, stdout); // cli_finish() checks
}

static void draw_progress(void *data, const struct progress *now)
{
	struct import *im = data;
	char text[PROGRESS_TEXT];
	int before = im->drawn;

	// A job in the background does not write over what its user does now.
	if (!im->draws || tcgetpgrp(STDERR_FILENO) != getpgrp())
		return;
	im->drawn = (int)strlen(progress_format(now, text));
	(void)fprintf(stderr, "\r%s%*s", text, before > im->drawn ? before - im->drawn : 0, "");
}

static void show_status(void *data, const struct progress *now)
{
	struct import *im = data;
	char text[PROGRESS_TEXT];

	erase_progress(im);
	cli_message(&im->cli, "%s", progress_format(now, text));
}

// ---- the run ----------------------------------------------------------------------------------

// Where the database is: there is room there for what waits between two stages.
static int folder_of(const char *path, struct buf *out, struct comic_err *err)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	if (buf_printf(out, "%.*s/", slash == NULL ? 1 : (int)len, slash == NULL ? "." : path) < 0)
		return err_set_nomem(err, path);
	return 0;
}

static void judge(struct import *im, const struct stage *stages)
{
	const struct stage *culprit = NULL;
	int status = stages_status(stages, STAGES, &culprit);
	char text[128];

	if (interrupt_signal() != 0)
		return; // cli_finish() dies of it
	if (culprit != NULL && stages_describe(culprit, text, sizeof(text)))
		cli_message(&im->cli, "%s", text);
	cli_escalate(&im->cli, (enum cli_status)status);
}

static int run(struct import *im, struct comic_err *err)
{
	struct stage stages[STAGES];
	struct buf folder = { 0 };
	const struct pipeline_listener listener = {
		.data = im,
		.message = show_message,
		.output = copy_output,
		.progress = draw_progress,
		.status = show_status,
	};
	int status = -1;

	for (size_t i = 0; i < STAGES; i++)
		stages[i] = (struct stage){
			.name = names[i],
			.argv = im->args[i].items,
			.carried = i == SCAN || i == CHUNK,
		};
	im->draws = !im->cli.quiet && isatty(STDERR_FILENO) != 0;
	if (folder_of(im->db, &folder, err) == 0)
		status = pipeline_run(stages, STAGES, (const char *)folder.data, &listener, err);
	erase_progress(im);
	buf_clear(&folder);
	if (status == 0)
		judge(im, stages);
	return status;
}

// ---- the stages' command lines ------------------------------------------------------------------

#define BIT(stage) (1U << (stage))

static void add(struct import *im, size_t stage, const char *text)
{
	struct args *a = &im->args[stage];
	struct comic_err err = { 0 };

	if (mem_grow(&a->items, &a->room, a->count + 1, sizeof(*a->items)) == 0) {
		a->items[a->count++] = text;
		return;
	}
	(void)err_set_nomem(&err, "command line");
	cli_fail(&im->cli, &err);
	exit(cli_finish(&im->cli));
}

static void add_everywhere(struct import *im, const char *text)
{
	for (size_t stage = 0; stage < STAGES; stage++)
		add(im, stage, text);
}

static void check_report(const struct cli *cli)
{
	if (strcmp(cli->arg, "text") != 0 && strcmp(cli->arg, "json") != 0 &&
	    strcmp(cli->arg, "none") != 0)
		cli_usage_error(cli, "'%s': not text, json or none", cli->arg);
}

// Which stages an option is handed on to. A wrong value is one message here, not one of each.
static unsigned int check_option(const struct cli *cli, int id)
{
	switch (id) {
	case OPTION_SETTLE:
		(void)cli_arg_seconds(cli);
		return BIT(SCAN);
	case 'j':
		(void)cli_arg_count(cli, 1, UINT32_MAX);
		return BIT(EXTRACT);
	case 'n':
		(void)cli_arg_count(cli, 1, UINT32_MAX);
		return BIT(CHUNK);
	case OPTION_FRACTION:
		(void)cli_arg_fraction(cli);
		return BIT(CHUNK) | BIT(LOAD);
	case OPTION_MEMORY:
		(void)cli_arg_bytes(cli);
		return BIT(CHUNK) | BIT(LOAD);
	case OPTION_REPORT:
		check_report(cli);
		return BIT(LOAD);
	case OPTION_MAX_GONE:
		(void)cli_arg_count(cli, 0, 100);
		return BIT(LOAD);
	case OPTION_KEEP_MISSING:
		return BIT(LOAD);
	default:
		return BIT(SCAN);
	}
}

static void hand_on(struct import *im, int id)
{
	unsigned int to = check_option(&im->cli, id);
	const struct cli_option *o = options;

	while (o->id != id)
		o++;
	for (size_t stage = 0; stage < STAGES; stage++) {
		if ((to & BIT(stage)) == 0)
			continue;
		add(im, stage, o->name - 2); // with its "--"
		if (im->cli.arg != NULL)
			add(im, stage, im->cli.arg);
	}
}

static void parse_options(struct import *im)
{
	char **roots = NULL;
	size_t count = 0;
	int id = 0;

	for (size_t stage = 0; stage < STAGES; stage++)
		add(im, stage, names[stage]);
	while ((id = cli_next(&im->cli)) != 0) {
		if (id == OPTION_DB)
			im->db = im->cli.arg;
		else
			hand_on(im, id);
	}
	roots = cli_operands(&im->cli, &count);
	if (count == 0)
		cli_usage_error(&im->cli, "no folder of comics given");
	if (im->cli.quiet)
		add_everywhere(im, "--quiet");
	if (im->cli.verbose)
		add_everywhere(im, "--verbose");
	if (im->cli.strict)
		add_everywhere(im, "--strict");
	add(im, SCAN, "--db");
	add(im, SCAN, im->db);
	add_everywhere(im, "--");
	for (size_t i = 0; i < count; i++)
		add(im, SCAN, roots[i]);
	add(im, LOAD, im->db);
	add_everywhere(im, NULL);
}
