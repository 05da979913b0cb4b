// SPDX-License-Identifier: MIT
// comic-dump: a comic database as a stream that comic-chunk | comic-load would load again.

#include "base/cli.h"
#include "base/output.h"
#include "database/dump.h"
#include "stream/record.h"

#include <unistd.h>

static const struct cli_option options[] = {
	CLI_OPTION_FORCE,
	CLI_OPTION_OUTPUT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-dump",
	.usage = "[options] DB",
	.summary = "Write what a comic database holds as a record stream",
	.options = options,
	.examples = "  comic-dump library.db | comic-cat\n"
		    "  comic-dump old.db | comic-chunk | comic-load new.db\n"
		    "  cmp <(comic-dump a.db) <(comic-dump b.db)\n",
};

static int dump(const char *path, struct record_writer *w, struct comic_err *err)
{
	struct dump_counts counts = { 0 };

	if (record_write_begin(w, "comic-dump " COMIC_VERSION, NULL, 0, false, err) < 0 ||
	    dump_write(path, w, &counts, err) < 0)
		return -1;
	const struct record_count end[] = {
		{ "comics", counts.comics },
		{ "failed", counts.fails },
	};
	return record_write_end(w, end, COMIC_COUNT(end), err);
}

static int run(const struct cli *cli, const char *path, struct comic_err *err)
{
	struct output out;
	struct record_writer w;
	int status = -1;

	if (output_open(&out, cli->output, err) < 0)
		return -1;
	record_writer_init(&w, &out);
	status = dump(path, &w, err);
	record_writer_clear(&w);
	if (status < 0) {
		output_abort(&out);
		return -1;
	}
	return output_commit(&out, err);
}

int main(int argc, char **argv)
{
	struct cli cli;
	struct comic_err err = { 0 };
	char **operands = NULL;
	size_t count = 0;

	cli_start(&cli, &spec, argc, argv);
	while (cli_next(&cli) != 0)
		; // every option is one that all programs share
	operands = cli_operands(&cli, &count);
	if (count != 1)
		cli_usage_error(&cli, "%s", count == 0 ? "no database given" :
							 "more than one database given");
	cli_refuse_terminal(&cli, STDOUT_FILENO);
	if (run(&cli, operands[0], &err) < 0)
		cli_fail(&cli, &err);
	return cli_finish(&cli);
}
