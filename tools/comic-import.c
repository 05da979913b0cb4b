// SPDX-License-Identifier: MIT
// comic-import: the whole pipeline as one command.

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/terminal.h"
#include "pipeline/arguments.h"
#include "pipeline/division.h"
#include "pipeline/pipeline.h"

#include <stdio.h>
#include <string.h>

enum { OPTION_DB = 256, OPTION_MEMORY, OPTION_FRACTION, OPTION_SETTLE, OPTION_ALL, OPTION_EXCLUDE };
enum { OPTION_RETRY_FAILED = 300, OPTION_ALLOW_EMPTY, OPTION_FORGET, OPTION_MAX_GONE };
enum { OPTION_KEEP_MISSING = 400, OPTION_REPORT, OPTION_DRY_RUN };

static const struct cli_option options[] = {
	{ OPTION_DB, "db", "FILE", "the database (library.db)" },
	{ OPTION_ALL, "all", NULL, "read every comic again, changed or not" },
	{ OPTION_ALLOW_EMPTY, "allow-empty", NULL, "believe a root that has become empty" },
	{ OPTION_DRY_RUN, "dry-run", NULL, "tell what would change, and write nothing" },
	{ OPTION_EXCLUDE, "exclude", "GLOB", "skip what matches, as a line of .comicignore would" },
	{ OPTION_FORGET, "forget", "DIR", "remove what is below DIR, missing or empty" },
	{ OPTION_FRACTION, "fraction", "F", "budget this part of the memory limit (0.25)" },
	{ 'j', "jobs", "N", "read with N worker processes" },
	{ OPTION_KEEP_MISSING, "keep-missing", NULL, "keep fields that a file no longer has" },
	{ OPTION_MAX_GONE, "max-gone", "PERCENT", "remove no more of a root than this (50)" },
	{ OPTION_MEMORY, "memory", "SIZE", "take SIZE as the memory limit instead of finding it" },
	{ 'n', "comics", "N", "put N comics into a batch" },
	{ OPTION_REPORT, "report", "HOW", "how to report: text, json or none (text)" },
	{ OPTION_RETRY_FAILED, "retry-failed", NULL, "read again what failed for good" },
	{ OPTION_SETTLE, "settle", "S", "leave files changed so recently for the next run (2)" },
	CLI_OPTION_STRICT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-import",
	.usage = "[options] ROOT...",
	.summary = "Bring a comic database up to date with folders of comics",
	.options = options,
	.examples = "  comic-import ~/Comics\n"
		    "  comic-import --db=lib.db --memory=512M ~/Comics\n"
		    "  comic-import --report=json ~/Comics | jq .comics_created\n",
};

enum { SCAN, EXTRACT, CHUNK, LOAD, STAGES };
static const char *const names[] = { "comic-scan", "comic-extract", "comic-chunk", "comic-load" };

struct import {
	struct cli cli;
	const char *db;
	struct arguments args[STAGES]; // what each stage is started with
	bool forgets;                  // --forget was given: no root is needed
	bool jobs;                     // --jobs was given
	uint64_t memory;               // 0: each stage finds out
	struct terminal_line line;
};

static int parse_options(struct import *im, struct comic_err *err);
static int run(struct import *im, struct comic_err *err);

int main(int argc, char **argv)
{
	struct import im = { .db = "library.db" };
	struct comic_err err = { 0 };

	cli_start(&im.cli, &spec, argc, argv);
	if (parse_options(&im, &err) < 0 || run(&im, &err) < 0)
		cli_fail(&im.cli, &err);
	for (size_t i = 0; i < STAGES; i++)
		arguments_clear(&im.args[i]);
	return cli_finish(&im.cli);
}

// ---- what happens meanwhile -------------------------------------------------------------------

static void show_message(void *data, struct text line)
{
	struct import *im = data;

	terminal_line_erase(&im->line);
	(void)fprintf(stderr, "%.*s\n", (int)line.len, line.data);
}

static void copy_output(void *data, struct text bytes)
{
	struct import *im = data;

	terminal_line_erase(&im->line);
	(void)fwrite(bytes.data, 1, bytes.len, stdout); // cli_finish() checks
}

static void show_progress(void *data, const struct progress *now)
{
	struct import *im = data;
	char text[PROGRESS_TEXT];

	terminal_line_draw(&im->line, progress_format(now, text));
}

static void show_status(void *data, const struct progress *now)
{
	struct import *im = data;
	char text[PROGRESS_TEXT];

	terminal_line_erase(&im->line);
	cli_message(&im->cli, "%s", progress_format(now, text));
}

// ---- the run ------------------------------------------------------------------------------------

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
	const struct pipeline_listener listener = {
		.data = im,
		.message = show_message,
		.output = copy_output,
		.progress = show_progress,
		.status = show_status,
	};
	int status = 0;

	for (size_t i = 0; i < STAGES; i++)
		stages[i] = (struct stage){ .name = names[i], .argv = im->args[i].words };
	stages[SCAN].carried = stages[CHUNK].carried = true;
	terminal_line_init(&im->line, im->cli.quiet);
	status = pipeline_run(stages, STAGES, im->db, &listener, err);
	terminal_line_erase(&im->line);
	if (status == 0)
		judge(im, stages);
	return status;
}

// ---- the stages' command lines ------------------------------------------------------------------

#define BIT(stage) (1U << (stage))
static void check_report(const struct cli *cli, const char *how)
{
	if (strcmp(how, "text") != 0 && strcmp(how, "json") != 0 && strcmp(how, "none") != 0)
		cli_usage_error(cli, "'%s': not text, json or none", how);
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
		check_report(cli, cli->arg);
		return BIT(LOAD);
	case OPTION_MAX_GONE:
		(void)cli_arg_count(cli, 0, 100);
		return BIT(LOAD);
	case OPTION_KEEP_MISSING:
	case OPTION_DRY_RUN:
		return BIT(LOAD);
	default:
		return BIT(SCAN);
	}
}

static int hand_on(struct import *im, int id, struct comic_err *err)
{
	unsigned int to = check_option(&im->cli, id);
	const struct cli_option *o = options;

	im->forgets |= id == OPTION_FORGET;
	im->jobs |= id == 'j';
	im->memory = id == OPTION_MEMORY ? cli_arg_bytes(&im->cli) : im->memory;
	while (o->id != id)
		o++;
	for (size_t i = 0; i < STAGES; i++) {
		if ((to & BIT(i)) != 0 &&
		    arguments_add_option(&im->args[i], o->name, im->cli.arg, err) < 0)
			return -1;
	}
	return 0;
}

// What every stage is given, then the operands of those that have some.
static int add_operands(struct import *im, struct comic_err *err)
{
	size_t count = 0;
	char **roots = cli_operands(&im->cli, &count);
	int status = arguments_add_option(&im->args[SCAN], "db", im->db, err);

	if (count == 0 && !im->forgets)
		cli_usage_error(&im->cli, "no folder of comics given");
	for (size_t i = 0; i < STAGES && status == 0; i++) {
		if (arguments_add(&im->args[i], im->cli.quiet ? "--quiet" : NULL, err) < 0 ||
		    arguments_add(&im->args[i], im->cli.verbose ? "--verbose" : NULL, err) < 0 ||
		    arguments_add(&im->args[i], im->cli.strict ? "--strict" : NULL, err) < 0 ||
		    arguments_add(&im->args[i], "--", err) < 0)
			status = -1;
	}
	for (size_t i = 0; i < count && status == 0; i++)
		status = arguments_add(&im->args[SCAN], roots[i], err);
	return status < 0 ? -1 : arguments_add(&im->args[LOAD], im->db, err);
}

static int parse_options(struct import *im, struct comic_err *err)
{
	int id = 0;

	for (size_t i = 0; i < STAGES; i++)
		if (arguments_add(&im->args[i], names[i], err) < 0)
			return -1;
	while ((id = cli_next(&im->cli)) != 0) {
		if (id == OPTION_DB)
			im->db = im->cli.arg;
		else if (hand_on(im, id, err) < 0)
			return -1;
	}
	// Larger ones would leave the loader idle until they are read.
	if (arguments_add_option(&im->args[CHUNK], "max", "1000", err) < 0 ||
	    division_for_extract(&im->args[EXTRACT], im->memory, im->jobs, err) < 0)
		return -1;
	return add_operands(im, err);
}
