import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Runs in place of the program for an instant: leaves a watcher behind in the program's process group, then becomes
 * the program (exec: same pid). The watcher blocks on descriptor 3, the other end of which only the parent holds. The
 * kernel closes that end whenever the parent goes, SIGKILL included, and the watcher ends the group. Because the watcher
 * exists before the program does, there is no moment in which the program could be orphaned. The watcher belongs to the
 * group it signals, so the group's number cannot be given to anyone else meanwhile.
 */
const script = `
(
  trap '' TERM INT HUP QUIT
  read -r _ <&3
  kill -TERM -$$
  i=0
  while [ "$i" -lt 100 ] && kill -0 $$; do sleep 0.1; i=$((i + 1)); done
  kill -KILL -$$
) </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-
`

type Program = {
  command: string
  args: readonly string[]
  cwd: string
  env: NodeJS.ProcessEnv
  /** Open file descriptor for what it prints. */
  log: number
}

/**
 * Starts a program that cannot outlive this process: SIGTERM reaches its whole process group once this process is gone,
 * SIGKILL ten seconds later. It leads a group of its own, so Ctrl-C in a terminal does not reach it and it can be
 * stopped in order.
 */
export function spawnGuarded(program: Program): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script, 'guard', program.command, ...program.args], {
    cwd: program.cwd,
    env: program.env,
    detached: true,
    stdio: ['ignore', program.log, program.log, 'pipe'],
  })
  const lifeline = child.stdio[3]
  lifeline?.on('error', () => undefined) // the watcher went first; there is nothing left to guard
  // Closing it lets the watcher end whatever the program itself left in its group.
  child.once('exit', () => lifeline?.destroy())
  return child
}
