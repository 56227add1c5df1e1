# SPDX-License-Identifier: Apache-2.0
# The bundled checklists with their fixtures, and the schemas that editors read beside them.
checklistdir = $(pkgdatadir)/checklists
dist_checklist_DATA = %D%/checklist.schema.json %D%/fixtures.schema.json \
	%D%/ai-agent-sandbox.yaml %D%/ci-runner.yaml %D%/docker-host.yaml %D%/firecracker-host.yaml \
	%D%/gvisor.yaml %D%/isolated-environment.yaml %D%/kubernetes-node.yaml %D%/lxc-host.yaml \
	%D%/podman-host.yaml %D%/sandbox-inside.yaml %D%/vm-host.yaml
fixturesdir = $(checklistdir)/fixtures
dist_fixtures_DATA = \
	%D%/fixtures/ai-agent-sandbox.yaml %D%/fixtures/ci-runner.yaml %D%/fixtures/docker-host.yaml \
	%D%/fixtures/firecracker-host.yaml %D%/fixtures/gvisor.yaml \
	%D%/fixtures/isolated-environment.yaml %D%/fixtures/kubernetes-node.yaml \
	%D%/fixtures/lxc-host.yaml %D%/fixtures/podman-host.yaml %D%/fixtures/sandbox-inside.yaml \
	%D%/fixtures/vm-host.yaml
rulesdir = $(checklistdir)/rules
dist_rules_DATA = %D%/rules/secrets.yaml
