// SPDX-License-Identifier: MIT
// reader.c: see reader.h.

#include "metadata/reader.h"

static void warn(struct builder *b, const struct xml_format *format, const struct xml_report *r)
{
	b->field = NULL;
	if (!r->root) {
		builder_warn(b, "no <%s> in it: ignored", format->root->name);
		return;
	}
	if (r->recoded)
		builder_warn(b,
			     "not in UTF-8 nor in what it declares: read as well as it could be");
	if (r->doctype)
		builder_warn(b, "document type declaration ignored");
	if (r->cut)
		builder_warn(b, "a text longer than 1 MiB was cut");
	if (r->deep)
		builder_warn(b, "elements nested deeper than %d: read up to there", XML_DEPTH_MAX);
	if (r->strange)
		builder_warn(b, "too many different elements: read up to there");
	if (r->line != 0)
		builder_warn(b, "line %u: %s", r->line, r->fault);
}

int reader_xml(struct metadata_input *in, struct builder *b, const struct xml_format *format,
	       void *user, struct comic_err *err)
{
	struct xml_job job = { in->document, format, user, b->arena };
	struct xml_report report;

	if (xml_read(in->xml, &job, &report, err) < 0)
		return -1;
	in->recognized = report.root;
	warn(b, format, &report);
	return b->failed ? err_set_nomem(err, "reading metadata") : 0;
}

int reader_value(struct metadata_input *in, struct builder *b, struct value_document *d,
		 struct comic_err *err)
{
	struct value_report report;

	if (d->read(b->arena, in->document, &d->whole, &report, err) < 0)
		return -1;
	d->inside = value_get(&d->whole, d->mark);
	in->recognized = d->inside != NULL;
	b->field = NULL;
	if (d->is_guess && !in->recognized)
		return 0;
	if (report.fault[0] != '\0')
		builder_warn(b, "%s", report.fault);
	else if (d->inside == NULL)
		builder_warn(b, "no \"%s\" in it: ignored", d->mark);
	if (report.recoded)
		builder_warn(b, "not in UTF-8: read as well as it could be");
	return b->failed ? err_set_nomem(err, "reading metadata") : 0;
}
