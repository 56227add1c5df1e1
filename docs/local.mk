# SPDX-License-Identifier: Apache-2.0
dist_man_MANS = %D%/man/walkdown.1 %D%/man/walkdown-json.5
dist_doc_DATA = %D%/checklist-format.md %D%/checklist-guide.md %D%/export-csv.md \
	%D%/export-json.md %D%/review-file.md %D%/secrets.md %D%/trust.md README.md SECURITY.md
bashcompletiondir = $(datadir)/bash-completion/completions
zshcompletiondir = $(datadir)/zsh/site-functions
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_zshcompletion_DATA = completions/_walkdown
dist_fishcompletion_DATA = completions/walkdown.fish
EXTRA_DIST += completions/walkdown.bash %D%/check-table

install-data-hook:
	$(MKDIR_P) "$(DESTDIR)$(bashcompletiondir)"
	$(INSTALL_DATA) $(srcdir)/completions/walkdown.bash "$(DESTDIR)$(bashcompletiondir)/walkdown"

uninstall-hook:
	rm -f "$(DESTDIR)$(bashcompletiondir)/walkdown"
