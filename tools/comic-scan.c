// SPDX-License-Identifier: MIT
// comic-scan: walk the roots, compare with the database, report what changed.

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/output.h"
#include "walk/changes.h"
#include "walk/path.h"
#include "walk/group.h"
#include "walk/why.h"

#include <inttypes.h>
#include <unistd.h>

#define SETTLE_DEFAULT INT64_C(2000000000) // nanoseconds

enum { OPT_ALL = 256, OPT_ALLOW_EMPTY, OPT_DB, OPT_EXCLUDE, OPT_FILES0_FROM };
enum { OPT_FORGET = 300, OPT_LIST_IGNORES, OPT_RETRY_FAILED, OPT_SETTLE, OPT_WHY };

static const struct cli_option options[] = {
	{ OPT_DB, "db", "DB", "report only what differs from this database, and what is gone" },
	{ OPT_ALL, "all", NULL, "report every comic, also those that did not change" },
	{ '0', "print0", NULL, "write the paths of new and modified comics, each ended by a NUL" },
	{ OPT_EXCLUDE, "exclude", "GLOB", "ignore what matches, as a line of .comicignore would" },
	{ OPT_SETTLE, "settle", "SECONDS",
	  "leave comics changed so recently for the next run (2)" },
	{ OPT_RETRY_FAILED, "retry-failed", NULL, "report every comic that could not be read" },
	{ OPT_ALLOW_EMPTY, "allow-empty", NULL,
	  "an empty root is no accident: its comics are gone" },
	{ OPT_FORGET, "forget", "DIR", "DIR is missing or empty for good: its comics are gone" },
	{ OPT_FILES0_FROM, "files0-from", "FILE", "read the roots from FILE, each ended by a NUL" },
	{ OPT_LIST_IGNORES, "list-ignores", NULL, "show the built-in ignore rules and exit" },
	{ OPT_WHY, "why", "PATH", "show which rule ignores or takes PATH, and exit" },
	{ CLI_STRICT, "strict", NULL, "exit 1 when something could not be read" },
	CLI_OPTION_FORCE,
	CLI_OPTION_OUTPUT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-scan",
	.usage = "[options] ROOT...\n[options] --files0-from=FILE\n"
		 "--why=PATH ROOT...\n--list-ignores",
	.summary = "Walk comic libraries and report what changed",
	.options = options,
	.examples = "  comic-scan ~/Comics | comic-cat | head\n"
		    "  comic-scan --db lib.db ~/Comics | comic-extract | comic-chunk |"
		    " comic-load lib.db\n"
		    "  comic-scan --print0 ~/Comics | xargs -0 ls -l\n",
};

// Everything one run works with.
struct scan {
	struct cli *cli;
	struct text db; // data NULL: none
	const char *files0;
	const char *why;
	bool print0;
	bool list_ignores;
	struct roots roots;
	struct ignore ignore;
	struct known known;
	struct changes changes;
	struct group group;
	struct output out;
};

static int set_option(struct scan *s, int id, struct comic_err *err)
{
	struct changes *c = &s->changes;

	switch (id) {
	case OPT_DB:
		return path_absolute(&s->roots.texts, s->cli->arg, &s->db, err);
	case OPT_EXCLUDE:
		return ignore_add_exclude(&s->ignore, s->cli->arg, err);
	case OPT_FORGET:
		return roots_add(&s->roots, s->cli->arg, true, err);
	case OPT_SETTLE:
		c->rules.settle = cli_arg_seconds(s->cli);
		break;
	case OPT_FILES0_FROM:
		s->files0 = s->cli->arg;
		break;
	case OPT_WHY:
		s->why = s->cli->arg;
		break;
	default:
		s->print0 |= id == '0';
		s->list_ignores |= id == OPT_LIST_IGNORES;
		c->rules.all |= id == OPT_ALL;
		c->rules.retry_failed |= id == OPT_RETRY_FAILED;
		c->allow_empty |= id == OPT_ALLOW_EMPTY;
		break;
	}
	return 0;
}

static int add_roots(struct scan *s, struct comic_err *err)
{
	size_t count = 0;
	char **operands = cli_operands(s->cli, &count);

	if (s->roots.count > 0 && s->db.data == NULL)
		return err_set(err, COMIC_ERR_INPUT, "--forget needs --db");
	if (s->files0 != NULL && count > 0)
		return err_set(err, COMIC_ERR_INPUT, "give roots or --files0-from, not both");
	if (roots_add_all(&s->roots, operands, count, s->files0, err) < 0)
		return -1;
	if (s->roots.count == 0)
		return err_set(err, COMIC_ERR_INPUT,
			       "no root given: name the folder of your comics");
	return roots_sort(&s->roots, err);
}

static int take(struct scan *s, const struct change *change, struct comic_err *err)
{
	switch (change->kind) {
	case CHANGE_RECORD:
		return group_record(&s->group, &change->record, err);
	case CHANGE_NOTE:
		cli_note(s->cli, "%s: skipped: %s", change->path.data, change->why);
		break;
	case CHANGE_UNREADABLE:
		cli_warn(s->cli, "%s: %s", change->path.data, change->why);
		if (s->cli->strict)
			cli_escalate(s->cli, CLI_LOOK);
		break;
	case CHANGE_REFUSED:
		cli_message(s->cli, "%s: refused: %s", change->path.data, change->why);
		cli_escalate(s->cli, CLI_FAIL);
		break;
	case CHANGE_PAUSE:
		return output_flush(&s->out, err); // the next stage need not wait for more
	}
	return 0;
}

static void show_status(const struct scan *s, const char *where)
{
	const struct change_counts *n = &s->changes.counts;

	cli_message(s->cli,
		    "%" PRIu64 " comics seen, %" PRIu64 " new, %" PRIu64 " modified, %" PRIu64
		    " moved, %" PRIu64 " gone%s%s",
		    n->files, n->new_files, n->modified, n->moved, n->gone,
		    where == NULL ? "" : ", at ", where == NULL ? "" : where);
}

static int report_changes(struct scan *s, struct comic_err *err)
{
	struct change change;
	int got = 0;

	if (changes_start(&s->changes, err) < 0 || group_begin(&s->group, &s->roots, err) < 0)
		return -1;
	while ((got = changes_next(&s->changes, &change, err)) > 0) {
		if (interrupt_status_wanted())
			show_status(s, change.path.data);
		if (take(s, &change, err) < 0)
			return -1;
	}
	if (got == 0 && s->cli->verbose)
		show_status(s, NULL);
	return got < 0 ? -1 : group_end(&s->group, &s->changes.counts, err);
}

static int run(struct scan *s, struct comic_err *err)
{
	int status = 0;

	s->changes.roots = &s->roots;
	s->changes.ignore = &s->ignore;
	s->changes.known = &s->known;
	if (known_open(&s->known, s->db.data, err) < 0)
		return -1;
	if (output_open(&s->out, s->cli->output, err) < 0) {
		known_close(&s->known);
		return -1;
	}
	group_init(&s->group, &s->out, s->print0);
	status = report_changes(s, err);
	if (status == 0)
		status = output_commit(&s->out, err);
	output_abort(&s->out);
	group_clear(&s->group);
	changes_clear(&s->changes);
	known_close(&s->known);
	return status;
}

static int explain(struct scan *s, struct comic_err *err)
{
	struct buf line = { .len = 0 };
	int status = why_explain(&s->roots, &s->ignore, s->why, &line, err);

	if (status == 0)
		cli_print((const char *)line.data);
	buf_clear(&line);
	return status;
}

static int list_ignores(void)
{
	for (size_t i = 0; ignore_builtin[i] != NULL; i++)
		cli_print(ignore_builtin[i]);
	return 0;
}

static int work(struct scan *s, struct comic_err *err)
{
	int id = 0;

	if (ignore_init(&s->ignore, err) < 0)
		return -1;
	while ((id = cli_next(s->cli)) != 0) {
		if (set_option(s, id, err) < 0)
			return -1;
	}
	if (s->list_ignores)
		return list_ignores();
	if (add_roots(s, err) < 0)
		return -1;
	if (s->why != NULL)
		return explain(s, err);
	if (!s->print0)
		cli_refuse_terminal(s->cli, STDOUT_FILENO);
	return run(s, err);
}

int main(int argc, char **argv)
{
	struct cli cli;
	struct scan scan = { .cli = &cli, .changes.rules.settle = SETTLE_DEFAULT };
	struct comic_err err = { 0 };
	int status = 0;

	cli_start(&cli, &spec, argc, argv);
	status = work(&scan, &err);
	ignore_clear(&scan.ignore);
	roots_clear(&scan.roots);
	if (status < 0 && err.code == COMIC_ERR_INPUT)
		cli_usage_error(&cli, "%s", err.text); // only the command line is input here
	if (status < 0)
		cli_fail(&cli, &err);
	return cli_finish(&cli);
}
