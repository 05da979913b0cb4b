// SPDX-License-Identifier: MIT
// pdf.c: see pdf.h.

#include "metadata/pdf.h"

#include "metadata/date.h"
#include "metadata/field.h"

#include <stdio.h>
#include <string.h>

bool pdf_keywords_are_document(struct text keywords)
{
	keywords = text_trim(keywords);
	return keywords.len > 0 && (keywords.data[0] == '<' || keywords.data[0] == '{');
}

// ---- the date -----------------------------------------------------------------------------

// Takes two digits, or four; false and *value unchanged if they are not there.
static bool take_number(struct text *t, size_t digits, unsigned int *value)
{
	unsigned int number = 0;

	if (t->len < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (t->data[i] < '0' || t->data[i] > '9')
			return false;
		number = number * 10 + (unsigned int)(t->data[i] - '0');
	}
	t->data += digits;
	t->len -= digits;
	*value = number;
	return true;
}

// D:YYYYMMDDHHmmSSOHH'mm' (ISO 32000-1, 7.9.4): all after the year may be missing, O is +, - or Z.
static bool parse_date(struct text t, char out[DATE_TEXT])
{
	enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND };
	unsigned int n[] = { 0, 1, 1, 0, 0, 0 };
	unsigned int zone[2] = { 0, 0 };
	char sign = '+';
	char text[64];

	if (t.len >= 2 && memcmp(t.data, "D:", 2) == 0)
		t = (struct text){ t.data + 2, t.len - 2 };
	if (!take_number(&t, 4, &n[YEAR]))
		return false;
	for (int i = MONTH; i <= SECOND && take_number(&t, 2, &n[i]); i++)
		continue;
	if (t.len > 0 && (t.data[0] == '+' || t.data[0] == '-')) {
		sign = t.data[0];
		t = (struct text){ t.data + 1, t.len - 1 };
		if (take_number(&t, 2, &zone[0]) && t.len > 0 && t.data[0] == '\'') {
			t = (struct text){ t.data + 1, t.len - 1 };
			(void)take_number(&t, 2, &zone[1]);
		}
	}
	(void)snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02u%c%02u:%02u", n[YEAR],
		       n[MONTH], n[DAY], n[HOUR], n[MINUTE], n[SECOND], sign, zone[0], zone[1]);
	return date_parse_time(text_from(text), out);
}

static void put_date(struct builder *b, struct text raw)
{
	char time[DATE_TEXT];

	raw = text_trim(raw);
	if (raw.len == 0)
		return;
	if (date_parse_time(raw, time) || parse_date(raw, time))
		node_put_text(b, b->root, COMIC_UPDATED_AT, builder_copy(b, time));
	else
		field_warn(b, raw, "a date");
}

// ---- all of it ----------------------------------------------------------------------------

void pdf_info_read(struct builder *b, const struct document_info *info)
{
	b->field = "Title";
	field_name(b, b->root, COMIC_TITLE, info->title);
	b->field = "Author";
	field_credits(b, TEXT("Writer"), info->author);
	b->field = "Subject";
	field_names(b, COMIC_GENRES, info->subject);
	b->field = "Keywords";
	field_names(b, COMIC_TAGS, info->keywords);
	b->field = "Creator";
	field_name(b, b->root, COMIC_SCAN_INFO, info->creator);
	b->field = "Producer";
	field_name(b, b->root, COMIC_TAGGER, info->producer);
	b->field = "ModDate";
	put_date(b, info->modified);
	b->field = NULL;
}
