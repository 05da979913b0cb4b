// SPDX-License-Identifier: MIT
// pattern.c: see pattern.h.

#include "walk/pattern.h"

#include <string.h>

static bool has_special(struct text t)
{
	for (size_t i = 0; i < t.len; i++) {
		if (strchr("*?[\\", t.data[i]) != NULL)
			return true;
	}
	return false;
}

static enum pattern_kind kind_of(struct text t)
{
	if (!has_special(t))
		return PATTERN_EXACT;
	if (t.data[0] == '*' && !has_special((struct text){ t.data + 1, t.len - 1 }))
		return PATTERN_SUFFIX;
	return PATTERN_GLOB;
}

void pattern_parse(struct text glob, struct pattern *out)
{
	struct text t = glob;

	*out = (struct pattern){ .source = glob };
	if (t.len > 0 && t.data[0] == '!') {
		out->negated = true;
		t = (struct text){ t.data + 1, t.len - 1 };
	}
	if (t.len > 0 && t.data[t.len - 1] == '/') {
		out->folder_only = true;
		t.len--;
	}
	out->whole_path = t.len > 0 && memchr(t.data, '/', t.len) != NULL;
	if (out->whole_path && t.data[0] == '/')
		t = (struct text){ t.data + 1, t.len - 1 };
	out->text = t;
	out->kind = kind_of(t);
	if (out->kind == PATTERN_SUFFIX && out->whole_path)
		out->kind = PATTERN_GLOB; // the star must not match a "/"
}

// Without the blanks at the end, unless a backslash keeps them.
static struct text trim_end(struct text line)
{
	size_t keep = 0;

	for (size_t i = 0; i < line.len; i++) {
		if (line.data[i] == '\\')
			i++;
		else if (line.data[i] == ' ')
			continue;
		keep = i < line.len ? i + 1 : line.len;
	}
	return (struct text){ line.data, keep };
}

bool pattern_parse_line(struct text line, struct pattern *out)
{
	if (line.len > 0 && line.data[line.len - 1] == '\r')
		line.len--;
	if (line.len == 0 || line.data[0] == '#')
		return false;
	line = trim_end(line);
	if (line.len == 0)
		return false;
	pattern_parse(line, out);
	return true;
}

// ---- matching -----------------------------------------------------------------------------

// One of the POSIX classes, for ASCII only, like the rest.
static bool in_class(struct text name, uint8_t c)
{
	bool upper = c >= 'A' && c <= 'Z';
	bool lower = c >= 'a' && c <= 'z';
	bool digit = c >= '0' && c <= '9';
	bool graph = c > 0x20 && c < 0x7F;
	const struct {
		const char *name;
		bool holds;
	} classes[] = {
		{ "alnum", upper || lower || digit },
		{ "alpha", upper || lower },
		{ "blank", c == ' ' || c == '\t' },
		{ "cntrl", c < 0x20 || c == 0x7F },
		{ "digit", digit },
		{ "graph", graph },
		{ "lower", lower },
		{ "print", graph || c == ' ' },
		{ "punct", graph && !upper && !lower && !digit },
		{ "space", c == ' ' || (c >= '\t' && c <= '\r') },
		{ "upper", upper },
		{ "xdigit", digit || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f') },
	};

	for (size_t i = 0; i < COMIC_COUNT(classes); i++) {
		if (text_is(name, classes[i].name))
			return classes[i].holds;
	}
	return false;
}

// The class name of a "[:name:]" at t[at], data NULL if none stands there.
static struct text class_at(struct text t, size_t at)
{
	size_t end = at + 2;

	if (t.len < at + 4 || t.data[at] != '[' || t.data[at + 1] != ':')
		return (struct text){ NULL, 0 };
	while (end + 1 < t.len && t.data[end] != ']')
		end++;
	if (t.data[end] != ']' || end < at + 3 || t.data[end - 1] != ':')
		return (struct text){ NULL, 0 };
	return (struct text){ t.data + at + 2, end - 1 - (at + 2) };
}

// The character at t[*at], a backslash before it dropped; *at moves behind it. -1 at the end.
static int next_literal(struct text t, size_t *at)
{
	if (*at < t.len && t.data[*at] == '\\')
		++*at;
	return *at < t.len ? (uint8_t)t.data[(*at)++] : -1;
}

// "[...]" at t[*at]; *at moves behind it. An unterminated one matches nothing.
static bool match_set(struct text t, size_t *at, uint8_t c)
{
	size_t i = *at + 1;
	bool negated = i < t.len && (t.data[i] == '!' || t.data[i] == '^');
	bool found = false;

	i += negated;
	for (bool first = true; i < t.len && (first || t.data[i] != ']'); first = false) {
		struct text name = class_at(t, i);
		int from = 0;
		int to = 0;

		if (name.data != NULL) {
			found |= in_class(name, c);
			i += name.len + 4;
			continue;
		}
		from = to = next_literal(t, &i);
		if (i + 1 < t.len && t.data[i] == '-' && t.data[i + 1] != ']') {
			i++;
			to = next_literal(t, &i);
		}
		found |= from <= c && c <= to;
	}
	*at = i + 1;
	return i < t.len && found != negated && c != '/';
}

// One character of the pattern, not a star, against c; *at moves behind it.
static bool match_one(struct text pattern, size_t *at, char c)
{
	switch (pattern.data[*at]) {
	case '?':
		++*at;
		return c != '/';
	case '[':
		return match_set(pattern, at, (uint8_t)c);
	default:
		return next_literal(pattern, at) == (uint8_t)c;
	}
}

// Where the last star stood, to try again with one character more for it.
struct retry {
	bool set;
	size_t pattern; // goes on here
	size_t path;
};

// A run of stars at p.data[*at]; *at moves behind what was taken. True if they match all the rest.
static bool take_stars(struct text p, size_t *at, size_t path_at, struct retry *star,
		       struct retry *deep)
{
	size_t start = *at;

	while (*at < p.len && p.data[*at] == '*')
		++*at;
	if (*at - start < 2 || (start > 0 && p.data[start - 1] != '/') ||
	    (*at < p.len && p.data[*at] != '/')) {
		*star = (struct retry){ true, *at, path_at };
		return false;
	}
	if (*at == p.len)
		return true;
	++*at;
	*deep = (struct retry){ true, *at, path_at };
	star->set = false;
	return false;
}

// Goes back to the last star that can take one character, or the last "**/" one folder, more.
static bool go_back(struct text path, size_t *p, size_t *at, struct retry *star, struct retry *deep)
{
	if (star->set && star->path < path.len && path.data[star->path] != '/') {
		*p = star->pattern;
		*at = ++star->path;
		return true;
	}
	star->set = false;
	while (deep->set && deep->path < path.len) {
		if (path.data[deep->path++] == '/') {
			*p = deep->pattern;
			*at = deep->path;
			return true;
		}
	}
	return false;
}

// Two places to go back to are enough: a star never passes a "/", so what stands before a matched
// "/" is settled; and the first place that fits after a "**/" leaves most to what follows.
static bool match_glob(struct text pattern, struct text path)
{
	struct retry star = { false, 0, 0 };
	struct retry deep = { false, 0, 0 };
	size_t p = 0;
	size_t at = 0;

	for (;;) {
		if (p == pattern.len && at == path.len)
			return true;
		if (p < pattern.len && pattern.data[p] == '*') {
			if (take_stars(pattern, &p, at, &star, &deep))
				return true;
			continue;
		}
		if (p < pattern.len && at < path.len && match_one(pattern, &p, path.data[at])) {
			at++;
			continue;
		}
		if (!go_back(path, &p, &at, &star, &deep))
			return false;
	}
}

bool pattern_match(const struct pattern *p, struct text path, struct text name, bool folder)
{
	struct text subject = p->whole_path ? path : name;
	struct text tail = p->text;

	if (p->folder_only && !folder)
		return false;
	switch (p->kind) {
	case PATTERN_EXACT:
		return text_equal(subject, p->text);
	case PATTERN_SUFFIX:
		tail = (struct text){ tail.data + 1, tail.len - 1 };
		return subject.len >= tail.len &&
		       memcmp(subject.data + subject.len - tail.len, tail.data, tail.len) == 0;
	case PATTERN_GLOB:
		break;
	}
	return match_glob(p->text, subject);
}
