// SPDX-License-Identifier: MIT
// pdf.h: PDF comics: pages, document information and attached files, through libqpdf.
//
// The file is mapped, and qpdf reads the mapping without copying it: a scan of 100 MiB costs the
// 30 KiB that are looked at. Mapped bytes count as address space, so a file of more than half
// of RLIMIT_AS is not: qpdf then opens it through /proc/self/fd and reads what it needs,
// several times slower. If a mapped file becomes shorter meanwhile, or the disk fails, the process
// dies of SIGBUS: whoever owns it must be ready for that and then look if the file changed.
//
// Pages: the root of the page tree has a count. It is believed if it agrees with the root's
// children, for to look at every page would read a piece from everywhere in the file. Otherwise,
// and where the file had to be repaired, every page is looked at.
//
// A damaged cross-reference table is rebuilt by qpdf. Where that finds fewer pages than the tree
// names, the file is DAMAGED: half a comic would replace what is known of the whole one.
//
// Attached files are those in the catalog's /Names /EmbeddedFiles and /AF: the first 1,000, out
// of at most 10,000 entries looked at. Their member.place is the number of the object that holds
// the bytes. They may be stored or deflated; other compressions are UNSUPPORTED.
//
// What qpdf allocates for itself (an object stream may be a bomb) only a memory limit of the
// process bounds, and a page tree 100,000 levels deep overflows its stack: the process dies.
#ifndef COMIC_PDF_H
#define COMIC_PDF_H

#include "container/members.h"
#include "container/pdf_library.h"
#include "container/source.h"

struct libdeflate_decompressor;

#define PDF_DAMAGE_MAX 160

struct pdf { // zeroed: nothing open
	struct pdf_library lib;
	qpdf_data doc; // NULL: not open
	void *map; // NULL: not mapped
	size_t map_len;
	bool by_path; // opened a second time
	size_t pages;
	struct document_info info;
	struct arena texts; // of info and of the names of attached files
	char damage[PDF_DAMAGE_MAX]; // what is wrong with it though it could be read, else empty
};

// Opens the source and adds its attached files to list. Also after a failure call pdf_close().
// ENCRYPTED (it needs a password), DAMAGED, UNSUPPORTED, MEMORY, UNREADABLE.
COMIC_MUST_CHECK enum fail_code pdf_open(struct pdf *p, const struct source *source,
					 struct members *list, struct comic_err *err);
void pdf_close(struct pdf *p); // keeps buffers
void pdf_clear(struct pdf *p);

// The bytes of an attached file replace what out holds. As container_read().
COMIC_MUST_CHECK enum fail_code pdf_read(struct pdf *p, const struct member *m,
					 struct libdeflate_decompressor *inflater,
					 struct buf *out, struct comic_err *err);

// ---- between pdf.c and pdf_attached.c -----------------------------------------------------

// What stands at a key of a dictionary; a null object if there is nothing, or no dictionary.
qpdf_oh pdf_get(const struct pdf *p, qpdf_oh dictionary, const char *key);
// Elements of an array, 0 if it is none.
int pdf_count(const struct pdf *p, qpdf_oh array);
// A text string as UTF-8, in p->texts; empty if it is no string or longer than most bytes.
// data == NULL: no memory.
struct text pdf_text(struct pdf *p, qpdf_oh string, size_t most);
// What qpdf could not do since it was last asked; FAIL_NONE if all went well. Keeps p->damage.
enum fail_code pdf_failure(struct pdf *p, struct comic_err *err);
// Adds the attached files to list.
COMIC_MUST_CHECK enum fail_code pdf_list_attached(struct pdf *p, struct members *list,
						  struct comic_err *err);

#endif
