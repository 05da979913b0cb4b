// SPDX-License-Identifier: MIT
// date.c: see date.h.

#include "metadata/date.h"

#include <string.h>

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_length(int64_t year, int64_t month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	return days[month - 1] + (month == 2 && is_leap(year));
}

bool date_exists(int64_t year, int64_t month, int64_t day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= month_length(year, month);
}

int date_month(struct text word)
{
	static const char *const months[] = { "january",   "february", "march",    "april",
					      "may",       "june",     "july",     "august",
					      "september", "october",  "november", "december" };

	for (int i = 0; i < 12 && word.len >= 3; i++) {
		struct text month;

		if ((word.data[0] | 0x20) != months[i][0])
			continue;
		month = text_from(months[i]);
		if (word.len <= month.len &&
		    text_equal_nocase(word, (struct text){ month.data, word.len }))
			return i + 1;
	}
	return 0;
}

// Writes count digits of value; the place after them. snprintf(3) costs as much as the rest.
static char *put_digits(char *out, int64_t value, size_t count)
{
	for (size_t i = count; i-- > 0; value /= 10)
		out[i] = (char)('0' + value % 10);
	return out + count;
}

const char *date_format(int64_t year, int64_t month, int64_t day, char out[DATE_TEXT])
{
	char *at = put_digits(out, year, 4);

	*at++ = '-';
	at = put_digits(at, month, 2);
	*at++ = '-';
	*put_digits(at, day, 2) = '\0';
	return out;
}

// ---- dates ----------------------------------------------------------------------------------

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

struct clock {
	int minutes; // since midnight, in UTC; may be of the day before or after
	int seconds;
};

struct parts { // the numbers of a date, as they come
	int numbers[3];
	size_t digits[3];
	size_t count;
	int month; // by name
	bool has_clock;
	struct clock clock;
};

static bool take_digits(struct text *t, size_t count, int *value);
static bool take_one(struct text *t, const char *of);
static int take_zone(struct text *t);

static bool add_number(struct parts *p, struct text digits)
{
	int value = 0;

	if (p->count == 3 || digits.len > 4)
		return false;
	for (size_t i = 0; i < digits.len; i++)
		value = value * 10 + (digits.data[i] - '0');
	p->numbers[p->count] = value;
	p->digits[p->count++] = digits.len;
	return true;
}

// 20200506
static bool add_joined(struct parts *p, struct text digits)
{
	return p->count == 0 && add_number(p, (struct text){ digits.data, 4 }) &&
	       add_number(p, (struct text){ digits.data + 4, 2 }) &&
	       add_number(p, (struct text){ digits.data + 6, 2 });
}

static bool add_word(struct parts *p, struct text word)
{
	static const char *const silent[] = {
		"st",     "nd",      "rd",  "th",        "of",       "t",      "z",        "utc",
		"gmt",    "mon",     "tue", "wed",       "thu",      "fri",    "sat",      "sun",
		"monday", "tuesday", "am",  "wednesday", "thursday", "friday", "saturday", "sunday",
	};

	for (size_t i = 0; i < COMIC_COUNT(silent); i++) {
		if (text_equal_nocase(word, text_from(silent[i])))
			return true;
	}
	if (p->has_clock) { // "PM", or the name of a zone
		if (text_equal_nocase(word, TEXT("pm")) && p->clock.minutes < 720)
			p->clock.minutes += 720;
		return true;
	}
	if (p->month != 0)
		return false;
	p->month = date_month(word);
	return p->month != 0;
}

static size_t run(struct text t, size_t at, bool (*is)(char c))
{
	size_t start = at;

	while (at < t.len && is(t.data[at]))
		at++;
	return at - start;
}

// "14:51", "2:51:31.5", "145131"; steps over it.
static bool take_clock(struct text *t, struct parts *p)
{
	bool joined = run(*t, 0, is_digit) > 2;
	int hour = 0;
	int minute = 0;
	int second = 0;

	if (p->has_clock || !take_digits(t, run(*t, 0, is_digit) == 1 ? 1 : 2, &hour))
		return false;
	if ((!joined && !take_one(t, ":")) || !take_digits(t, 2, &minute))
		return false;
	if ((joined || take_one(t, ":")) && !take_digits(t, 2, &second) && !joined)
		return false;
	if (take_one(t, ".,")) {
		while (take_one(t, "0123456789"))
			continue;
	}
	p->has_clock = true;
	p->clock = (struct clock){ hour * 60 + minute, second };
	return hour < 24 && minute < 60 && second <= 60;
}

// One number, word or sign from the start of *t.
static bool take_part(struct text *t, struct parts *p, bool after_t)
{
	size_t digits = run(*t, 0, is_digit);
	size_t letters = run(*t, 0, is_letter);
	struct text part = { t->data, digits + letters };

	if (digits > 0 && ((digits < t->len && t->data[digits] == ':') ||
			   (after_t && (digits == 4 || digits == 6))))
		return take_clock(t, p);
	if (p->has_clock && (t->data[0] == '+' || t->data[0] == '-')) {
		p->clock.minutes -= take_zone(t);
		return true;
	}
	if (digits + letters == 0 && strchr(" -/.,", t->data[0]) == NULL)
		return false;
	part.len = part.len == 0 ? 1 : part.len;
	t->data += part.len;
	t->len -= part.len;
	if (digits > 0)
		return digits == 8 ? add_joined(p, part) : add_number(p, part);
	return letters == 0 || add_word(p, part);
}

static bool split_date(struct text t, struct parts *p)
{
	while (t.len > 0) {
		bool after_t = p->count == 3 && (t.data[-1] == 'T' || t.data[-1] == 't');

		if (!take_part(&t, p, after_t))
			return p->count == 3 &&
			       p->digits[0] == 4; // what follows an ISO date is free
	}
	return p->count > 0;
}

// Of two digits, as POSIX reads them.
static int full_year(const struct parts *p, size_t at)
{
	int year = p->numbers[at];

	if (p->digits[at] != 2)
		return year;
	return year < 69 ? 2000 + year : 1900 + year;
}

// Which number is what: the year has four digits, or comes last.
static struct date arrange(const struct parts *p)
{
	const int *n = p->numbers;

	if (p->month != 0 && p->count == 1)
		return (struct date){ n[0], p->month, 0 };
	if (p->month != 0 && p->count == 2)
		return p->digits[0] == 4 ? (struct date){ n[0], p->month, n[1] }
					 : (struct date){ full_year(p, 1), p->month, n[0] };
	if (p->month != 0)
		return (struct date){ 0 };
	if (p->count == 1)
		return (struct date){ n[0], 0, 0 };
	if (p->count == 2)
		return p->digits[0] == 4 ? (struct date){ n[0], n[1], 0 }
					 : (struct date){ n[1], n[0], 0 };
	if (p->digits[0] == 4)
		return (struct date){ n[0], n[1], n[2] };
	if (n[0] > 12)
		return (struct date){ full_year(p, 2), n[1], n[0] };
	return (struct date){ full_year(p, 2), n[0], n[1] };
}

static bool parse(struct text t, struct parts *p, struct date *out)
{
	*p = (struct parts){ .count = 0 };
	if (!split_date(text_trim(t), p))
		return false;
	*out = arrange(p);
	return out->year >= 1000 && date_exists(out->year, out->month == 0 ? 1 : out->month,
						out->day == 0 ? 1 : out->day);
}

bool date_parse(struct text t, struct date *out)
{
	struct parts p;

	return parse(t, &p, out);
}

// ---- times ----------------------------------------------------------------------------------

// Steps over a number of exactly so many digits.
static bool take_digits(struct text *t, size_t count, int *value)
{
	*value = 0;
	if (t->len < count)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!is_digit(t->data[i]))
			return false;
		*value = *value * 10 + (t->data[i] - '0');
	}
	t->data += count;
	t->len -= count;
	return true;
}

static bool take_one(struct text *t, const char *of)
{
	if (t->len == 0 || strchr(of, t->data[0]) == NULL)
		return false;
	t->data++;
	t->len--;
	return true;
}

// Steps over "+01:00", " -0500"; minutes east of UTC, 0 if it is no zone.
static int take_zone(struct text *t)
{
	int sign = 0;
	int hours = 0;
	int minutes = 0;

	(void)take_one(t, " ");
	if (t->len == 0 || (t->data[0] != '+' && t->data[0] != '-'))
		return 0;
	sign = t->data[0] == '-' ? -1 : 1;
	(void)take_one(t, "+-");
	if (!take_digits(t, 2, &hours))
		return 0;
	(void)take_one(t, ":");
	if (!take_digits(t, 2, &minutes))
		minutes = 0;
	return sign * (hours * 60 + minutes);
}

static struct date next_day(struct date d, int step)
{
	d.day += step;
	if (d.day < 1) {
		d.year -= d.month == 1;
		d.month = d.month == 1 ? 12 : d.month - 1;
		d.day = month_length(d.year, d.month);
	} else if (d.day > month_length(d.year, d.month)) {
		d.day = 1;
		d.year += d.month == 12;
		d.month = d.month == 12 ? 1 : d.month + 1;
	}
	return d;
}

static void format_time(struct date d, struct clock clock, char out[DATE_TEXT])
{
	for (; clock.minutes < 0; clock.minutes += 1440)
		d = next_day(d, -1);
	for (; clock.minutes >= 1440; clock.minutes -= 1440)
		d = next_day(d, 1);
	(void)date_format(d.year, d.month, d.day, out);
	memcpy(out + strlen("YYYY-MM-DD"), "T00:00:00Z", sizeof("T00:00:00Z"));
	(void)put_digits(out + strlen("YYYY-MM-DDT"), clock.minutes / 60, 2);
	(void)put_digits(out + strlen("YYYY-MM-DDThh:"), clock.minutes % 60, 2);
	(void)put_digits(out + strlen("YYYY-MM-DDThh:mm:"), clock.seconds, 2);
}

bool date_parse_any_time(struct text t, char out[DATE_TEXT])
{
	struct parts p;
	struct date d;

	if (!parse(t, &p, &d) || d.day == 0)
		return false;
	format_time(d, p.clock, out);
	return true;
}

bool date_parse_time(struct text t, char out[DATE_TEXT])
{
	struct date d = { 0 };
	int hour = 0;
	int minute = 0;
	int second = 0;

	if (!take_digits(&t, 4, &d.year) || !take_one(&t, "-") || !take_digits(&t, 2, &d.month) ||
	    !take_one(&t, "-") || !take_digits(&t, 2, &d.day) || !take_one(&t, " T") ||
	    !take_digits(&t, 2, &hour) || !take_one(&t, ":") || !take_digits(&t, 2, &minute))
		return false;
	if (take_one(&t, ":") && !take_digits(&t, 2, &second))
		return false;
	if (take_one(&t, ".")) {
		while (take_one(&t, "0123456789"))
			continue;
	}
	if (!date_exists(d.year, d.month, d.day) || hour > 23 || minute > 59 || second > 60)
		return false;
	format_time(d, (struct clock){ hour * 60 + minute - take_zone(&t), second }, out);
	return true;
}
