import type { DoorClaim, ServiceClaim } from './claim.ts'
import { aheadOfTime, oneBadOfSeveral, unknownTopic, unreadable, untranslatable } from './kept.ts'
import { mutated } from './mutated.ts'
import { discreet, health } from './operated.ts'
import { kafkaAway, killed, toldToStop } from './outages.ts'
import {
  forged,
  headerless,
  otherMethod,
  secretChanged,
  tooLarge,
  twoSecrets,
  unknownStore,
  unsigned,
} from './refused.ts'
import { atOnce, redelivered } from './repeated.ts'
import { everyTopic } from './told.ts'

export const doorClaims: readonly DoorClaim[] = [
  ...[everyTopic, redelivered, atOnce],
  ...[unsigned, forged, headerless, unknownStore, otherMethod, tooLarge, twoSecrets, secretChanged],
  ...[unreadable, untranslatable, unknownTopic, aheadOfTime, oneBadOfSeveral, mutated],
]

/**
 * Who is to end in time must not wait for the groups of those that were killed, so they come after it. The last one
 * looks at everything before it.
 */
export const serviceClaims: readonly ServiceClaim[] = [health, toldToStop, kafkaAway, killed, discreet]
