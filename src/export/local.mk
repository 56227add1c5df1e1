# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libexport.a
libexport_a_SOURCES = \
	%D%/build.h \
	%D%/csv.c %D%/csv.h \
	%D%/escape.c include/export/escape.h \
	%D%/evidence.c \
	%D%/excerpt.c %D%/excerpt.h \
	%D%/file_names.c %D%/file_names.h \
	%D%/folder.c %D%/folder.h \
	%D%/format.c include/export/format.h \
	%D%/html.c %D%/html.h \
	%D%/html_closing.c \
	%D%/html_evidence.c \
	%D%/html_items.c \
	%D%/html_style.c \
	%D%/html_summary.c \
	%D%/items.c \
	%D%/links.c \
	%D%/markdown.c %D%/markdown.h \
	%D%/markdown_closing.c \
	%D%/markdown_items.c \
	%D%/report.c include/export/report.h \
	%D%/report_json.c %D%/report_json.h \
	%D%/report_json_items.c \
	%D%/staging.c %D%/staging.h \
	%D%/summary.c \
	%D%/template.c \
	%D%/wording.c %D%/wording.h
libexport_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
EXPORT_LIBS = libexport.a $(REVIEW_LIBS) $(CHECKLIST_LIBS)
