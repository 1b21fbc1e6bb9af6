#!/bin/sh
# Whether the catalogues under locale/ are complete and compiled and, where the command that collects
# the texts of the code is given, lack none of them. Run it in the folder that holds locale/.
set -eu
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
  echo "$1"
  exit 1
}

complete() { # every text has its translation, with the same placeholders
  for po in locale/*/LC_MESSAGES/django*.po; do
    [ -f "$po" ] || fail "locale holds no catalogue: make messages"
    said=$(msgfmt --check --statistics --output-file="$work/new.mo" "$po" 2>&1) || fail "$said"
    case $said in *fuzzy* | *untranslated*)
      fail "$said
$(for kind in untranslated only-fuzzy; do msgattrib --no-obsolete --$kind "$po"; done | grep "^msg")" ;;
    esac
  done
}

texts() { # FILE.mo: what it holds, but for the moment of collecting, which some compilers leave out
  msgunfmt "$1" 2>&1 | grep -v '^"POT-Creation-Date: '
}

complete
for po in locale/*/LC_MESSAGES/django*.po; do
  mo=${po%.po}.mo
  msgfmt --output-file="$work/new.mo" "$po"
  [ "$(texts "$mo")" = "$(texts "$work/new.mo")" ] || fail "$mo is not the compiled $po: make messages"
done
if [ $# -gt 0 ]; then
  cp -R accounts surveys analytics actions api config common local templates locale "$work"
  cd "$work"
  "$@" >/dev/null
  complete
fi
echo "The catalogues are complete."
