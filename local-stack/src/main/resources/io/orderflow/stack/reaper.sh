# Ends the processes of a stack and removes its folder once its owner is gone: the owner holds the
# other end of this script's standard input, which the system closes however the owner ends.
#
# $1  the stack's folder. Each file in its pids folder holds one line, "<pid> <signal to end it>".
#
# A line "keep" on standard input keeps the folder's logs.
trap '' INT TERM HUP
folder=$1
keep=
while read -r line; do
  keep=$line
done

pause() {
  sleep 0.1 2>/dev/null || sleep 1
}

# A process may start while the others end, so look until nothing is left.
round=0
while [ "$round" -lt 100 ]; do
  alive=no
  for file in "$folder"/pids/*; do
    [ -f "$file" ] || continue
    pid= signal=
    read -r pid signal <"$file"
    if [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null; then
      alive=yes
      [ "$round" -ge 30 ] && signal=KILL
      # A paused process sees no signal but KILL before it goes on.
      kill -s "$signal" "$pid" 2>/dev/null
      kill -s CONT "$pid" 2>/dev/null
    else
      rm -f "$file"
    fi
  done
  [ "$alive" = no ] && break
  round=$((round + 1))
  pause
done

if [ "$keep" = keep ]; then
  for entry in "$folder"/*; do
    [ "$entry" = "$folder/logs" ] || rm -rf "$entry"
  done
else
  rm -rf "$folder"
fi
