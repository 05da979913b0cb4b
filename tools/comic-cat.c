// SPDX-License-Identifier: MIT
// comic-cat: show a record stream as JSON Lines, encode it back, or check it.

#include "base/cli.h"
#include "base/interrupt.h"
#include "base/output.h"
#include "base/size.h"
#include "stream/json.h"
#include "stream/reader.h"
#include "stream/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { OPT_CHECK = 256, OPT_ENCODE };

static const struct cli_option options[] = {
	{ OPT_CHECK, "check", NULL, "write nothing; validate every record and the groups" },
	{ OPT_ENCODE, "encode", NULL, "read JSON, write the stream it shows" },
	CLI_OPTION_FORCE,
	CLI_OPTION_OUTPUT,
	CLI_END,
};

static const struct cli_spec spec = {
	.name = "comic-cat",
	.usage = "[options] [FILE...]",
	.summary = "Show comic record streams as JSON Lines, or turn JSON back into a stream",
	.options = options,
	.examples = "  comic-scan ~/Comics | comic-cat | head\n"
		    "  comic-extract x.cbz | comic-cat | jq .meta.series\n"
		    "  comic-cat --check saved.stream\n",
};

enum mode { SHOW, CHECK, ENCODE };

// Everything one run works with.
struct cat {
	struct cli *cli;
	enum mode mode;
	struct output out;
	struct record_decoder decoder;
	struct buf scratch;
	uint64_t records;
};

static int take_frame(struct cat *c, const struct stream_frame *frame, const char *name,
		      struct comic_err *err)
{
	struct record record;
	int status = 0;

	c->records++;
	c->scratch.len = 0;
	if (c->mode == CHECK)
		status = record_decode(&c->decoder, frame, &record, err);
	else
		status = json_from_record(&c->decoder, frame, &c->scratch, err);
	if (status < 0)
		return err_prefix(err, "%s", name);
	return output_write(&c->out, c->scratch.data, c->scratch.len, err);
}

static int read_stream(struct cat *c, int fd, const char *name, struct comic_err *err)
{
	struct stream_reader in;
	struct stream_frame frame;
	int got = 0;

	stream_reader_init(&in, fd, name);
	while ((got = stream_next(&in, &frame, err)) > 0) {
		got = take_frame(c, &frame, name, err);
		if (got < 0)
			break;
		// A person watching a slow stream sees each record as it comes.
		if (!stream_ready(&in) && (got = output_flush(&c->out, err)) < 0)
			break;
	}
	stream_reader_clear(&in);
	return got;
}

// jansson leaves out the characters it found no memory for and reads on.
static bool json_lost_memory;

static void *json_allocate(size_t size)
{
	void *got = malloc(size);

	json_lost_memory = json_lost_memory || got == NULL;
	return got;
}

static int encode_value(struct cat *c, const json_t *value, const char *name, struct comic_err *err)
{
	c->records++;
	c->scratch.len = 0;
	if (json_to_record(value, &c->scratch, err) < 0)
		return err_prefix(err, "%s: record %llu", name, (unsigned long long)c->records);
	return output_write(&c->out, c->scratch.data, c->scratch.len, err);
}

// Skips white space; true at the end of the input.
static bool at_end(FILE *in)
{
	int c = 0;

	do {
		c = getc(in);
	} while (c == ' ' || (c >= '\t' && c <= '\r'));
	if (c != EOF)
		(void)ungetc(c, in);
	return c == EOF;
}

static int encode_json(struct cat *c, FILE *in, const char *name, struct comic_err *err)
{
	while (!at_end(in)) {
		json_error_t why;
		json_t *value = json_loadf(in, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &why);
		int status = 0;

		if (interrupt_check(err) < 0) {
			json_decref(value);
			return -1;
		}
		if (json_lost_memory) {
			json_decref(value);
			return err_set_nomem(err, name);
		}
		if (value == NULL)
			return err_set(err, COMIC_ERR_INPUT, "%s: record %llu: %s", name,
				       (unsigned long long)c->records + 1, why.text);
		status = encode_value(c, value, name, err);
		json_decref(value);
		if (status < 0)
			return -1;
	}
	if (interrupt_check(err) < 0)
		return -1;
	return ferror(in) != 0 ? err_set_errno(err, "%s: read", name) : 0;
}

static int read_input(struct cat *c, int fd, const char *name, struct comic_err *err)
{
	FILE *in = NULL;
	int status = 0;

	if (c->mode != ENCODE)
		return read_stream(c, fd, name, err);
	in = fdopen(dup(fd), "r");
	if (in == NULL)
		return err_set_errno(err, "%s: open", name);
	status = encode_json(c, in, name, err);
	(void)fclose(in);
	return status;
}

static int read_operand(struct cat *c, const char *path, struct comic_err *err)
{
	int fd = 0;
	int status = 0;

	if (strcmp(path, "-") == 0)
		return read_input(c, STDIN_FILENO, "standard input", err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set_errno(err, "%s: open", path);
	status = read_input(c, fd, path, err);
	(void)close(fd);
	return status;
}

// Each operand is a stream of its own; with several, all are read even if one is bad.
static void run(struct cat *c)
{
	static char dash[] = "-";
	static char *standard_input[] = { dash };
	struct comic_err err = { 0 };
	size_t count = 0;
	char **operands = cli_operands(c->cli, &count);

	if (count == 0) {
		operands = standard_input;
		count = 1;
	}
	if (output_open(&c->out, c->cli->output, &err) < 0) {
		cli_fail(c->cli, &err);
		record_decoder_clear(&c->decoder);
		return;
	}
	for (size_t i = 0; i < count && interrupt_signal() == 0; i++) {
		if (read_operand(c, operands[i], &err) < 0)
			cli_fail(c->cli, &err);
	}
	if (c->cli->status != CLI_OK && c->cli->output != NULL)
		output_abort(&c->out); // half a file is no file
	else if (output_commit(&c->out, &err) < 0)
		cli_fail(c->cli, &err);
	if (c->mode == CHECK && c->cli->status == CLI_OK)
		cli_info(c->cli, "%llu records, all valid", (unsigned long long)c->records);
	buf_clear(&c->scratch);
	record_decoder_clear(&c->decoder);
}

int main(int argc, char **argv)
{
	struct cli cli;
	struct cat cat = { .cli = &cli, .mode = SHOW };
	size_t count = 0;
	int id = 0;

	cli_start(&cli, &spec, argc, argv);
	while ((id = cli_next(&cli)) != 0)
		cat.mode = id == OPT_CHECK ? CHECK : ENCODE;
	(void)cli_operands(&cli, &count);
	if (count == 0 && cat.mode != ENCODE)
		cli_refuse_terminal(&cli, STDIN_FILENO);
	if (cat.mode == ENCODE) {
		cli_refuse_terminal(&cli, STDOUT_FILENO);
		json_set_alloc_funcs(json_allocate, free);
	}
	run(&cat);
	return cli_finish(&cli);
}
