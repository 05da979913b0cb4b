// SPDX-License-Identifier: MIT
// relay.h: carries a stream from one stage to the next and counts it on the way.
//
// Bytes wait in memory (two chunks of 256 KiB) and, beyond that, in a file
// without a name of at most RELAY_SPOOL bytes. So a stage may run ahead of the next
// one: comic-scan finds out how much there is to do while comic-extract is at
// work, and comic-extract goes on while comic-load is inside a transaction. Where no
// such file can be had or written, a stage waits for the next one as in any pipe.
//
// Both descriptors are non-blocking and closed by the relay. SIGPIPE must be ignored.
#ifndef COMIC_RELAY_H
#define COMIC_RELAY_H

#include "base/err.h"
#include "base/mem.h"
#include "pipeline/tally.h"

#include <stdbool.h>
#include <stdint.h>

#define RELAY_CHUNK ((size_t)256 << 10)
#define RELAY_SPOOL ((uint64_t)64 << 20)

struct relay {
	int in;            // -1: at its end
	int out;           // -1: closed
	int spool;         // -1: none
	uint64_t spooled;  // bytes ever put into the spool
	uint64_t taken;    // bytes ever taken out of it
	uint8_t *incoming; // read, on its way to the spool or to outgoing
	size_t incoming_at;
	size_t incoming_len;
	uint8_t *outgoing; // to be written next
	size_t outgoing_at;
	size_t outgoing_len;
	uint64_t received;  // bytes ever read
	uint64_t sent;      // bytes ever written
	struct tally tally; // of what was read
};

// Takes over in and out, whatever it returns. The spool is made in folder. 0 or -1 (NOMEM).
COMIC_MUST_CHECK int relay_open(struct relay *r, int in, int out, const char *folder,
				struct comic_err *err);
void relay_close(struct relay *r);

// What poll(2) shall wait for on in and out: false, that there is nothing to wait for.
bool relay_wants_input(const struct relay *r);
bool relay_wants_output(const struct relay *r);
// Moves what can be moved without waiting. Closes out when everything is written, both
// when out's reader is gone: then in's writer learns it from its own next write.
void relay_step(struct relay *r);
// Everything that will ever be written was, or nobody reads it.
bool relay_done(const struct relay *r);

#endif
