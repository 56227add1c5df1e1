# SPDX-License-Identifier: Apache-2.0
bin_PROGRAMS += walkdown
walkdown_SOURCES = \
	%D%/accept.c \
	%D%/access.c \
	%D%/answer.c \
	%D%/arguments.c %D%/arguments.h \
	%D%/ask.c %D%/ask.h \
	%D%/attach.c \
	%D%/checklists.c \
	%D%/commands.h \
	%D%/comment.c \
	%D%/decide.c \
	%D%/disputes.c %D%/disputes.h \
	%D%/doctor.c \
	%D%/dry_run.c \
	%D%/exception.c \
	%D%/export.c \
	%D%/finding.c \
	%D%/flow_map.c %D%/flow_map.h \
	%D%/flow_matrix.c %D%/flow_matrix.h \
	%D%/flows.c \
	%D%/handoff.c \
	%D%/inventory.c %D%/inventory.h \
	%D%/keys.c \
	%D%/lint.c \
	%D%/log.c \
	%D%/main.c \
	%D%/merge.c \
	%D%/new.c \
	%D%/opening.c %D%/opening.h \
	%D%/output.c %D%/output.h \
	%D%/policy.c \
	%D%/receive.c \
	%D%/redact.c \
	%D%/replay.c \
	%D%/resolve.c \
	%D%/run.c %D%/run.h \
	%D%/salvage.c \
	%D%/show.c \
	%D%/sign.c \
	%D%/status.c \
	%D%/sudoers.c \
	%D%/summary.c %D%/summary.h \
	%D%/targets.c \
	%D%/terminal_question.c %D%/terminal_question.h \
	%D%/test.c \
	%D%/try.c \
	%D%/undo.c \
	%D%/verify.c \
	%D%/visiting.c %D%/visiting.h
walkdown_LDADD = $(TUI_LIBS) $(ASSESS_LIBS) $(EXPORT_LIBS) $(BASE_LIBS)
