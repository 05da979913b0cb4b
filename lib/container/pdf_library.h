// SPDX-License-Identifier: MIT
// pdf_library.h: libqpdf's C functions, loaded when the first PDF comes.
//
// Linked in the usual way libqpdf and what it needs (GnuTLS, libjpeg, ...) would cost every start
// of every program that reads comics 7.5 million instructions, 1.5 ms and 4.7 MiB, PDFs or not.
// So a worker loads it, once, when it has a PDF to read: 5 ms. It stays loaded until the process
// ends. This is the one thing a worker opens; a jail that forbids opening files must leave the
// library folders readable or be closed after pdf_library_load().
//
// A member is called as the function is: lib->qpdf_init(). No C++ exception leaves these
// functions; they keep errors for qpdf_get_error(). What libqpdf would print is discarded.
#ifndef COMIC_PDF_LIBRARY_H
#define COMIC_PDF_LIBRARY_H

#include "container/fail.h"

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#define PDF_LIBRARY_FUNCTIONS(f)                                                                \
	f(qpdf_cleanup)                                                                         \
	f(qpdf_get_error)                                                                       \
	f(qpdf_get_error_code)                                                                  \
	f(qpdf_get_error_message_detail)                                                        \
	f(qpdf_get_num_pages)                                                                   \
	f(qpdf_get_object_by_id)                                                                \
	f(qpdf_get_page_n)                                                                      \
	f(qpdf_get_root)                                                                        \
	f(qpdf_get_trailer)                                                                     \
	f(qpdf_has_error)                                                                       \
	f(qpdf_init)                                                                            \
	f(qpdf_more_warnings)                                                                   \
	f(qpdf_next_warning)                                                                    \
	f(qpdf_oh_get_array_item)                                                               \
	f(qpdf_oh_get_array_n_items)                                                            \
	f(qpdf_oh_get_binary_string_value)                                                      \
	f(qpdf_oh_get_binary_utf8_value)                                                        \
	f(qpdf_oh_get_dict)                                                                     \
	f(qpdf_oh_get_generation)                                                               \
	f(qpdf_oh_get_key_if_dict)                                                              \
	f(qpdf_oh_get_object_id)                                                                \
	f(qpdf_oh_get_stream_data)                                                              \
	f(qpdf_oh_get_value_as_longlong)                                                        \
	f(qpdf_oh_is_array)                                                                     \
	f(qpdf_oh_is_dictionary)                                                                \
	f(qpdf_oh_is_name_and_equals)                                                           \
	f(qpdf_oh_is_null)                                                                      \
	f(qpdf_oh_is_stream)                                                                    \
	f(qpdf_oh_is_string)                                                                    \
	f(qpdf_oh_release)                                                                      \
	f(qpdf_read)                                                                            \
	f(qpdf_read_memory)                                                                     \
	f(qpdf_set_suppress_warnings)                                                           \
	f(qpdf_silence_errors)                                                                  \
	f(qpdflogger_cleanup)                                                                   \
	f(qpdflogger_default_logger)                                                            \
	f(qpdflogger_set_error)                                                                 \
	f(qpdflogger_set_info)                                                                  \
	f(qpdflogger_set_warn)

struct pdf_library {
	bool loaded;
#define PDF_LIBRARY_MEMBER(name) __typeof__(name) *(name);
	PDF_LIBRARY_FUNCTIONS(PDF_LIBRARY_MEMBER)
#undef PDF_LIBRARY_MEMBER
};

// Fills a zeroed lib; nothing to do if it is loaded. UNSUPPORTED: libqpdf (of the version this
// was compiled with) is not installed. MEMORY: it does not fit into the process's address space.
COMIC_MUST_CHECK enum fail_code pdf_library_load(struct pdf_library *lib, struct comic_err *err);

#endif
