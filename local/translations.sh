#!/bin/sh
# Whether the catalogues under locale/ are complete and compiled and, where the command that collects
# the texts of the code is given, lack none of them. Run it in the folder that holds locale/.
set -u
export LC_ALL=C
command -v msgfmt >/dev/null || {
  echo "The catalogues cannot be checked: sudo apt-get install gettext" >&2
  exit 1
}
failed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "$1"
  failed=1
}

complete() { # FOLDER: every text of its catalogues has its translation, with the same placeholders
  for po in "$1"/locale/*/LC_MESSAGES/django*.po; do
    [ -f "$po" ] || { fail "locale holds no catalogue: make messages"; return; }
    msgfmt --check --statistics --output-file="$work/new.mo" "$po" 2>"$work/said" || failed=1
    if [ $failed = 1 ] || grep -qE "fuzzy|untranslated" "$work/said"; then
      fail "$(cat "$work/said")"
      msgattrib --no-obsolete --untranslated "$po" | grep "^msg"
      msgattrib --no-obsolete --only-fuzzy "$po" | grep "^msg"
    fi
  done
}

texts() { # FILE.mo: what it holds, but for the moment of collecting, which some compilers leave out
  msgunfmt "$1" 2>&1 | grep -v '^"POT-Creation-Date: '
}

compiled() {
  for po in locale/*/LC_MESSAGES/django*.po; do
    msgfmt --output-file="$work/new.mo" "$po" && texts "$work/new.mo" >"$work/wanted"
    texts "${po%.po}.mo" >"$work/kept"
    cmp -s "$work/kept" "$work/wanted" || fail "${po%.po}.mo is not the compiled $po: make messages"
  done
}

complete .
[ $failed = 1 ] || compiled
if [ $failed = 0 ] && [ $# -gt 0 ]; then
  cp -R accounts surveys analytics actions config common local templates locale "$work"
  (cd "$work" && "$@" >/dev/null) || failed=1
  complete "$work"
fi
[ $failed = 1 ] || echo "The catalogues are complete."
exit $failed
