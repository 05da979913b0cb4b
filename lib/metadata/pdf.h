// SPDX-License-Identifier: MIT
// pdf.h: the document information of a PDF.
//
// Author is the writers, Subject the genres, Keywords the tags; Creator becomes the scan
// information, Producer the tagger, ModDate the time of the last change. Older programs put a
// whole ComicInfo.xml or JSON document into Keywords: metadata.c reads that.
#ifndef COMIC_METADATA_PDF_H
#define COMIC_METADATA_PDF_H

#include "container/container.h"
#include "metadata/model.h"

// True for Keywords that hold a document instead of words.
bool pdf_keywords_are_document(struct text keywords);
// Fills b->root, but for what stands there already.
void pdf_info_read(struct builder *b, const struct document_info *info);

#endif
