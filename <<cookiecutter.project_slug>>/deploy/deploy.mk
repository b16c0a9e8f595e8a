# Targets for the Makefile, which includes this file.
.PHONY: deploy

deploy: ## Deploy OVERLAY=production, or another overlay, to kubectl's current cluster
	@sh deploy/deploy.sh "$(OVERLAY)"
