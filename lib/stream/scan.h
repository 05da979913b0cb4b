// SPDX-License-Identifier: MIT
// scan.h: where one msgpack value ends, found without allocating anything.
//
// Every byte of a stream passes here before a decoder sees it, because a
// decoder trusts the lengths a value declares: five bytes can ask for 137 GB.
#ifndef COMIC_SCAN_H
#define COMIC_SCAN_H

#include <stddef.h>
#include <stdint.h>

#define SCAN_RECORD_MAX ((size_t)8 << 20) // bytes of one record
#define SCAN_DEPTH_MAX 16 // containers inside each other

enum scan_result {
	SCAN_WHOLE, // *used bytes make one value within the limits
	SCAN_MORE, // a prefix of such a value
	SCAN_BAD, // never one: a reserved byte, too deep, too long
};

// Looks at the value that begins at data. A container that declares more
// elements than SCAN_RECORD_MAX leaves room for is SCAN_BAD at once.
enum scan_result scan_value(const uint8_t *data, size_t len, size_t *used);
// The same, and how many values it is made of: itself, and each in it, keys too.
enum scan_result scan_count(const uint8_t *data, size_t len, size_t *used, uint64_t *values);

// The bytes of the header of a whole value that is a map, and how many pairs follow it;
// 0 if it is no map.
size_t scan_map(const uint8_t *data, size_t len, uint64_t *pairs);

#endif
