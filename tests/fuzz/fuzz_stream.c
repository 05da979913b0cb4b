// SPDX-License-Identifier: MIT
// fuzz_stream.c: any bytes as a record: scanned, decoded, shown as JSON, encoded back.

#include "stream/json.h"
#include "stream/record.h"
#include "stream/scan.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// What JSON shows must encode to a record that shows the same JSON.
static void round_trip(struct record_decoder *d, const struct buf *json)
{
	struct buf again = { 0 };
	struct buf record = { 0 };
	struct comic_err err;
	struct stream_frame frame = { 0 };
	json_t *value = json_loadb((const char *)json->data, json->len,
				    JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, NULL);

	if (value != NULL && json_to_record(value, &record, &err) == 0) {
		frame.data = record.data;
		frame.len = record.len;
		if (json_from_record(d, &frame, &again, &err) < 0 || again.len != json->len ||
		    memcmp(again.data, json->data, json->len) != 0)
			abort();
	}
	json_decref(value);
	buf_clear(&record);
	buf_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stream_frame frame = { .data = data };
	struct record_decoder d = { 0 };
	struct record record;
	struct buf json = { 0 };
	struct comic_err err;

	if (scan_value(data, size, &frame.len) != SCAN_WHOLE || frame.len > size ||
	    stream_type_of(frame.data, frame.len, &frame.type, &err) < 0)
		return 0;
	if (record_decode(&d, &frame, &record, &err) < 0 && err.text[0] == '\0')
		abort(); // a refusal says why
	if (json_from_record(&d, &frame, &json, &err) == 0)
		round_trip(&d, &json);
	buf_clear(&json);
	record_decoder_clear(&d);
	return 0;
}
