// SPDX-License-Identifier: MIT
// comic-chunk: decide batch boundaries from the memory limit.

#include "base/cli.h"
#include "base/output.h"
#include "base/size.h"
#include "batch/budget.h"
#include "batch/chunk.h"
#include "batch/limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { OPT_MEMORY = 256, OPT_FRACTION, OPT_COMIC_SIZE, OPT_MIN, OPT_MAX, OPT_EXPLAIN };

static const struct cli_option options[] = {
	{ OPT_MEMORY, "memory", "SIZE", "take SIZE as the memory limit instead of finding it" },
	{ OPT_FRACTION, "fraction", "F", "budget this part of the limit (0.25)" },
	{ OPT_COMIC_SIZE, "comic-size", "SIZE", "budget SIZE for one comic (16K)" },
	{ OPT_MIN, "min", "N", "put at least N comics into a batch (1000)" },
	{ OPT_MAX, "max", "N", "put at most N comics into a batch (500000)" },
	{ 'n', "comics", "N", "put N into a batch; its bytes stay bounded" },
	{ OPT_EXPLAIN, "explain", NULL, "read nothing; say where the numbers come from" },
	CLI_OPTION_FORCE,
	CLI_OPTION_OUTPUT,
	CLI_OPTION_STRICT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-chunk",
	.usage = "[options] <STREAM >STREAM\n--explain [options]",
	.summary = "Decide where a stream of comics is cut into batches, from the memory limit",
	.options = options,
	.examples = "  comic-extract *.cbz | comic-chunk | comic-load lib.db\n"
		    "  comic-chunk --memory=1G --explain\n",
};

struct options {
	uint64_t memory; // 0: find the limit
	double fraction;
	uint64_t comic_size;
	uint64_t least;
	uint64_t most;
	uint64_t comics; // -n, 0: from the budget
	bool explain;
};

struct plan {
	struct limit limit;
	uint64_t budget; // bytes
	uint64_t comics; // per batch
	uint64_t first;  // of the first batch
};

static int make_plan(struct plan *plan, const struct options *opt, struct comic_err *err);
static void note_plan(const struct cli *cli, const struct plan *plan);
static void explain(const struct plan *plan, const struct options *opt);
static void run(struct cli *cli, const struct plan *plan);
static void parse_options(struct options *opt, struct cli *cli);

int main(int argc, char **argv)
{
	struct options opt = {
		.fraction = BUDGET_FRACTION,
		.comic_size = BUDGET_COMIC_SIZE,
		.least = BUDGET_COMICS_LEAST,
		.most = BUDGET_COMICS_MOST,
	};
	struct comic_err err = { 0 };
	struct plan plan = { 0 };
	struct cli cli;

	cli_start(&cli, &spec, argc, argv);
	parse_options(&opt, &cli);
	if (!opt.explain) {
		cli_refuse_terminal(&cli, STDIN_FILENO);
		cli_refuse_terminal(&cli, STDOUT_FILENO);
	}
	if (make_plan(&plan, &opt, &err) < 0) {
		cli_fail(&cli, &err);
	} else if (opt.explain) {
		explain(&plan, &opt);
	} else {
		note_plan(&cli, &plan);
		run(&cli, &plan);
	}
	limit_clear(&plan.limit);
	return cli_finish(&cli);
}

struct progress {
	struct cli *cli;
	const struct chunk *chunk;
};

static void show_status(void *progress)
{
	const struct progress *p = progress;

	cli_message(p->cli, "batch %" PRIu64 ": %" PRIu64 " records so far",
		    p->chunk->boundary.batch.n, p->chunk->boundary.batch.records);
}

static void run(struct cli *cli, const struct plan *plan)
{
	struct comic_err err = { 0 };
	struct comic_err second = { 0 };
	struct stream_reader in;
	struct output out;
	struct chunk chunk;
	struct progress progress = { cli, &chunk };

	if (output_open(&out, cli->output, &err) < 0) {
		cli_fail(cli, &err);
		return;
	}
	stream_reader_init(&in, STDIN_FILENO, "standard input");
	in.status = show_status;
	in.status_context = &progress;
	chunk_init(&chunk, &out, plan->budget, plan->comics, plan->first);
	if (chunk_stream(&chunk, &in, &err) < 0) {
		cli_fail(cli, &err);
		// What was read whole goes on all the same.
		if (err.code != COMIC_ERR_INTERRUPTED && output_flush(&out, &second) < 0)
			cli_fail(cli, &second);
	} else if (output_commit(&out, &err) < 0) {
		cli_fail(cli, &err);
	}
	cli_info(cli, "%" PRIu64 " records in %" PRIu64 " batches", chunk.records,
		 chunk.boundary.batch.n - 1);
	if (cli->strict && chunk.failures > 0)
		cli_escalate(cli, CLI_LOOK);
	output_abort(&out);
	chunk_clear(&chunk);
	stream_reader_clear(&in);
}

static int make_plan(struct plan *plan, const struct options *opt, struct comic_err *err)
{
	if (limit_here(&plan->limit, opt->memory, err) < 0)
		return -1;
	plan->budget = budget_bytes(plan->limit.bytes, opt->fraction);
	plan->comics = opt->comics;
	plan->first = opt->comics == 0 ? BUDGET_COMICS_FIRST : opt->comics;
	if (plan->comics == 0)
		plan->comics = budget_comics(plan->budget, opt->comic_size, opt->least, opt->most);
	return 0;
}

static void note_plan(const struct cli *cli, const struct plan *plan)
{
	char limit[SIZE_TEXT];
	char budget[SIZE_TEXT];

	for (size_t i = 0; i < plan->limit.count; i++) {
		const struct limit_candidate *c = &plan->limit.candidates[i];

		if (c->note != NULL)
			cli_note(cli, "%s: ignored: %s", c->source, c->note);
	}
	cli_info(cli, "memory limit %s (%s), budget %s, %" PRIu64 " comics per batch",
		 size_format_bytes(plan->limit.bytes, limit), plan->limit.source,
		 size_format_bytes(plan->budget, budget), plan->comics);
}

static void explain_candidates(const struct limit *limit)
{
	char text[SIZE_TEXT];

	for (size_t i = 0; i < limit->count; i++) {
		const struct limit_candidate *c = &limit->candidates[i];

		if (c->note != NULL)
			(void)printf("  %s: ignored: %s\n", c->source, c->note);
		else
			(void)printf("  %s: %s\n", c->source,
				     c->bytes == LIMIT_NONE ? "no limit"
							    : size_format_bytes(c->bytes, text));
	}
}

static void explain(const struct plan *plan, const struct options *opt)
{
	char text[SIZE_TEXT];

	if (plan->limit.count > 0)
		(void)printf("looked at:\n");
	explain_candidates(&plan->limit);
	(void)printf("memory limit: %s, from %s\n", size_format_bytes(plan->limit.bytes, text),
		     plan->limit.source);
	(void)printf("budget: %s, %g of the limit\n", size_format_bytes(plan->budget, text),
		     opt->fraction);
	(void)printf("batch: at most %s as comic-load holds it\n",
		     size_format_bytes(budget_batch_share(plan->budget), text));
	if (opt->comics == 0)
		(void)printf("comic: %s of the budget, from %" PRIu64 " to %" PRIu64 "\n",
			     size_format_bytes(opt->comic_size, text), opt->least, opt->most);
	(void)printf("comics per batch: %" PRIu64 "\n", plan->comics);
}

static uint64_t some_bytes(const struct cli *cli)
{
	uint64_t bytes = cli_arg_bytes(cli);

	if (bytes == 0)
		cli_usage_error(cli, "'%s': a size above 0 is needed", cli->arg);
	return bytes;
}

static void parse_options(struct options *opt, struct cli *cli)
{
	size_t operands = 0;
	int id = 0;

	while ((id = cli_next(cli)) != 0) {
		switch (id) {
		case OPT_MEMORY:
			opt->memory = some_bytes(cli);
			break;
		case OPT_FRACTION:
			opt->fraction = cli_arg_fraction(cli);
			break;
		case OPT_COMIC_SIZE:
			opt->comic_size = some_bytes(cli);
			break;
		case OPT_MIN:
			opt->least = cli_arg_count(cli, 1, UINT32_MAX);
			break;
		case OPT_MAX:
			opt->most = cli_arg_count(cli, 1, UINT32_MAX);
			break;
		case 'n':
			opt->comics = cli_arg_count(cli, 1, UINT32_MAX);
			break;
		default:
			opt->explain = true;
		}
	}
	if (opt->explain && cli->output != NULL)
		cli_usage_error(cli, "--explain writes to standard output only");
	if (opt->least > opt->most)
		cli_usage_error(cli, "--min is above --max");
	if (cli_operands(cli, &operands)[0] != NULL)
		cli_usage_error(cli,
				"'%s': no operand is taken; the stream comes on standard input",
				cli_operands(cli, &operands)[0]);
}
