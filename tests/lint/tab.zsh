# SPDX-License-Identifier: GPL-2.0-or-later
# Print the words that zsh offers at the end of each line, and a form feed after them.
# usage: zsh -f tab.zsh DIR-OF-_efimapctl LINE...
# The script runs an interactive zsh in a pseudo-terminal and sends it the line and a Tab. In that
# shell, compadd prints its arguments unless it has -O, -A or -D, with which it only fills arrays.
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
  # ^U removes the previous line.
  zpty -w -n inner $'\C-u'"$line"$'\t'
  while zpty -r inner out; do
    all+=$out
    [[ $out == *'>>>'* ]] && break
  done
  print -r -- $all | tr -d '\r' | sed -n 's/^OFFER //p'
  print '\f'
done
