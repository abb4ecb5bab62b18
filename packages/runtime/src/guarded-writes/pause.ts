import { setTimeout as after } from 'node:timers/promises'

/** Waits a random time of up to 5, 10, 20 … 320 ms: what collided once does not collide at the same pace again. */
export const pause = (attempt: number): Promise<void> => after(Math.random() * 5 * 2 ** Math.min(attempt - 2, 6))
