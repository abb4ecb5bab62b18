import { setImmediate as nextTurn } from 'node:timers/promises'

/** A process that died: never resolves again, nor does anything after it. */
const never = new Promise<never>(() => undefined)

export type Actor = { dead: boolean; over: boolean }
type Parked = { readonly actor: Actor; readonly go: () => void }

/**
 * Runs several actors that share a store, one step at a time, in an order that `choose` decides; an actor may die
 * between any two of its steps.
 */
export function createInterleaving(choose: (below: number) => number) {
  const parked: Parked[] = []
  const actors = new Set<Actor>()

  function start(run: (actor: Actor) => Promise<void>): Actor {
    const actor: Actor = { dead: false, over: false }
    actors.add(actor)
    run(actor).then(
      () => {
        actor.over = true
      },
      (error: unknown) => {
        actor.over = true
        failures.push(error)
      },
    )
    return actor
  }
  const failures: unknown[] = []

  /** Waits for the actor's next step. */
  async function turn(actor: Actor): Promise<void> {
    if (actor.dead) return never
    await new Promise<void>((resolve) => parked.push({ actor, go: resolve }))
  }

  function kill(actor: Actor): void {
    actor.dead = true
    for (let at = parked.length - 1; at >= 0; at -= 1) if (parked[at]?.actor === actor) parked.splice(at, 1)
  }

  /** Lets one actor take one step; false when none is waiting for one. */
  async function step(): Promise<boolean> {
    await nextTurn()
    if (failures.length > 0) throw failures[0]
    const [next] = parked.splice(choose(parked.length), 1)
    next?.go()
    return next !== undefined
  }

  return { start, turn, kill, step, living: () => [...actors].filter(({ dead, over }) => !dead && !over) }
}
