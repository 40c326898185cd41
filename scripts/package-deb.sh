#!/usr/bin/env bash
# Builds the Debian package dist/netxfw_VERSION_ARCH.deb from what is built, and a list of what is in it (SBOM).
#   scripts/package-deb.sh [--arch amd64|arm64] [--version VERSION] [--out DIRECTORY]
set -euo pipefail
cd "$(dirname "$0")/.."
arch=$(dpkg --print-architecture)
version=$(node -p 'require("./package.json").version')
out=dist
while [ $# -gt 0 ]; do
	case $1 in
	--arch) arch=$2 ;;
	--version) version=$2 ;;
	--out) out=$2 ;;
	*)
		echo "package-deb: unknown argument \"$1\"" >&2
		exit 2
		;;
	esac
	shift 2
done
case $arch in
amd64) cpu=x64 ;;
arm64) cpu=arm64 ;;
*)
	echo "package-deb: no package for $arch; use amd64 or arm64" >&2
	exit 2
	;;
esac
scripts/setup.sh build

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
lib=$root/usr/lib/netxfw

# The npm package as it would be published, then its dependencies in the versions of the lock file.
tarball=$(npm pack --silent --ignore-scripts --pack-destination "$work")
mkdir -p "$lib"
tar -xzf "$work/$tarball" -C "$lib" --strip-components=1 --no-same-owner
cp package-lock.json "$lib/"
# The web workspace is built into dist/: its packages are not needed to run.
node -e '
	const file = process.argv[1];
	const manifest = JSON.parse(fs.readFileSync(file, "utf8"));
	manifest.version = process.argv[2];
	for (const key of ["workspaces", "devDependencies", "scripts"]) delete manifest[key];
	fs.writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
' "$lib/package.json" "$version"
(cd "$lib" && npm install --omit=dev --ignore-scripts --no-audit --no-fund --silent --os=linux --cpu="$cpu" --libc=glibc)
(cd "$lib" && npm sbom --sbom-format=cyclonedx --omit=dev) >"$work/sbom.json"
rm "$lib/package-lock.json"

install -D -m 0644 configs/config.yaml "$root/etc/netxfw/config.yaml"
install -D -m 0644 packaging/systemd/netxfw.service "$root/lib/systemd/system/netxfw.service"
install -D -m 0644 packaging/logrotate/netxfw "$root/etc/logrotate.d/netxfw"
install -D -m 0644 packaging/fail2ban/action.d/netxfw.conf "$root/etc/fail2ban/action.d/netxfw.conf"
install -D -m 0644 "$work/sbom.json" "$root/usr/share/doc/netxfw/sbom.cdx.json"
install -D -m 0644 LICENSE "$root/usr/share/doc/netxfw/copyright"
install -D -m 0644 README.md "$root/usr/share/doc/netxfw/README.md"
gzip -9nc CHANGELOG.md >"$root/usr/share/doc/netxfw/changelog.gz"
mkdir -p "$root/usr/bin"
ln -s ../lib/netxfw/bin/netxfw "$root/usr/bin/netxfw"
chmod 0755 "$lib/bin/netxfw"

node scripts/docs-man.mjs "$work/man"
for page in "$work"/man/*; do
	section=${page##*.}
	mkdir -p "$root/usr/share/man/man$section"
	gzip -9nc "$page" >"$root/usr/share/man/man$section/$(basename "$page").gz"
done
completion() { # SHELL FILE
	mkdir -p "$(dirname "$root/$2")"
	bin/netxfw completion "$1" >"$root/$2"
}
completion bash usr/share/bash-completion/completions/netxfw
completion zsh usr/share/zsh/vendor-completions/_netxfw
completion fish usr/share/fish/vendor_completions.d/netxfw.fish

mkdir "$root/DEBIAN"
for script in preinst postinst prerm postrm; do install -m 0755 "packaging/deb/$script" "$root/DEBIAN/$script"; done
printf '%s\n' /etc/netxfw/config.yaml /etc/logrotate.d/netxfw /etc/fail2ban/action.d/netxfw.conf >"$root/DEBIAN/conffiles"
size=$(du -sk --exclude=DEBIAN "$root" | cut -f1)
sed -e "s/@VERSION@/$version/" -e "s/@ARCH@/$arch/" -e "s/@SIZE@/$size/" packaging/deb/control >"$root/DEBIAN/control"
(cd "$root" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum) >"$root/DEBIAN/md5sums"

mkdir -p "$out"
deb=$out/netxfw_${version}_$arch.deb
dpkg-deb --build --root-owner-group -Zxz "$root" "$deb" >&2
cp "$work/sbom.json" "$out/netxfw_${version}_$arch.sbom.json"
echo "$deb"
