// SPDX-License-Identifier: MIT
// intake.h: files into an extraction, from a record stream or by name.
#ifndef COMIC_INTAKE_H
#define COMIC_INTAKE_H

#include "base/operands.h"
#include "worker/extraction.h"

struct intake {
	struct extraction *extraction;
	struct record_writer *writer; // the extraction's
	void (*moment)(void *context); // called now and then: time to show a status line
	void *context;
};

// Everything of a stream on fd: file records that are new or modified are read, all others
// pass through. Returns when all is written; -1 as stream_next() and extraction_wait().
COMIC_MUST_CHECK int intake_stream(const struct intake *in, int fd, const char *name,
				   struct comic_err *err);

// The named files, as a group that may not delete; `by` is "comic-extract 0.1.0".
COMIC_MUST_CHECK int intake_operands(const struct intake *in, struct operands *operands,
				     const char *by, struct comic_err *err);

#endif
