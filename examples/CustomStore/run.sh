#!/usr/bin/env bash
# Packs SpendGuard and its suite for stores, and runs the suite on the store in this folder, which knows of them what the packages show.
set -euo pipefail
cd "$(dirname "$0")"
packages=$(mktemp -d)

# A version of its own, so that no package of an earlier run is taken for this one's.
version=0.1.0-local.$(date +%s)
cache=$(dotnet nuget locals global-packages --list | sed 's/^.*global-packages: //')
trap 'rm -rf "$packages" "$cache"/spendguard{,.testing.stores}/"$version"' EXIT

for project in SpendGuard SpendGuard.Testing.Stores; do
  dotnet pack "../../src/$project" --configuration Release --output "$packages" -p:PackageVersion="$version" --verbosity quiet
done

dotnet test --configuration Release -p:SpendGuardVersion="$version" -p:RestoreAdditionalProjectSources="$packages" "$@"
