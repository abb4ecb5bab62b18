import { createHmac } from 'node:crypto'
import type { StoreRef } from '@varai/runtime/stores'
import { storeText } from './seal.ts'

/** Whom a request or a record is about: a customer of the store by its id, a guest by the e-mail, or all of the store. */
export type Subject =
  | { readonly is: 'customer'; readonly id: string }
  | { readonly is: 'guest'; readonly email: string }
  | { readonly is: 'store' }

/**
 * Keyed hash of a subject, `sub_` and 128 bits in hex: the same for the same subject, and no way back for whoever lacks
 * the key. That an e-mail is written in capitals makes nobody another person.
 */
export function hashSubject(key: Buffer, store: StoreRef, subject: Subject): string {
  const text = `${storeText(store)}|${subjectText(subject)}`
  return `sub_${createHmac('sha256', key).update(text).digest('hex').slice(0, 32)}`
}

function subjectText(subject: Subject): string {
  switch (subject.is) {
    case 'customer':
      return `customer|${subject.id}`
    case 'guest':
      return `guest|${subject.email.trim().normalize('NFC').toLowerCase()}`
    case 'store':
      return 'store'
    default:
      return subject satisfies never
  }
}
