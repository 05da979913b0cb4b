// SPDX-License-Identifier: MIT
// comic-extract: open comics, count their pages, normalize their metadata.

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/operands.h"
#include "base/output.h"
#include "batch/budget.h"
#include "batch/limit.h"
#include "metadata/metadata.h"
#include "stream/record.h"
#include "worker/extract.h"
#include "worker/extraction.h"
#include "worker/intake.h"

#include <inttypes.h>
#include <unistd.h>

enum { OPT_TIMEOUT = 256, OPT_MEMORY, OPT_NO_OPEN, OPT_FULL, OPT_SOURCES, OPT_FILES0 };

static const struct cli_option options[] = {
	{ 'j', "jobs", "N", "worker processes (default: one a CPU, fewer in little memory)" },
	{ OPT_TIMEOUT, "timeout", "S", "give up on a comic after S seconds (60; 0: never)" },
	{ OPT_MEMORY, "memory", "SIZE", "address space of a worker (512M; 0: no limit)" },
	{ OPT_NO_OPEN, "no-open", NULL, "tell only what the name alone does; open nothing" },
	{ OPT_FULL, "full", NULL, "also write the fields the database does not keep" },
	{ OPT_SOURCES, "sources", "LIST", "read metadata only from these: ComicInfo.xml,..." },
	{ OPT_FILES0, "files0-from", "FILE", "read operands, each ended by NUL, from FILE" },
	CLI_OPTION_STRICT,
	CLI_OPTION_FORCE,
	CLI_OPTION_OUTPUT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-extract",
	.usage = "[options] < STREAM\n[options] FILE...",
	.summary = "Read comic archives and write a record of each",
	.options = options,
	.examples = "  comic-scan ~/Comics | comic-extract > comics.stream\n"
		    "  comic-extract x.cbz | comic-cat | jq .meta\n",
};

struct extract {
	struct cli *cli;
	uint64_t jobs; // 0: as many as fit
	uint64_t memory;
	int64_t timeout;
	bool no_open;
	const char *files0;
	struct extract_options how;
	struct output out;
	struct record_writer writer;
	struct extraction *extraction;
	bool operand_missing;
};

// ---- messages -----------------------------------------------------------------------------

static void on_failed(void *context, struct text path, enum fail_code code, const char *reason)
{
	struct extract *x = context;

	cli_message(x->cli, "%.*s: %s: %s", (int)path.len, path.data, fail_code_name(code), reason);
}

static void on_skipped(void *context, struct text path, const char *why, bool missing)
{
	struct extract *x = context;

	x->operand_missing = x->operand_missing || missing;
	cli_note(x->cli, "%.*s: skipped: %s", (int)path.len, path.data, why);
}

static void show_status(void *context)
{
	const struct extract *x = context;
	struct extraction_counts n;

	if (!interrupt_status_wanted())
		return;
	n = extraction_total(x->extraction);
	cli_message(x->cli, "%" PRIu64 " comics, %" PRIu64 " failed, %" PRIu64 " skipped",
		    n.comics, n.failed, n.skipped);
}

// ---- the run ------------------------------------------------------------------------------

static int read_input(struct extract *x, struct comic_err *err)
{
	struct intake in = { x->extraction, &x->writer, show_status, x };
	struct operands operands;
	size_t count = 0;
	char **names = cli_operands(x->cli, &count);
	int status = 0;

	if (count == 0 && x->files0 == NULL)
		return intake_stream(&in, STDIN_FILENO, "standard input", err);
	if (operands_open(&operands, names, count, x->files0, err) < 0)
		return -1;
	status = intake_operands(&in, &operands, "comic-extract " COMIC_VERSION, err);
	operands_close(&operands);
	if (x->operand_missing)
		cli_escalate(x->cli, CLI_FAIL);
	return status;
}

static int choose_jobs(struct extract *x, struct comic_err *err)
{
	struct limit limit;

	if (x->jobs != 0)
		return 0;
	if (limit_here(&limit, 0, err) < 0)
		return -1;
	x->jobs = budget_workers(limit.bytes, sysconf(_SC_NPROCESSORS_ONLN), POOL_WORKERS_MAX);
	limit_clear(&limit);
	return 0;
}

static int start(struct extract *x, struct comic_err *err)
{
	struct extraction_options how = {
		.pool = {
			.timeout = x->timeout,
			.memory = x->memory,
			.start = extract_start,
			.work = extract_work,
			.context = &x->how,
		},
		.writer = &x->writer,
		.events = { x, on_failed, on_skipped },
		.open_files = !x->no_open,
	};

	if (choose_jobs(x, err) < 0 || output_open(&x->out, x->cli->output, err) < 0)
		return -1;
	record_writer_init(&x->writer, &x->out);
	how.pool.workers = (unsigned int)x->jobs;
	return extraction_open(&x->extraction, &how, err);
}

// When the input broke, what was read before is good; without its end it cannot delete.
static void save_what_came(struct extract *x, enum comic_err_code why)
{
	struct comic_err err;

	if ((why == COMIC_ERR_TRUNCATED || why == COMIC_ERR_INPUT) && x->cli->output == NULL &&
	    output_flush(&x->out, &err) < 0)
		cli_fail(x->cli, &err);
}

static void run(struct extract *x)
{
	struct comic_err err = { 0 };
	int status = start(x, &err);

	if (status == 0)
		status = read_input(x, &err);
	if (status == 0) {
		status = output_commit(&x->out, &err);
		if (x->cli->strict && extraction_total(x->extraction).failed > 0)
			cli_escalate(x->cli, CLI_LOOK);
	}
	if (status < 0) {
		cli_fail(x->cli, &err);
		save_what_came(x, err.code);
	}
	output_abort(&x->out);
	extraction_close(x->extraction);
	record_writer_clear(&x->writer);
}

static void parse_option(struct extract *x, int id)
{
	struct text unknown;

	switch (id) {
	case 'j':
		x->jobs = cli_arg_count(x->cli, 1, POOL_WORKERS_MAX);
		break;
	case OPT_TIMEOUT:
		x->timeout = cli_arg_seconds(x->cli);
		break;
	case OPT_MEMORY:
		x->memory = cli_arg_bytes(x->cli);
		break;
	case OPT_NO_OPEN:
		x->no_open = true;
		break;
	case OPT_FULL:
		x->how.full = true;
		break;
	case OPT_SOURCES:
		if (!metadata_parse_sources(x->cli->arg, &x->how.sources, &unknown))
			cli_usage_error(x->cli, "--sources: '%.*s' is no source of metadata",
					(int)unknown.len, unknown.data);
		break;
	case OPT_FILES0:
		x->files0 = x->cli->arg;
		break;
	}
}

int main(int argc, char **argv)
{
	struct cli cli;
	struct extract x = { .cli = &cli, .memory = (uint64_t)512 << 20,
			     .timeout = (int64_t)60 * 1000000000 };
	size_t count = 0;
	int id = 0;

	cli_start(&cli, &spec, argc, argv);
	while ((id = cli_next(&cli)) != 0)
		parse_option(&x, id);
	x.how.origin = cli.verbose;
	(void)cli_operands(&cli, &count);
	if (count > 0 && x.files0 != NULL)
		cli_usage_error(&cli, "operands and --files0-from cannot be combined");
	if (count == 0 && x.files0 == NULL)
		cli_refuse_terminal(&cli, STDIN_FILENO);
	cli_refuse_terminal(&cli, STDOUT_FILENO);
	run(&x);
	return cli_finish(&cli);
}
