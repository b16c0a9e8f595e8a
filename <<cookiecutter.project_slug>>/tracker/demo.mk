# Targets for the Makefile, which includes this file.
.PHONY: demo sample-data screenshots

# Poll often, so that a second window soon shows what happens in the first.
demo: export THEMIS_NOTIFICATION_POLL_INTERVAL ?= 5
# Leave out Django's warning about the development server: it would hide how to sign in.
demo: export DJANGO_RUNSERVER_HIDE_WARNING ?= true
demo: install free-port migrate ## Serve the project with sample data, and print how to sign in
	@echo "Loading sample data"
	@login="$$($(MANAGE) load_sample_data | tail -n 1)" && { \
		{ for _ in $$(seq 100); do sleep 0.2; $(PORT_IS_FREE) || break; done; \
		printf '\n  Open http://127.0.0.1:%s/\n  %s\n  Ctrl+C stops it.\n\n' "$(PORT)" "$$login"; } & \
		$(MANAGE) runserver 127.0.0.1:$(PORT); }

sample-data: migrate ## Load a team, its tasks and their notifications
	@$(MANAGE) load_sample_data

screenshots: install ## Take pictures of the main pages (needs Chromium)
	@"$(UV)" run --group browser -- pytest -q tests/browser/tracker/screenshots.py
