import type { Choice, Component, Found } from './addresses.ts'

/** One component that runs, wherever it does. */
export type Running = {
  choice: Choice
  /** Asked anew each time: the pid changes with a restart. */
  address(): Found
  stop(): Promise<void>
  kill(signal: NodeJS.Signals): Promise<void>
  restart(): Promise<void>
}

/** Called when a component ends without having been asked to. */
export type Died = (component: Component, error: Error) => void
