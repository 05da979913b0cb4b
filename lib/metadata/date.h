// SPDX-License-Identifier: MIT
// date.h: dates as people write them.
#ifndef COMIC_DATE_H
#define COMIC_DATE_H

#include "base/text.h"

struct date { // 0: not given
	int year; // 1-9999
	int month;
	int day;
};

#define DATE_TEXT sizeof("YYYY-MM-DDThh:mm:ssZ")

// True for a day of the calendar (Gregorian throughout).
bool date_exists(int64_t year, int64_t month, int64_t day);
// From an English month name, whole or cut to three or more letters: 1-12, else 0.
int date_month(struct text word);
// "2020-05-06", "20200506", "2020-05", "2020", "May 2020", "6 May 2020", "Wed, May 6, 2020",
// "05/06/2020" (the month first, unless it cannot be one), "5/6/20"; a time may stand with it.
// False for anything else and for impossible dates.
bool date_parse(struct text t, struct date *out);
// A full date as YYYY-MM-DD into out; returns out.
const char *date_format(int64_t year, int64_t month, int64_t day, char out[DATE_TEXT]);

// A time at the start of t, "YYYY-MM-DD hh:mm[:ss[.f]][ ][Z|+hh[:mm]]" with " " or "T", into
// out as UTC, YYYY-MM-DDThh:mm:ssZ. Without a zone it is taken for UTC. False if there is none.
bool date_parse_time(struct text t, char out[DATE_TEXT]);
// The same from a whole text: a full date as date_parse() takes it, with or without a time, which
// is 00:00 then.
bool date_parse_any_time(struct text t, char out[DATE_TEXT]);

#endif
