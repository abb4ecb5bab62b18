import { createRandom } from '../random.ts'
import { mailDomains, names, type Place, places } from './vocabulary.ts'

/** Someone who buys. Shops of one merchant and seed meet the same people, each with their own record of them. */
export type Person = {
  firstName: string
  lastName: string
  /** As the person writes it most often. */
  email: string
  phone: string
  place: Place
}

/** The person of this number in the merchant's world; always the same one. */
export function personOf(world: { seed: string; merchantId: string }, index: number): Person {
  const random = createRandom(`${world.seed}|${world.merchantId}|person|${index}`)
  const [firstName, lastName, login] = random.pick(names)
  const place = random.pick(places)
  return {
    firstName,
    lastName,
    email: `${login}.${index}@${random.pick(mailDomains)}`,
    phone: `${place.dial}${random.digits(7)}`,
    place,
  }
}
