# Targets for the Makefile, which includes this file.
.PHONY: deploy

deploy: ## Deploy OVERLAY=production, or another one, to the cluster that kubectl talks to
	@sh deploy/deploy.sh "$(OVERLAY)"
