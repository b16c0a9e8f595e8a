#!/bin/sh
# `make deploy OVERLAY=production`: apply an overlay to the cluster, in order, and stop at
# the first error. Running it again is safe. PRUNE=yes also deletes objects from the
# cluster that are no longer in the manifests; without it, they are only listed.
set -eu

PAUSE=2             # seconds between checks of the migration
LOOKS=150           # checks until it has to start: a node may have to be created first
ROLLOUT_TIMEOUT=15m # more than the progressDeadlineSeconds of a Deployment

step() { printf '\n==> %s\n' "$1"; }
fail() { printf '\n%s\n' "$1" >&2 && exit 1; }

overlay="deploy/k8s/overlays/${1:-}"
[ -n "${1:-}" ] && [ -d "$overlay" ] ||
    fail "Name an overlay: make deploy OVERLAY=production. There are: $(cd deploy/k8s/overlays && echo *)"

manifests="$(mktemp)"
trap 'rm -f "$manifests"' EXIT
kubectl kustomize "$overlay" > "$manifests"
first() { sed -n "s|^ *$1: ||p" "$manifests" | head -n 1; }
namespace="$(first namespace)"
part_of="app.kubernetes.io/part-of=$(first app.kubernetes.io/part-of)"
here() { kubectl --namespace "$namespace" "$@"; }

step "Prerequisites of the pods, in the namespace $namespace of $(kubectl config current-context || echo the cluster)"
kubectl apply --filename "$manifests" --selector 'app.kubernetes.io/component!=app'

step "The migration. The old version keeps running, even if this fails"
here delete job migrate --ignore-not-found --cascade=foreground
kubectl apply --filename "$manifests" --selector app.kubernetes.io/name=migrate

pods="batch.kubernetes.io/job-name=migrate"
show_log() { here logs --selector "$pods" --tail=-1 --prefix || true; }
looks=0
while :; do
    ended="$(here get job migrate \
        --output 'jsonpath={.status.conditions[?(@.status=="True")].type}' || true)"
    case "$ended" in
        *Complete*) break ;;
        *Failed*) show_log && fail "The migration failed, and nothing else has changed." ;;
    esac
    phases="$(here get pods --selector "$pods" \
        --output 'jsonpath={.items[*].status.phase}' || true)"
    case "$phases" in
        *Running* | *Succeeded* | *Failed*) looks=0 ;;
        *) looks=$((looks + 1)) ;;
    esac
    if [ "$looks" -ge "$LOOKS" ]; then
        here get events --field-selector type=Warning --sort-by .lastTimestamp || true
        fail "The migration does not start, and nothing else has changed."
    fi
    sleep "$PAUSE"
done
show_log

step "The new version"
kubectl apply --filename "$manifests"
objects="$(kubectl get --filename "$manifests" --output name)"
for workload in $(echo "$objects" | grep -E '^(deployment|statefulset|daemonset)\.'); do
    here rollout status "$workload" --timeout="$ROLLOUT_TIMEOUT" || {
        here get pods
        here logs "$workload" --tail=50 || true
        fail "$workload did not become ready. Its old pods keep running."
    }
done

step "Objects that are no longer in the manifests"
# Keep ConfigMaps and Secrets: running pods still use the previous ones, and so would a
# rollback. Keep volumes and Namespaces: they hold data. Skip kinds that a cluster may
# lack, such as HTTPRoute.
set -- --prune --selector "$part_of"
for kind in apps/v1/Deployment apps/v1/StatefulSet apps/v1/DaemonSet batch/v1/Job \
    batch/v1/CronJob core/v1/Service core/v1/ServiceAccount \
    networking.k8s.io/v1/Ingress networking.k8s.io/v1/NetworkPolicy \
    policy/v1/PodDisruptionBudget autoscaling/v2/HorizontalPodAutoscaler; do
    set -- "$@" --prune-allowlist="$kind"
done
[ "${PRUNE:-}" = yes ] || set -- "$@" --dry-run=server
pruned="$(kubectl apply --filename "$manifests" "$@")"
echo "$pruned" | sed -n '/ pruned/p'
[ "${PRUNE:-}" = yes ] || echo "PRUNE=yes deletes the objects listed here, if any."
