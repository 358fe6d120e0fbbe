# SPDX-License-Identifier: GPL-2.0-or-later
# What zsh offers at the end of each line, completing for real, and a form feed: a zsh at a terminal
# of its own, which is sent the line and a Tab, and whose compadd prints what it is given.
# With -O, -A and -D it only fills arrays of its caller.
# usage: zsh -f tab.zsh DIR-OF-_efimapctl LINE...
zmodload zsh/zpty
zpty inner zsh -f -i
zpty -w inner "stty -echo; PS1=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -D -u"
zpty -w inner '
bindkey "^I" complete-word
zstyle ":completion:*" insert-tab false
setopt no_auto_list no_auto_menu no_beep
comppostfuncs=(finish)
finish() { comppostfuncs=(finish); print -r -- ">>>" }
compadd() {
  local -a offered
  if [[ " $* " != *" -"[OAD]" "* ]]; then
    builtin compadd -A offered "$@"
    print -rl -- "" "OFFER "$^offered
  fi
  builtin compadd "$@"
}
compdef _efimapctl efimapctl
print RE""ADY'
while zpty -r inner out && [[ $out != *READY* ]]; do :; done
for line in "${@:2}"; do
  all=
  # The line before goes.
  zpty -w -n inner $'\C-u'"$line"$'\t'
  while zpty -r inner out; do
    all+=$out
    [[ $out == *'>>>'* ]] && break
  done
  print -r -- $all | tr -d '\r' | sed -n 's/^OFFER //p'
  print '\f'
done
