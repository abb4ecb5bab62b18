import { get, set } from './keep.ts'

const key = 'varai.consent'
const levels = ['basic', 'enhanced', 'research'] as const
export type Level = (typeof levels)[number]

const levelIn = (text: unknown): Level | undefined => levels.find((level) => level === text)

/** Read anew at every use: another tab may have been told otherwise. Undefined: nothing may be sent or stored. */
export const consentLevel = (unasked: string | undefined): Level | undefined => levelIn(get(key) ?? unasked)

/** Keeps a choice; what is no level is a refusal. Whether it is another one than was kept. */
export function choose(choice: unknown): boolean {
  const chosen = levelIn(choice) ?? 'refused'
  const changed = get(key) !== chosen
  if (changed) set(key, chosen)
  return changed
}

/** A level in the words of the consent record. Whoever refuses agrees to nothing of it. */
export const recordOf = (level: Level | undefined) => ({
  level: level ?? 'basic',
  purposes: {
    collection: level !== undefined,
    personalisation: level !== undefined && level !== 'basic',
    research: level === 'research',
  },
})
