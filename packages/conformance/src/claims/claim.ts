import type { DoorFacts } from '../facts.ts'
import type { Stage } from '../stage.ts'

/** One thing that a service promises. `check` rejects where it does not keep it. */
export type ServiceClaim = { readonly name: string; readonly check: (stage: Stage) => Promise<void> }

/** One thing that each door of a service promises. */
export type DoorClaim = {
  readonly name: string
  readonly check: (stage: Stage, door: DoorFacts) => Promise<void>
  /** Of all doors, unless told. */
  readonly concerns?: (door: DoorFacts) => boolean
}
