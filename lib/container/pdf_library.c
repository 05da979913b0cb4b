// SPDX-License-Identifier: MIT
// pdf_library.c: see pdf_library.h.

#include "container/pdf_library.h"

#include <dlfcn.h>
#include <stddef.h>
#include <string.h>

struct function {
	const char *name;
	size_t at; // in struct pdf_library
};

#define FUNCTION(name) { #name, offsetof(struct pdf_library, name) },
static const struct function functions[] = { PDF_LIBRARY_FUNCTIONS(FUNCTION) };

static enum fail_code fail_load(struct comic_err *err)
{
	const char *why = dlerror();

	if (why == NULL)
		why = "no reason given";
	// Final or not depends on it, and glibc has only its words for it.
	if (strstr(why, "cannot allocate") != NULL || strstr(why, "cannot map") != NULL ||
	    strstr(why, "failed to map") != NULL)
		return fail_set_memory(err, "loading libqpdf");
	return fail_set(err, FAIL_UNSUPPORTED, "libqpdf, which PDF needs, cannot be loaded: %s",
			why);
}

// What qpdf cannot hand to a document it says to its default logger.
static void be_quiet(const struct pdf_library *lib)
{
	qpdflogger_handle logger = lib->qpdflogger_default_logger();

	lib->qpdflogger_set_info(logger, qpdf_log_dest_discard, NULL, NULL);
	lib->qpdflogger_set_warn(logger, qpdf_log_dest_discard, NULL, NULL);
	lib->qpdflogger_set_error(logger, qpdf_log_dest_discard, NULL, NULL);
	lib->qpdflogger_cleanup(&logger);
}

enum fail_code pdf_library_load(struct pdf_library *lib, struct comic_err *err)
{
	void *library = NULL;

	if (lib->loaded)
		return FAIL_NONE;
	library = dlopen(PDF_LIBRARY_FILE, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (library == NULL)
		return fail_load(err);
	for (size_t i = 0; i < COMIC_COUNT(functions); i++) {
		void *function = dlsym(library, functions[i].name);

		if (function == NULL)
			return fail_load(err);
		memcpy((char *)lib + functions[i].at, &function, sizeof(function));
	}
	be_quiet(lib);
	lib->loaded = true;
	return FAIL_NONE;
}
