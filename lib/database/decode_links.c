// SPDX-License-Identifier: MIT
// decode_links.c: what a comic names, as links to slots; see decode.h.

#include "database/decode.h"

static struct text text_at(const msgpack_object *map, const char *key)
{
	const msgpack_object *o = record_get(map, key);

	return o == NULL ? (struct text){ NULL, 0 } : decode_text(o);
}

static struct text text_or_empty(const msgpack_object *map, const char *key)
{
	struct text t = text_at(map, key);

	return t.data == NULL ? TEXT("") : t;
}

static int add_link(struct decoding *d, enum link_kind kind, uint32_t slot,
		    struct link_extra *extra)
{
	struct batch *b = d->batch;

	if (slot == REF_NONE || mem_grow(&b->links[kind], &b->link_room[kind],
					 b->link_count[kind] + 1, sizeof(*b->links[kind])) < 0)
		return -1;
	b->links[kind][b->link_count[kind]++] = (struct link){ .slot = slot, .extra = extra };
	return 0;
}

static struct link_extra *new_extra(struct decoding *d, struct cell payload)
{
	struct link_extra *extra = arena_zero(&d->batch->arena, sizeof(*extra));

	if (extra != NULL) {
		extra->payload = payload;
		extra->object_slot = REF_NONE;
	}
	return extra;
}

// One entry of an identifiers map. An object of REF_KINDS: the comic itself.
static int add_identifier(struct decoding *d, const msgpack_object_kv *entry, enum ref_kind object,
			  uint32_t object_slot)
{
	struct refs *r = &d->batch->refs;
	struct text key = text_or_empty(&entry->val, "key");
	struct text url = text_at(&entry->val, "url");
	const char *type = object == REF_KINDS ? "comic" : ref_table_name(object);
	uint32_t source = REF_NONE;
	struct link_extra *extra = NULL;
	struct cell kept;

	if (key.len == 0 && url.data == NULL)
		return 0; // a source alone says nothing
	source = refs_name(r, REF_IDENTIFIER_SOURCE, decode_text(&entry->key));
	if (source == REF_NONE || !decode_keep(d, url, &kept))
		return -1;
	extra = new_extra(d, kept);
	if (extra == NULL)
		return -1;
	extra->object_kind = object;
	extra->object_slot = object_slot;
	return add_link(d, object == REF_KINDS ? LINK_IDENTIFIER : LINK_OBJECT_IDENTIFIER,
			refs_key(r, REF_IDENTIFIER,
				 (struct cell[]){ cell_integer(source), cell_text(text_from(type)),
						  cell_text(key) }),
			extra);
}

int decode_identifiers(struct decoding *d, const msgpack_object *map, enum ref_kind object,
		       uint32_t object_slot)
{
	for (uint32_t i = 0; map != NULL && i < map->via.map.size; i++) {
		if (add_identifier(d, &map->via.map.ptr[i], object, object_slot) < 0)
			return -1;
	}
	return 0;
}

int take_names(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	enum link_kind link = (enum link_kind)t->what;
	enum ref_kind kind = link_shapes[link].kind;

	for (uint32_t i = 0; i < value->via.map.size; i++) {
		const msgpack_object_kv *entry = &value->via.map.ptr[i];
		uint32_t slot = refs_name(&d->batch->refs, kind, decode_text(&entry->key));

		if (add_link(d, link, slot, NULL) < 0 ||
		    decode_identifiers(d, record_get(&entry->val, "identifiers"), kind, slot) < 0)
			return -1;
	}
	return 0;
}

int take_list(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	enum link_kind link = (enum link_kind)t->what;

	for (uint32_t i = 0; i < value->via.array.size; i++) {
		struct text name = decode_text(&value->via.array.ptr[i]);

		if (add_link(d, link, refs_name(&d->batch->refs, link_shapes[link].kind, name),
			     NULL) < 0)
			return -1;
	}
	return 0;
}

int take_arcs(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	(void)t;
	for (uint32_t i = 0; i < value->via.map.size; i++) {
		const msgpack_object_kv *entry = &value->via.map.ptr[i];
		const msgpack_object *number = record_get(&entry->val, "number");
		uint32_t slot = refs_name(&d->batch->refs, REF_STORY_ARC, decode_text(&entry->key));
		struct link_extra *extra = NULL;

		if (number != NULL) {
			extra = new_extra(d, decode_number(number));
			if (extra == NULL)
				return -1;
		}
		if (add_link(d, LINK_STORY_ARC, slot, extra) < 0 ||
		    decode_identifiers(d, record_get(&entry->val, "identifiers"), REF_STORY_ARC,
				       slot) < 0)
			return -1;
	}
	return 0;
}

int take_universes(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	(void)t;
	for (uint32_t i = 0; i < value->via.map.size; i++) {
		const msgpack_object_kv *entry = &value->via.map.ptr[i];
		uint32_t slot =
			refs_key(&d->batch->refs, REF_UNIVERSE,
				 (struct cell[]){
					 cell_text(decode_text(&entry->key)),
					 cell_text(text_or_empty(&entry->val, "designation")),
				 });

		if (add_link(d, LINK_UNIVERSE, slot, NULL) < 0 ||
		    decode_identifiers(d, record_get(&entry->val, "identifiers"), REF_UNIVERSE,
				       slot) < 0)
			return -1;
	}
	return 0;
}

// role REF_NONE: a person whose part is not told.
static int add_credit(struct decoding *d, uint32_t person, uint32_t role)
{
	struct cell no_role = { .kind = CELL_NULL };
	struct cell parts[2] = { cell_integer(person),
				 role == REF_NONE ? no_role : cell_integer(role) };

	return add_link(d, LINK_CREDIT, refs_key(&d->batch->refs, REF_CREDIT, parts), NULL);
}

int take_credits(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	struct refs *r = &d->batch->refs;

	(void)t;
	for (uint32_t i = 0; i < value->via.map.size; i++) {
		const msgpack_object_kv *entry = &value->via.map.ptr[i];
		const msgpack_object *roles = record_get(&entry->val, "roles");
		uint32_t count = roles == NULL ? 0 : roles->via.map.size;
		uint32_t person = refs_name(r, REF_PERSON, decode_text(&entry->key));

		if (person == REF_NONE ||
		    decode_identifiers(d, record_get(&entry->val, "identifiers"), REF_PERSON,
				       person) < 0 ||
		    (count == 0 && add_credit(d, person, REF_NONE) < 0))
			return -1;
		for (uint32_t n = 0; n < count; n++) {
			const msgpack_object_kv *role = &roles->via.map.ptr[n];
			uint32_t slot = refs_name(r, REF_ROLE, decode_text(&role->key));

			if (slot == REF_NONE || add_credit(d, person, slot) < 0 ||
			    decode_identifiers(d, record_get(&role->val, "identifiers"), REF_ROLE,
					       slot) < 0)
				return -1;
		}
	}
	return 0;
}

int take_identifiers(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	(void)t;
	return decode_identifiers(d, value, REF_KINDS, REF_NONE);
}

static int add_reprint(struct decoding *d, const msgpack_object *map)
{
	const msgpack_object *series = record_get(map, "series");
	const msgpack_object *volume = record_get(map, "volume");
	const msgpack_object *issue_count = record_get(volume, "issue_count");
	struct text name = text_or_empty(series, "name");
	struct link_extra *extra = NULL;
	uint32_t slot = REF_NONE;

	if (name.len == 0)
		name = text_or_empty(series, "sort_name");
	if (name.len == 0)
		return 0; // a reprint of nothing
	if (issue_count != NULL) {
		extra = new_extra(d, decode_number(issue_count));
		if (extra == NULL)
			return -1;
	}
	slot = refs_key(&d->batch->refs, REF_REPRINT,
			(struct cell[]){ cell_text(name),
					 decode_number(record_get(volume, "number")),
					 cell_text(text_or_empty(map, "issue")),
					 cell_text(text_or_empty(map, "language")) });
	if (add_link(d, LINK_REPRINT, slot, extra) < 0)
		return -1;
	return decode_identifiers(d, record_get(map, "identifiers"), REF_REPRINT, slot);
}

int take_reprints(struct decoding *d, const msgpack_object *value, const struct target *t)
{
	(void)t;
	for (uint32_t i = 0; i < value->via.array.size; i++) {
		if (add_reprint(d, &value->via.array.ptr[i]) < 0)
			return -1;
	}
	return 0;
}
