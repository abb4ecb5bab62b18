import type { Explained } from './explain.ts'
import { asObject, listAt, nameOf, objectAt, text } from './parts.ts'

type Said = Readonly<Record<string, unknown>>

/** Ids of the verdicts that a person's document names. */
export const verdictsIn = (document: object): string[] =>
  [...partsOf(document, 'joined'), ...partsOf(document, 'apart')].flatMap(({ verdict }) =>
    verdict === undefined ? [] : [text(verdict)],
  )

/** Why accounts are one person, edge by edge, and why others are not. */
export function whoIsOne(explained: Explained): string[] {
  const { document, addresses } = explained
  const members = listAt(document, 'members').map(text)
  const apart = partsOf(document, 'apart')
  const [first = ''] = members
  if (members.length >= 2) return [...whyOne(explained, members), ...apart.map((each) => whyNot(explained, each))]
  const address = addresses.get(first)
  const alone =
    address === undefined
      ? 'it states no e-mail address by which another could be the same person.'
      : `no other account of the merchant states the e-mail address ${address}.`
  return [
    `It is the account ${nameOf(first)} alone${apart.length === 0 ? `: ${alone}` : '.'}`,
    ...apart.map((each) => whyNot(explained, each)),
  ]
}

function whyOne(explained: Explained, members: readonly string[]): string[] {
  const { document, addresses } = explained
  const joined = partsOf(document, 'joined')
  const byEmail = Map.groupBy(
    joined.filter(({ by }) => by === 'email'),
    (each) => text(listAt(each, 'records')[0]),
  )
  const sharing = [...byEmail].map(([first, edges]) => {
    const all = [first, ...edges.map((each) => text(listAt(each, 'records')[1]))]
    return `${all.map(nameOf).join(', ')} are one person: each states the e-mail address ${addressOf(addresses, all)}.`
  })
  const said = joined
    .filter(({ by }) => by === 'verdict')
    .map((each) => {
      const [one = '', other = ''] = listAt(each, 'records').map((id) => nameOf(text(id)))
      return `${one} and ${other} are one person: ${wordOf(explained, each)}.`
    })
  // what was made before documents told of edges
  if (joined.length === 0) return [`${members.map(nameOf).join(', ')} are one person.`]
  return [...sharing, ...said]
}

function whyNot(explained: Explained, apart: Said): string {
  const { why, asks } = apart
  const [of, from] = ['of', 'from'].map((side) => listAt(apart, side).map(text))
  const own = (of ?? []).map(nameOf).join(', ')
  const others = (from ?? []).map(nameOf).join(', ')
  const address = addressOf(explained.addresses, of ?? [])
  const asked = asks === true ? ' A person is asked: varai decide same, not-same or unsure.' : ''
  switch (why) {
    case 'role':
    case 'placeholder':
    case 'relay':
      return `${own}: the e-mail address ${address} joins nobody: ${nobody[why]}.`
    case 'one_store':
      return `${own} not one with ${others}: by the e-mail address ${address}, two accounts of one store would be one person.${asked}`
    case 'many':
      return `${own}: the e-mail address ${address} joins nobody: more than 20 accounts would be one person. A person is asked: varai decide same, or the policy (placeholders) where it is nobody’s.`
    case 'not_same':
      return `${own} not one with ${others}: the e-mail address ${address} is of two who are not the same person.${asked}`
    default: {
      const word = wordOf(explained, apart)
      const contradicts = asks === true ? `; that contradicts what was said of others.${asked}` : '.'
      return `${own} not one with ${others}: ${word}${contradicts}`
    }
  }
}

const nobody = {
  role: 'whoever sits at that desk reads it (policy: roles)',
  placeholder: 'it stands where there is no address (policy: placeholders)',
  relay: 'it is a marketplace’s, behind which buyers change (policy: relays)',
} as const

const meaning: Readonly<Record<string, string>> = {
  same: 'that they are the same',
  not_same: 'that they are not the same',
  unsure: 'that it cannot be told',
}

function wordOf({ decisions }: Explained, { verdict, says = 'same' }: Said): string {
  const said = decisions.get(text(verdict))
  const what = meaning[text(says)] ?? text(says)
  return said === undefined ? `somebody said ${what}` : `${said.by} said on ${said.at} ${what}: ${said.why}`
}

/** The address that these accounts have: one of them may state it no more since. */
const addressOf = (addresses: Explained['addresses'], of: readonly string[]): string =>
  of.map((id) => addresses.get(id)).find((address) => address !== undefined) ?? 'that they had'

const partsOf = (document: object, name: string): Said[] => listAt(objectAt(document, 'identity'), name).map(asObject)
