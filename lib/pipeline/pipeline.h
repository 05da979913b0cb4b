// SPDX-License-Identifier: MIT
// pipeline.h: runs stages to their end, carrying streams and messages meanwhile.
//
// The messages of all stages come through here line by line, so that two never
// mix and a progress line can stand below them. SIGINT, SIGTERM and SIGHUP are passed on
// to every stage; each ends in its own way, and the run ends when all have.
#ifndef COMIC_PIPELINE_H
#define COMIC_PIPELINE_H

#include "base/err.h"
#include "base/text.h"
#include "pipeline/progress.h"
#include "pipeline/stages.h"

#include <stddef.h>

#define PIPELINE_STAGES 8 // at most

// Who is told what happens.
struct pipeline_listener {
	void *data;
	void (*message)(void *data, struct text line); // of a stage's standard error
	void (*output)(void *data, struct text bytes); // of the last stage's standard output
	void (*progress)(void *data, const struct progress *now); // twice a second
	void (*status)(void *data, const struct progress *now); // after each SIGUSR1
};

// Runs stages from start to end. One or more, but not the last, are `carried` and counted: the
// first of them for what is found, the last for what is read. They, and this process, become batch
// work (turns.h). Streams that a stage is not ready for wait in files without names beside the file
// `beside`. 0 when all have ended: stages_status() says how. -1 (IO, NOMEM) when they could not be
// started; none runs then.
COMIC_MUST_CHECK int pipeline_run(struct stage *stages, size_t count, const char *beside,
				  const struct pipeline_listener *listener, struct comic_err *err);

#endif
