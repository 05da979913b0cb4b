// SPDX-License-Identifier: MIT
// comic-load: apply a stream of batches to the database, each whole or not at all.

#include "base/cli.h"
#include "base/size.h"
#include "batch/budget.h"
#include "batch/limit.h"
#include "database/load.h"
#include "database/open.h"
#include "database/report.h"
#include "stream/reader.h"
#include "stream/record.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_WAIT ((int64_t)60 * 1000000000)
#define DEFAULT_MAX_GONE 50

enum { OPT_MEMORY = 256, OPT_FRACTION, OPT_WAIT, OPT_REPORT, OPT_MAX_GONE };
enum { OPT_KEEP_MISSING = 300, OPT_DRY_RUN };

static const struct cli_option options[] = {
	{ OPT_MEMORY, "memory", "SIZE", "take this as the memory limit instead of the machine's" },
	{ OPT_FRACTION, "fraction", "F", "use this fraction of the limit (default 0.25)" },
	{ OPT_WAIT, "wait", "SECONDS", "wait this long for a locked database (default 60)" },
	{ OPT_REPORT, "report", "KIND",
	  "text (default, on standard error), json (standard output) or none" },
	{ OPT_MAX_GONE, "max-gone", "PERCENT", "delete no more of a root than this (default 50)" },
	{ OPT_KEEP_MISSING, "keep-missing", NULL, "keep what a comic's file no longer says" },
	{ OPT_DRY_RUN, "dry-run", NULL, "tell what would change, and write nothing" },
	CLI_OPTION_FORCE,
	CLI_OPTION_STRICT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-load",
	.usage = "[options] DB",
	.summary = "Apply a stream of batches to a comic database, each whole or not at all",
	.options = options,
	.examples = "  comic-scan --db lib.db ~/Comics | comic-extract | comic-chunk | comic-load "
		    "lib.db\n"
		    "  comic-dump old.db | comic-chunk | comic-load new.db\n",
};

enum report { REPORT_TEXT, REPORT_JSON, REPORT_NONE };

struct settings {
	uint64_t memory; // 0: the machine's limit
	double fraction;
	enum report report;
	struct load_options load;
};

// What one run works with.
struct run {
	struct cli *cli;
	const struct settings *settings;
	struct load load;
	bool opened;
	bool finished;
	struct stream_reader in;
	struct record_decoder decoder;
};

static enum report report_from(const struct cli *cli)
{
	static const char *const names[] = { "text", "json", "none" };

	for (size_t i = 0; i < COMIC_COUNT(names); i++) {
		if (strcmp(cli->arg, names[i]) == 0)
			return (enum report)i;
	}
	cli_usage_error(cli, "'%s': a report is text, json or none", cli->arg);
}

static void parse_options(struct cli *cli, struct settings *s)
{
	int id = 0;

	while ((id = cli_next(cli)) != 0) {
		switch (id) {
		case OPT_MEMORY:
			s->memory = cli_arg_bytes(cli);
			if (s->memory == 0)
				cli_usage_error(cli, "'%s': no memory at all", cli->arg);
			break;
		case OPT_FRACTION:
			s->fraction = cli_arg_fraction(cli);
			break;
		case OPT_WAIT:
			s->load.wait = cli_arg_seconds(cli);
			break;
		case OPT_REPORT:
			s->report = report_from(cli);
			break;
		case OPT_MAX_GONE:
			s->load.max_gone = (unsigned int)cli_arg_count(cli, 0, 100);
			break;
		default:
			s->load.keep_missing |= id == OPT_KEEP_MISSING;
			s->load.dry_run |= id == OPT_DRY_RUN;
			break;
		}
	}
}

// The budget: of the limit given; else of the machine's, or what the stream was cut for if less.
static int set_budget(const struct settings *s, const struct record *begin,
		      struct load_options *out, struct comic_err *err)
{
	struct limit limit;

	if (limit_here(&limit, s->memory, err) < 0)
		return -1;
	out->most = budget_bytes(limit.bytes, s->fraction);
	out->budget = out->most;
	if (s->memory == 0 && begin->has_budget && begin->budget < out->budget)
		out->budget = begin->budget;
	limit_clear(&limit);
	return 0;
}

static void show_status(void *run)
{
	const struct run *r = run;

	cli_message(r->cli, "%llu comics in %llu batches, %.0f s",
		    (unsigned long long)report_comics(&r->load),
		    (unsigned long long)r->load.counts[COUNT_BATCHES], load_seconds(&r->load));
}

// The database is opened when there is a stream, so that none is made for nothing.
static int open_with(struct run *r, const char *path, const struct record *begin,
		     struct comic_err *err)
{
	struct load_options how = r->settings->load;

	if (begin->type != STREAM_BEGIN)
		return err_set(err, COMIC_ERR_INPUT,
			       "standard input: a stream begins with a begin");
	if (set_budget(r->settings, begin, &how, err) < 0 ||
	    load_open(&r->load, path, &how, err) < 0)
		return -1;
	r->opened = true;
	r->in.before_read = load_before_read;
	r->in.context = &r->load;
	r->in.status = show_status;
	r->in.status_context = r;
	if (!r->load.d.wal && !how.dry_run)
		cli_note(r->cli, "%s: no write-ahead log is possible here; readers will wait",
			 path);
	return 0;
}

static int load_stream(struct run *r, const char *path, struct comic_err *err)
{
	struct stream_frame frame;
	struct record record;
	int got = 0;

	while ((got = stream_next(&r->in, &frame, err)) > 0) {
		if (record_decode(&r->decoder, &frame, &record, err) < 0 ||
		    (!r->opened && open_with(r, path, &record, err) < 0) ||
		    load_record(&r->load, &record, frame.len, err) < 0)
			return -1;
	}
	if (got < 0 || load_finish(&r->load, err) < 0)
		return -1;
	r->finished = true;
	return 0;
}

static void note_lines(const struct cli *cli, const char *text)
{
	for (size_t len = 0; *text != '\0'; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		cli_note(cli, "%.*s", (int)len, text);
	}
}

static int report(const struct run *r, struct comic_err *err)
{
	struct buf text = { 0 };
	int status = 0;

	if (r->settings->report == REPORT_TEXT)
		status = r->settings->load.dry_run ? report_table(&r->load, &text)
						   : report_text(&r->load, &text);
	else if (r->settings->report == REPORT_JSON)
		status = report_json(&r->load, r->finished, &text);
	if (status < 0)
		status = err_set_nomem(err, "report");
	else if (r->settings->report == REPORT_TEXT)
		note_lines(r->cli, (const char *)text.data);
	else if (r->settings->report == REPORT_JSON)
		(void)puts((const char *)text.data); // cli_finish() finds what goes wrong
	buf_clear(&text);
	return status;
}

static int run_load(struct run *r, const char *path, struct comic_err *err)
{
	int status = open_configure(err);

	stream_reader_init(&r->in, STDIN_FILENO, "standard input");
	if (status == 0)
		status = load_stream(r, path, err);
	if (r->opened) {
		struct comic_err later = { 0 };

		// What went wrong first is what is told.
		if (load_settle(&r->load, status < 0 ? &later : err) < 0)
			status = -1;
		if (report(r, status < 0 ? &later : err) < 0)
			status = -1;
		load_close(&r->load);
	}
	stream_reader_clear(&r->in);
	record_decoder_clear(&r->decoder);
	return status;
}

int main(int argc, char **argv)
{
	struct settings settings = {
		.fraction = BUDGET_FRACTION,
		.load = { .wait = DEFAULT_WAIT, .max_gone = DEFAULT_MAX_GONE },
	};
	struct cli cli;
	struct run r = { .cli = &cli, .settings = &settings };
	struct comic_err err = { 0 };
	size_t count = 0;
	char **operands = NULL;

	cli_start(&cli, &spec, argc, argv);
	parse_options(&cli, &settings);
	operands = cli_operands(&cli, &count);
	if (count != 1 || operands[0][0] == '\0')
		cli_usage_error(&cli, "one database is needed");
	cli_refuse_terminal(&cli, STDIN_FILENO);
	if (run_load(&r, operands[0], &err) < 0)
		cli_fail(&cli, &err);
	if (cli.strict && r.load.counts[COUNT_FAILED] > 0)
		cli_escalate(&cli, CLI_LOOK);
	return cli_finish(&cli);
}
